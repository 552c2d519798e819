using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §6.5.</summary>
public sealed class OccupantListTests
{
    [TestCase("public_list")]
    [TestCase("muc#roomconfig_public_list")]
    [Row("D15", "field-public_list")]
    public void Where_the_list_is_public_strangers_read_it(string field)
    {
        var coven = Coven.Open().With((field, "1"));

        coven.Requests(Coven.Hag66, "<query xmlns='http://jabber.org/protocol/disco#items'/>");

        var item = coven.OnlyTold(Coven.Hag66).Descendants(Ns.DiscoItems + "item").Single();
        Assert.That((item.Attribute("jid")?.Value, item.Attribute("name")?.Value), Is.EqualTo(($"{Coven.Address}/firstwitch", "firstwitch")));
    }
}
