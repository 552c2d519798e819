using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

/// <summary>XEP-0045 §15.6.2: the status codes that no one use case owns. The others are tested where they arise.</summary>
public sealed class ExtendedTests
{
    [Test, Row("status-303")] // §7.6
    public void A_new_nick_is_told_under_the_old_one()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>");
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[0]), Is.EqualTo(new[] { 303, 110 }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Crone1)[0]), Is.EqualTo(new[] { 303 }));
        Assert.That(Coven.Item(coven.ToldTo(Coven.Crone1)[0]).Attribute("nick")?.Value, Is.EqualTo("oldhag"));
    }

    [Test, Row("status-333")] // §11.1
    public void Who_cannot_be_reached_any_more_is_out_for_a_technical_reason()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Hears($"""
            <message type='error' from='{Coven.Hag66}' to='{Coven.Address}/firstwitch' id='m'>
              <error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
            """);
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Crone1)), Is.EqualTo(new[] { 333 }));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { 333, 110 }));
    }

    [Test]
    public void Who_is_in_the_room_is_in_it_after_a_restart() =>
        Assert.That(Coven.Open().Enters(Coven.Hag66, "thirdwitch").Reloaded().Occupants.All.Select(o => o.Nick), Is.EquivalentTo(new[] { "firstwitch", "thirdwitch" }));

    [Test]
    public void As_text_it_is_what_the_elements_are_written_as([Values] Affiliation affiliation, [Values] Role role, [Values(null, "hag66@shakespeare.lit/p<d>a's &")] string? real)
    {
        var jid = real is null ? null : Jid.Parse(real);
        var x = Extended.Of(affiliation, role, jid, jid is null ? View.Anonymous : View.Full, Notice.None);
        Assert.That(Extended.Text(affiliation, role, jid), Is.EqualTo(StanzaWriter.ToText([x])));
    }

    [Test, Row("status-110", "J12c")]
    public void In_ones_own_presence_statuses_come_first_then_the_item_then_110()
    {
        var x = Extended.Of(
            Affiliation.None, Role.None, Jid.Parse(Coven.Hag66), View.Self,
            new Notice { Statuses = [307], OwnStatuses = [210], Actor = new Actor("firstwitch", Jid.Parse(Coven.Crone1)), Reason = "Avaunt!" });
        Assert.That(x.Elements().Select(e => e.Attribute("code")?.Value ?? e.Name.LocalName), Is.EqualTo(new[] { "307", "210", "item", "110" }));
        Assert.That(x.Element(Ns.MucUser + "item")!.Elements().Select(e => e.Name.LocalName), Is.EqualTo(new[] { "actor", "reason" }));
    }
}
