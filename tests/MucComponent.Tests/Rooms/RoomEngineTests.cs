using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

/// <summary>What holds for whatever a room hears: XEP-0045 §11 and RFC 6120 §8.</summary>
public sealed class RoomEngineTests
{
    [Test, Row("W5", Otherwise = "Unless its operator wants it, nobody leaves when the service stops: who was in is in when it starts again, and no 332 empties the rooms.")]
    public void After_a_restart_everybody_is_still_in_and_speaks()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "moderator").Restarts();

        coven.Says(Coven.Hag66, "When shall we three meet again?");

        Assert.That(coven.Told.Select(m => m.Attribute("to")?.Value), Is.EquivalentTo(new[] { Coven.Crone1, Coven.Hag66 }));
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")!.Role.ToString(), Is.EqualTo("Moderator"));
    }

    [TestCase("<message to='{0}' type='groupchat' id='r1'><body>toil</body></message>", "")]
    [TestCase("<presence to='{0}/firstwitch' id='r1'><x xmlns='http://jabber.org/protocol/muc'/></presence>", "/firstwitch")]
    [TestCase("<iq to='{0}' type='get' id='r1'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>", "")]
    [TestCase("<iq to='{0}/firstwitch' type='get' id='r1'><query xmlns='jabber:iq:version'/></iq>", "/firstwitch")]
    [Row("W9", "J14")] // RFC 6120 §8.3.1: from and to change places, the id stays; by= says that it is the room's own error
    public void A_refusal_answers_by_the_room_from_where_it_was_sent_to(string stanza, string from)
    {
        var coven = Coven.Open().Hears(string.Format(null, stanza, Coven.Address).Replace(" to=", $" from='{Coven.Hag66}' to=", StringComparison.Ordinal));

        var error = coven.OnlyTold(Coven.Hag66);
        Assert.That((error.Attribute("from")?.Value, error.Attribute("id")?.Value), Is.EqualTo((Coven.Address + from, "r1")));
        Assert.That(error.Element(Ns.Client + "error")?.Attribute("by")?.Value, Is.EqualTo(Coven.Address));
    }

    [TestCase("<message type='error' id='1'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")]
    [TestCase("<presence type='error' id='1'><error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")]
    [TestCase("<iq type='error' id='1'><error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")]
    [TestCase("<iq type='result' id='1'/>")]
    [TestCase("<presence type='unavailable'/>")]
    [Row("W10")] // RFC 6120 §8.3.1: two services would answer each other for ever
    public void What_must_not_be_answered_is_not_whatever_its_address(string stanza)
    {
        foreach (var to in new[] { Coven.Address, $"{Coven.Address}/firstwitch", $"{Coven.Address}/nobody" })
            foreach (var coven in new[] { Coven.Open(), Coven.Uncreated(), Coven.Locked() })
            {
                var space = stanza.IndexOf(' ', StringComparison.Ordinal);
                Assert.That(coven.Hears(stanza.Insert(space, $" from='{Coven.Hag66}' to='{to}'")).Told, Is.Empty);
            }
    }
}
