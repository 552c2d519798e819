using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0133 §4.23.</summary>
public sealed class AnnouncingTests
{
    private const string Ho = "type='groupchat' to='coven@chat.shakespeare.lit'><body>Ho!</body></message>";

    [Test]
    public void What_the_service_has_to_say_the_room_says_to_all_and_keeps_nothing()
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", "1"), ("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<message from='chat.shakespeare.lit' {Ho}");

        foreach (var who in new[] { Coven.Crone1, Coven.Hag66 })
        {
            var told = coven.OnlyTold(who);
            Assert.That((told.Attribute("from")?.Value, told.Attribute("type")?.Value, told.Element(Ns.Client + "body")?.Value), Is.EqualTo((Coven.Address, "groupchat", "Ho!")));
        }
        Assert.That(coven.Changes, Is.Empty);
    }

    [TestCase("chat.shakespeare.lit/x")]
    [TestCase("shakespeare.lit")]
    [TestCase("hecate@chat.shakespeare.lit")]
    public void Nobody_else_can(string from) =>
        Coven.Open().Hears($"<message from='{from}' {Ho}").RefusesWith(from, "modify", "not-acceptable");
}
