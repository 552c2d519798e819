using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>Whom a large room shows, and what becomes of those it does not: XEP-0045 §7.2.2, §7.4, §7.6, §7.14, §8.3, §9.6.</summary>
public sealed class LargeRoomsTests
{
    private const string From = "muc#roomconfig_largeroom";

    [Test]
    public void Above_the_number_nobody_hears_of_a_newcomer_who_only_listens()
    {
        var coven = Large(of: 4);

        var told = coven.Enters(Witch(5), "witch5").Told;

        Assert.That(told.Select(s => s.Attribute("to")!.Value), Is.All.EqualTo(Witch(5)));
        Assert.That(Shown(coven, Witch(5)), Is.EqualTo("firstwitch witch2 witch3 witch4 witch5"), "those who were there are known, and oneself");
        Assert.That(Coven.Statuses(told.Last(s => s.Name == Ns.Client + "presence")), Does.Contain(110));
        coven.Enters(Witch(6), "witch6");
        Assert.That(Shown(coven, Witch(6)), Is.EqualTo("firstwitch witch2 witch3 witch4 witch6"));
    }

    [TestCase(0, 0, 40, ExpectedResult = false)]
    [TestCase(4, 0, 4, ExpectedResult = true)]
    [TestCase(4, 0, 3, ExpectedResult = false)]
    [TestCase(4, 9, 4, ExpectedResult = false, Description = "the room's own number")]
    [TestCase(0, 4, 4, ExpectedResult = true)]
    public bool The_room_sets_the_number_or_the_service(int service, int room, int present)
    {
        var coven = Fill(Coven.Open(new ServicePolicy { LargeRooms = service }).With((From, $"{room}")), present);

        return coven.Enters(Witch(99), "witch99").ToldTo(Coven.Crone1).Count == 0;
    }

    [Test] // §6.4
    public void How_many_there_are_is_told_exactly_and_who_is_shown_is_listed()
    {
        var coven = Fill(Large(of: 4), 9);

        Assert.That(Coven.Field(coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66), "muc#roominfo_occupants"), Is.EqualTo(new[] { "9" }));
        Assert.That(coven.Asks(Witch(2), "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>").OnlyTold(Witch(2)).Descendants(Ns.DiscoItems + "item").Count(), Is.EqualTo(4));
    }

    [TestCase("<message from='{0}' to='{1}' type='groupchat'><body>Harpier cries</body></message>")]
    [TestCase("<message from='{0}' to='{1}' type='groupchat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>")]
    public void Whoever_speaks_is_shown_to_all_before_it_is_heard(string message) // §7.4
    {
        var coven = Fill(Large(of: 4), 6);

        coven.Hears(string.Format(null, message, Witch(5), Coven.Address));

        foreach (var who in new[] { Coven.Crone1, Witch(2), Witch(6) })
            Assert.That(coven.ToldTo(who).Select(Coven.Short), Is.EqualTo(new[] { "presence witch5", "groupchat witch5" }), who);
        Assert.That(coven.ToldTo(Witch(5)).Select(Coven.Short), Is.EqualTo(new[] { "groupchat witch5" }), "it knows itself");
        Assert.That(Jid(coven.ToldTo(Coven.Crone1)[0]), Is.EqualTo(Witch(5)));
        Assert.That(Jid(coven.ToldTo(Witch(2))[0]), Is.Null);
        Assert.That(coven.Says(Witch(5), "again").ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "groupchat witch5" }), "once");
        Assert.That(Shown(coven.Enters(Witch(7), "witch7"), Witch(7)), Does.Contain("witch5"));
        Assert.That(coven.Leaves(Witch(5), "witch5").ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "unavailable witch5" }));
    }

    [Test] // §8.1
    public void Whoever_sets_the_subject_is_shown_too()
    {
        var coven = Fill(Large(of: 4).With(("muc#roomconfig_changesubject", "1")), 6);

        coven.Hears($"<message from='{Witch(5)}' to='{Coven.Address}' type='groupchat'><subject>Fire burn</subject></message>");

        Assert.That(coven.ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "presence witch5", "groupchat witch5" }));
    }

    [Test] // §7.5: a chat with nobody known is one a client cannot show
    public void Whoever_writes_to_one_is_shown_to_all()
    {
        var coven = Fill(Large(of: 4), 6);

        coven.Hears($"<message from='{Witch(5)}' to='{Coven.Address}/witch2' type='chat'><body>psst</body></message>");

        Assert.That(coven.ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "presence witch5", "chat witch5" }));
        Assert.That(coven.ToldTo(Witch(3)).Select(Coven.Short), Is.EqualTo(new[] { "presence witch5" }));
    }

    [Test]
    public void What_is_refused_shows_nobody()
    {
        var coven = Fill(Large(of: 4).With(("muc#roomconfig_moderatedroom", "1")), 6);

        coven.Says(Witch(5), "hush").RefusesWith(Witch(5), "auth", "forbidden");
    }

    [TestCase("<presence from='{0}' to='{1}/witch5'><show>away</show></presence>")]
    [TestCase("<presence from='{0}' to='{1}/weird'/>")]
    [TestCase("<presence from='{0}' to='{1}/witch5' type='unavailable'/>")]
    public void Of_one_never_shown_nobody_hears_that_it_is_away_changed_its_nick_or_left(string presence) // §7.6, §7.7, §7.14
    {
        var coven = Fill(Large(of: 4), 6);

        coven.Hears(string.Format(null, presence, Witch(5), Coven.Address));

        Assert.That(coven.Told.Select(s => s.Attribute("to")!.Value), Is.All.EqualTo(Witch(5)).And.Not.Empty);
        Assert.That(Coven.Statuses(coven.Told[^1]), Does.Contain(110), "itself hears it");
    }

    [Test] // §7.6
    public void A_new_nick_is_held_back_as_the_old_one_was()
    {
        var coven = Fill(Large(of: 4), 6).Hears($"<presence from='{Witch(5)}' to='{Coven.Address}/weird'/>");

        Assert.That(coven.Says(Witch(5), "it is me").ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "presence weird", "groupchat weird" }));
    }

    [Test] // §9.6, §7.2.4
    public void A_new_moderator_is_shown_and_sees_who_the_others_are()
    {
        var coven = Fill(Large(of: 4), 6);

        coven.GivesRole("witch5", "moderator");

        Assert.That(coven.ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "presence witch5" }));
        Assert.That(Coven.Item(coven.ToldTo(Witch(2))[0]).Attribute("role")?.Value, Is.EqualTo("moderator"));
        Assert.That(coven.ToldTo(Witch(5)).Count(s => Jid(s) is not null), Is.EqualTo(5), "all who are shown, and itself");
    }

    [Test] // §5.1.2
    public void An_admin_is_shown_from_the_beginning()
    {
        var coven = Fill(Large(of: 4), 5).Affiliates("hag66@shakespeare.lit", "admin");

        Assert.That(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Witch(5)).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch" }));
    }

    [Test] // §8.3
    public void A_role_that_is_no_moderators_is_told_to_its_holder_alone()
    {
        var coven = Fill(Large(of: 4), 6);

        coven.GivesRole("witch5", "visitor");

        Assert.That(coven.Told.Where(s => s.Name == Ns.Client + "presence").Select(s => s.Attribute("to")!.Value), Is.EqualTo(new[] { Witch(5) }));
    }

    [Test] // §8.2
    public void Whoever_is_kicked_unseen_is_gone_unseen()
    {
        var coven = Fill(Large(of: 4), 6);

        coven.GivesRole("witch5", "none");

        Assert.That(coven.Told.Where(s => s.Name == Ns.Client + "presence").Select(s => s.Attribute("to")!.Value), Is.EqualTo(new[] { Witch(5) }));
        Assert.That(Coven.Statuses(coven.ToldTo(Witch(5))[0]), Is.EqualTo(new[] { 307, 110 }));
    }

    [Test]
    public void A_second_client_shows_nobody_who_was_not_shown()
    {
        var coven = Fill(Large(of: 4), 6);

        coven.Enters("witch5@shakespeare.lit/phone", "witch5");

        Assert.That(coven.Told.Select(s => s.Attribute("to")!.Value), Is.All.StartsWith("witch5@"));
        Assert.That(coven.Says(Witch(5), "both of me").ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "presence witch5", "groupchat witch5" }));
        Assert.That(coven.Restarts().Says(Witch(5), "again").ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "groupchat witch5" }));
    }

    [Test]
    public void A_restart_shows_nobody_either()
    {
        var coven = Fill(Large(of: 4), 6).Restarts();

        Assert.That(coven.Leaves(Witch(6), "witch6").Told.Select(s => s.Attribute("to")!.Value), Is.All.EqualTo(Witch(6)));
        Assert.That(coven.Says(Witch(5), "here").ToldTo(Witch(2)).Select(Coven.Short), Is.EqualTo(new[] { "presence witch5", "groupchat witch5" }));
    }

    [Test]
    public void A_room_at_the_edge_does_not_change_with_each_who_comes_or_goes()
    {
        var coven = Fill(Large(of: 8), 10);

        coven.Leaves(Witch(2), "witch2").Leaves(Witch(3), "witch3").Leaves(Witch(4), "witch4");
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable witch4" }), "seven are there, two of them unseen");
        coven.Enters(Witch(20), "witch20");
        Assert.That(coven.ToldTo(Coven.Crone1), Is.Empty, "still a large room");
    }

    [Test]
    public void A_room_that_is_large_no_more_shows_everybody()
    {
        var coven = Fill(Large(of: 8), 10);
        foreach (var i in new[] { 2, 3, 4 }) coven.Leaves(Witch(i), $"witch{i}");

        coven.Leaves(Witch(5), "witch5");

        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable witch5", "presence witch9", "presence witch10" }));
        Assert.That(coven.ToldTo(Witch(9)).Select(Coven.Short), Is.EqualTo(new[] { "unavailable witch5", "presence witch10" }));
        coven.Enters(Witch(20), "witch20");
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "presence witch20" }), "and goes on so");
    }

    [Test]
    public void It_shows_them_little_by_little()
    {
        var coven = Fill(Large(of: 4), 100).With((From, "1000"));

        Assert.That(coven.Room.Occupants.HeldBack, Is.EqualTo(76));
        for (var i = 0; i < 4; i++)
        {
            coven.Asks(Witch(2), "get", "<ping xmlns='urn:xmpp:ping'/>");
            Assert.That(coven.Told, Has.Count.LessThan(2_100));
        }
        Assert.That(coven.Room.Occupants.HeldBack, Is.Zero);
    }

    private static Coven Large(int of) => Fill(Coven.Open().With((From, $"{of}")), of);

    /// <summary>The first of so many is <c>firstwitch</c>.</summary>
    private static Coven Fill(Coven coven, int occupants)
    {
        for (var i = coven.Room.Occupants.Count + 1; i <= occupants; i++) coven.Enters(Witch(i), $"witch{i}");
        return coven;
    }

    private static string Witch(int number) => $"witch{number}@shakespeare.lit/broom";

    private static string Shown(Coven coven, string to) =>
        string.Join(' ', coven.ToldTo(to).Where(s => s.Name == Ns.Client + "presence").Select(s => MucComponent.Xmpp.Jid.Parse(s.Attribute("from")!.Value).Resource));

    private static string? Jid(XElement presence) => presence.Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "item")?.Attribute("jid")?.Value;
}
