using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §5.1.1: what a configuration may take from visitors.</summary>
public sealed class VisitorsTests
{
    [TestCase("visitor", ExpectedResult = null)]
    [TestCase("participant", ExpectedResult = "Eye of newt")]
    [Row("A2", "field-allow_visitor_status")]
    public string? A_visitors_status_text_is_not_shown_where_it_is_not_allowed(string role)
    {
        var coven = Coven.Open().With(("allow_visitor_status", "0")).Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", role);

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><show>away</show><status>Eye of newt</status></presence>");

        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "show")?.Value, Is.EqualTo("away"));
        return coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "status")?.Value;
    }

    [Test, Row("A2")]
    public void Neither_is_it_on_entering_or_leaving()
    {
        var coven = Coven.Open().With(("allow_visitor_status", "0"), ("muc#roomconfig_moderatedroom", "1"));

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><status>Eye of newt</status><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "status"), Is.Null);

        coven.Leaves(Coven.Hag66, "thirdwitch", "<status>and toe of frog</status>");
        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "status"), Is.Null);
    }

    [Test, Row("N4", "field-allow_visitor_nickchange")]
    public void A_visitor_does_not_change_its_nick_where_it_is_not_allowed() =>
        Coven.Open().With(("allow_visitor_nickchange", "0")).Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "visitor")
            .Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>").RefusesWith(Coven.Hag66, "cancel", "not-allowed");

    [TestCase("participant", "0")]
    [TestCase("visitor", "1")]
    [Row("N4")]
    public void Others_do_and_visitors_where_it_is(string role, string allowed)
    {
        var coven = Coven.Open().With(("allow_visitor_nickchange", allowed)).Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", role);

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>");

        Assert.That(coven.Room.Occupants.ByNick("oldhag"), Is.Not.Null);
    }
}
