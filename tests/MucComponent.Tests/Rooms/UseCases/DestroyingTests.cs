using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §10.9, §7.14.</summary>
public sealed class DestroyingTests
{
    private const string Venue = "heath@chat.shakespeare.lit";

    [Test, Row("C19")] // §10.9: "only one presence stanza of type unavailable to each occupant"
    public void Everybody_is_sent_out_with_the_reason_and_the_new_address_and_then_the_owner_hears_of_success()
    {
        var coven = ThreeWitches();

        Destroy(coven, $"<destroy jid='{Venue}'><reason>Macbeth doth come.</reason><password>open</password></destroy>");

        foreach (var (witch, nick, affiliation) in new[] { (Coven.Crone1, "firstwitch", "owner"), (Coven.Wiccarocks, "secondwitch", "none"), (Coven.Hag66, "thirdwitch", "none") })
        {
            var told = coven.ToldTo(witch)[0];
            var x = told.Element(Ns.MucUser + "x")!;
            Assert.That(Coven.Short(told), Is.EqualTo($"unavailable {nick}"));
            Assert.That(x.Elements().Select(e => e.Name.LocalName), Is.EqualTo(new[] { "destroy", "item", "status" }), "in this order");
            Assert.That(x.Element(Ns.MucUser + "destroy")!.Attribute("jid")?.Value, Is.EqualTo(Venue));
            Assert.That(x.Element(Ns.MucUser + "destroy")!.Elements().Select(e => e.Value), Is.EqualTo(new[] { "Macbeth doth come.", "open" }));
            Assert.That(Coven.Item(told).Attributes().Select(a => a.Value), Is.EqualTo(new[] { affiliation, "none", witch }));
            Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 110 }));
        }
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable firstwitch", "result" }));
        Assert.That(coven.Told, Has.Count.EqualTo(4));
        Assert.That(coven.Room.Exists, Is.False);
    }

    [Test, Row("C19")] // §10.9: the element is there although nothing is to be said
    public void Without_reason_and_address_the_room_is_destroyed_too()
    {
        var coven = Destroy(ThreeWitches(), "<destroy/>");
        Assert.That(coven.OnlyTold(Coven.Hag66).Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "destroy")?.IsEmpty, Is.True);
    }

    [Test, Row("C19")] // §7.2.8
    public void Each_session_is_told()
    {
        var coven = Destroy(ThreeWitches().Enters("hag66@shakespeare.lit/broom", "thirdwitch"), "<destroy/>");
        Assert.That(Coven.Item(coven.OnlyTold("hag66@shakespeare.lit/broom")).Attribute("jid")?.Value, Is.EqualTo("hag66@shakespeare.lit/broom"));
        Assert.That(coven.ToldTo(Coven.Hag66), Has.Count.EqualTo(1));
    }

    [Test, Row("C19")] // §10.9
    public void An_address_that_is_none_is_refused() =>
        Destroy(ThreeWitches(), "<destroy jid='@'/>").RefusesWith(Coven.Crone1, "modify", "jid-malformed");

    [Test, Row("C20")] // §10.9
    public void Only_an_owner_destroys([Values("none", "admin")] string affiliation)
    {
        var coven = ThreeWitches().Affiliates("hag66@shakespeare.lit", affiliation);
        coven.Asks(Coven.Hag66, "set", "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>");
        coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test, Row("C21")] // §10.9: "redirect enter requests to the alternate venue"
    public void Whoever_comes_later_is_sent_to_the_new_address()
    {
        var coven = Destroy(ThreeWitches(), $"<destroy jid='{Venue}'><reason>Macbeth doth come.</reason></destroy>");

        coven.Enters(Coven.Hag66, "thirdwitch");

        coven.RefusesWith(Coven.Hag66, "cancel", "gone");
        Assert.That(coven.OnlyTold(Coven.Hag66).Descendants(Ns.StanzaErrors + "gone").Single().Value, Is.EqualTo($"xmpp:{Venue}?join"));
        Assert.That(coven.OnlyTold(Coven.Hag66).Descendants(Ns.StanzaErrors + "text").Single().Value, Is.EqualTo("Macbeth doth come."));
        coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").RefusesWith(Coven.Hag66, "cancel", "gone");
    }

    [Test, Row("C21")]
    public void After_a_while_the_name_is_free_again()
    {
        var coven = Destroy(ThreeWitches(), $"<destroy jid='{Venue}'/>");
        coven.Now += new ServicePolicy().TombstoneFor;
        Assert.That(Coven.Statuses(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)[0]), Does.Contain(201));
    }

    [Test]
    [Row("C21", Otherwise = "Without a new address there is nothing to point to, and the name is free at once: a room that was destroyed by mistake can be made again.")]
    public void Without_a_new_address_the_name_is_free_at_once()
    {
        var coven = Destroy(ThreeWitches(), "<destroy/>").Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[0]), Does.Contain(201));
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse("crone1@shakespeare.lit")), Is.EqualTo(Affiliation.None), "it is another room");
    }

    [Test, Row("C22")] // §10.9
    public void What_was_said_goes_with_the_room()
    {
        var coven = Destroy(ThreeWitches().Says(Coven.Hag66, "Harpier cries: 'tis time, 'tis time."), "<destroy/>");
        Assert.That(coven.Changes, Is.EqualTo(new Change[] { new RoomDestroyed(null) }), "of which every store says that nothing else is kept");
        Assert.That(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch", "groupchat" }));
    }

    [Test]
    public void Where_archives_outlast_their_rooms_the_store_is_told_whose_it_was()
    {
        var coven = Coven.Open(new ServicePolicy { KeepsDestroyedArchives = true })
            .With(("muc#roomconfig_roomname", "The Coven"), ("muc#roomconfig_archiveretention", "7"));

        coven.Leaves(Coven.Crone1, "firstwitch");

        var archive = ((RoomDestroyed)coven.Changes.Single()).Archive!;
        Assert.That((archive.Name, archive.At, archive.Retention), Is.EqualTo(("The Coven", coven.Now, TimeSpan.FromDays(7))));
    }

    [Test, Row("C17")] // §10.2, §7.14
    public void A_room_that_becomes_temporary_while_nobody_is_in_it_is_gone()
    {
        var coven = Coven.Open().With(("muc#roomconfig_persistentroom", "1")).Hears($"<presence type='unavailable' from='{Coven.Crone1}' to='{Coven.Address}/firstwitch'/>");
        Assert.That(coven.Room.Exists);

        coven.With(("muc#roomconfig_persistentroom", "0"));

        Assert.That(coven.Room.Exists, Is.False);
        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
    }

    [Test] // §7.14
    public void A_temporary_room_ends_with_its_last_occupant()
    {
        var coven = Coven.Open().Hears($"<presence type='unavailable' from='{Coven.Crone1}' to='{Coven.Address}/firstwitch'/>");
        Assert.That(coven.Room.Exists, Is.False);
    }

    [Test] // §7.14
    public void A_temporary_room_with_a_grace_waits_as_it_is_for_somebody_to_come_back()
    {
        var coven = Waiting(TimeSpan.FromMinutes(5));
        coven.Now += TimeSpan.FromMinutes(4);
        Assert.That(coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66).Attribute("type")?.Value, Is.EqualTo("result"));

        var told = coven.Restarts().Enters(Coven.Crone1, "firstwitch").ToldTo(Coven.Crone1);

        Assert.That(Coven.Item(told[0]).Attribute("affiliation")?.Value, Is.EqualTo("owner"));
        Assert.That(Coven.Statuses(told[0]), Has.None.EqualTo(201), "it is the same room");
        Assert.That(told.Select(s => s.Value), Has.Some.EqualTo("Thrice the brinded cat hath mew'd.").And.Some.EqualTo("Fire Burn and Cauldron Bubble!"));
        coven.Now += TimeSpan.FromDays(1);
        Assert.That(coven.Says(Coven.Crone1, "still here").Room.Exists, "entering ended the wait");
    }

    [TestCase(4, ExpectedResult = true)]
    [TestCase(5, ExpectedResult = false)]
    public bool The_grace_counts_from_when_the_last_one_left_whatever_happens_meanwhile(int minutes)
    {
        var coven = Waiting(TimeSpan.FromMinutes(5));
        for (var minute = 1; minute <= minutes; minute++)
        {
            coven.Now += TimeSpan.FromMinutes(1);
            coven.Asks(Coven.Hag66, "get", "<ping xmlns='urn:xmpp:ping'/>").Restarts();
        }
        return coven.Room.Exists;
    }

    [Test]
    public void Who_comes_too_late_makes_a_new_room()
    {
        var coven = Waiting(TimeSpan.FromMinutes(5));
        coven.Now += TimeSpan.FromMinutes(5);

        var told = coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66);

        Assert.That(Coven.Item(told[0]).Attribute("affiliation")?.Value, Is.EqualTo("owner"));
        Assert.That(Coven.Statuses(told[0]), Has.Some.EqualTo(201));
        Assert.That(told.Select(s => s.Value), Has.None.EqualTo("Thrice the brinded cat hath mew'd."));
        Assert.That(coven.Changes[0], Is.EqualTo(new RoomDestroyed(null)));
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse("crone1@shakespeare.lit")), Is.EqualTo(Affiliation.None));
    }

    [Test]
    public void A_request_that_comes_too_late_finds_no_room_and_the_room_is_gone_all_the_same()
    {
        var coven = Waiting(TimeSpan.FromMinutes(5));
        coven.Now += TimeSpan.FromMinutes(5);

        coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");

        Assert.That(coven.OnlyTold(Coven.Hag66).Attribute("type")?.Value, Is.EqualTo("error"));
        Assert.That(coven.Changes, Is.EqualTo(new Change[] { new RoomDestroyed(null) }));
        Assert.That(coven.Reloaded().Exists, Is.False);
    }

    [Test]
    public void When_nobody_comes_the_service_itself_has_the_room_end()
    {
        var coven = Waiting(TimeSpan.FromMinutes(5));
        coven.Now += TimeSpan.FromMinutes(5);

        coven.Hears($"<presence type='probe' from='chat.shakespeare.lit' to='{Coven.Address}'/>");

        Assert.That(coven.Told, Is.Empty);
        Assert.That(coven.Reloaded().Exists, Is.False);
    }

    [Test] // §10.1.3
    public void A_locked_room_waits_for_nobody()
    {
        var coven = Coven.Locked(new ServicePolicy { EmptyRoomGrace = TimeSpan.FromMinutes(5) }).Leaves(Coven.Crone1, "firstwitch");

        Assert.That(coven.Room.Exists, Is.False);
    }

    [Test] // §4.2
    public void A_room_made_persistent_while_it_waits_stays()
    {
        var coven = Waiting(TimeSpan.FromMinutes(5)).With(("muc#roomconfig_persistentroom", "1"));
        coven.Now += TimeSpan.FromDays(1);

        Assert.That(coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").Room.Exists);
    }

    // crone1's room with a subject and a message in it, and nobody since now.
    private static Coven Waiting(TimeSpan grace) => Coven.Open(new ServicePolicy { EmptyRoomGrace = grace })
        .Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat'><subject>Fire Burn and Cauldron Bubble!</subject></message>")
        .Says(Coven.Crone1, "Thrice the brinded cat hath mew'd.")
        .Leaves(Coven.Crone1, "firstwitch");

    private static Coven ThreeWitches() => Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    private static Coven Destroy(Coven coven, string destroy) =>
        coven.Asks(Coven.Crone1, "set", $"<query xmlns='http://jabber.org/protocol/muc#owner'>{destroy}</query>");
}
