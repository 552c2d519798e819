using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §17.4, as far as an owner may switch it off.</summary>
public sealed class QueriesTests
{
    private const string First = Coven.Address + "/firstwitch";

    [TestCase("allow_query_users")]
    [TestCase("muc#roomconfig_allow_query_users")]
    [Row("Q5", "field-allow_query_users")]
    public void Where_they_are_switched_off_requests_between_occupants_are_not_allowed(string field) =>
        Coven.Open().Enters(Coven.Hag66, "thirdwitch").With((field, "0"))
            .Requests(Coven.Hag66, "<query xmlns='jabber:iq:version'/>", First).RefusesWith(Coven.Hag66, "cancel", "not-allowed");

    [TestCase("<vCard xmlns='vcard-temp'/>", "crone1@shakespeare.lit")]
    [TestCase("<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'/></pubsub>", "crone1@shakespeare.lit")]
    [TestCase("<ping xmlns='urn:xmpp:ping'/>", Coven.Crone1)]
    [Row("Q5")]
    public void Avatars_and_pings_still_work(string payload, string asked)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").With(("allow_query_users", "0"));

        coven.Requests(Coven.Hag66, payload, First);

        Assert.That(coven.OnlyTold(asked).Attribute("type")?.Value, Is.EqualTo("get"));
    }
}
