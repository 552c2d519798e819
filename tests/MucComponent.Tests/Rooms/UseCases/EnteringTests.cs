using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.1 and §7.2.</summary>
public sealed class EnteringTests
{
    private const string Wiccarocks2 = "wiccarocks@shakespeare.lit/pda";

    [Test, Row("J3", "J27")] // §7.1, §10.1.1
    public void Who_enters_first_creates_the_room_and_is_told_so()
    {
        var coven = Coven.Locked();

        var told = coven.ToldTo(Coven.Crone1);
        Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "groupchat" }));
        Assert.That(Coven.Statuses(told[0]), Is.EqualTo(new[] { 201, 110 }));
        Assert.That(Coven.Item(told[0]).Attribute("affiliation")?.Value, Is.EqualTo("owner"));
        Assert.That(Coven.Item(told[0]).Attribute("role")?.Value, Is.EqualTo("moderator"));
    }

    [Test, Row("J1", "1.15.2", "1.16.M")] // §7.1
    public void A_newcomer_hears_of_the_others_then_of_itself_then_what_was_said_then_the_subject()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Says(Coven.Wiccarocks, "Thrice the brinded cat hath mew'd.");

        coven.Enters(Coven.Hag66, "thirdwitch");

        var told = coven.ToldTo(Coven.Hag66);
        Assert.That(told.Take(2).Select(Coven.Short), Is.EquivalentTo(new[] { "presence firstwitch", "presence secondwitch" }));
        Assert.That(told.Skip(2).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch", "groupchat secondwitch", "groupchat" }));
    }

    [Test, Row("J2")] // §7.2.1
    public void Nobody_enters_without_a_nick() =>
        Coven.Open().Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
            .RefusesWith(Coven.Hag66, "modify", "jid-malformed");

    [TestCase("probe")]
    [TestCase("subscribe")]
    [TestCase("subscribed")]
    [TestCase("unsubscribe")]
    [TestCase("unsubscribed")]
    [TestCase("unavailable")]
    [TestCase("error")]
    [TestCase("invisible")]
    [Row("J4")] // §17.3
    public void Presence_of_any_type_is_no_join(string type)
    {
        var coven = Coven.Open().Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch' type='{type}'><x xmlns='http://jabber.org/protocol/muc'/></presence>");

        Assert.That(coven.Room.Occupants.Count, Is.EqualTo(1));
        Assert.That(coven.ToldTo(Coven.Crone1), Is.Empty);
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test, Row("J5", "1.15.4", "1.16.M")] // §7.2.1, §17.3
    public void A_client_that_lost_track_hears_everything_again_and_nobody_else_anything()
    {
        var coven = Coven.Locked();
        coven.With(("muc#roomconfig_whois", "anyone"));
        coven.Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "Fair is foul, and foul is fair.");

        coven.Enters(Coven.Crone1, "firstwitch");

        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch", "presence firstwitch", "groupchat thirdwitch", "groupchat" }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Crone1)[1]), Is.EqualTo(new[] { 100, 110 }), "not 201: the room is not new");
        Assert.That(coven.ToldTo(Coven.Hag66), Is.Empty);
        Assert.That(coven.Room.Occupants.Count, Is.EqualTo(2));
    }

    [Test, Row("J5")] // §17.3
    public void The_others_hear_of_a_second_join_only_what_is_new_in_it()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><show>away</show><x xmlns='http://jabber.org/protocol/muc'/></presence>");

        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "show")?.Value, Is.EqualTo("away"));
    }

    [Test, Row("J5")] // §7.2.1: it lost its place, and asks for another
    public void A_join_under_another_nick_is_a_new_nick_and_hears_everything_again()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Says(Coven.Crone1, "Where hast thou been, sister?");

        coven.Enters(Coven.Hag66, "oldhag");

        Assert.That(
            coven.ToldTo(Coven.Hag66).Select(Coven.Short),
            Is.EqualTo(new[] { "unavailable thirdwitch", "presence firstwitch", "presence oldhag", "groupchat firstwitch", "groupchat" }));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "presence oldhag" }));
    }

    [Test, Row("J6", "1.16.P")] // §7.2.18
    public void Who_only_thinks_to_be_in_is_told_at_once_that_it_is_not()
    {
        var coven = Coven.Open().Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><show>away</show></presence>");

        var told = coven.OnlyTold(Coven.Hag66);
        Assert.That(Coven.Short(told), Is.EqualTo("unavailable thirdwitch"));
        Assert.That(Coven.Statuses(told), Is.EquivalentTo(new[] { 110, 307, 333 }));
        Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("none"));
        Assert.That(coven.Told, Has.Count.EqualTo(1));
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test, Row("J6", "1.16.O")] // §7.2.18: no room is made by it, either
    public void Nobody_creates_a_room_without_saying_that_it_means_to_join()
    {
        var coven = Coven.Uncreated().Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'/>");

        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Is.EquivalentTo(new[] { 110, 307, 333 }));
        Assert.That(coven.Room.Exists, Is.False);
    }

    [Test, Row("J9")] // §7.2.2
    public void A_newcomers_own_presence_carries_the_id_of_its_join_and_nobody_elses_does()
    {
        var coven = Coven.Open();

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch' id='n13mt3l'><x xmlns='http://jabber.org/protocol/muc'/></presence>");

        Assert.That(coven.ToldTo(Coven.Hag66).Where(s => s.Attribute("id")?.Value == "n13mt3l").Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch" }));
        Assert.That(coven.OnlyTold(Coven.Crone1).Attribute("id"), Is.Null);
    }

    [Test, Row("J10", "status-210")] // §7.2.2, §7.10
    public void Whoever_is_kept_to_a_nick_enters_under_it_and_is_told()
    {
        var coven = Coven.Open().With(("muc#roomconfig_lockednicks", "1")).Affiliates("hag66@shakespeare.lit", "member", attributes: "nick='thirdwitch'");

        coven.Enters(Coven.Hag66, "oldhag");

        var own = coven.ToldTo(Coven.Hag66).Single(s => Coven.Statuses(s).Contains(110));
        Assert.That(Coven.Short(own), Is.EqualTo("presence thirdwitch"));
        Assert.That(Coven.Statuses(own), Is.EqualTo(new[] { 210, 110 }));
    }

    [TestCase("<password>toil</password>")]
    [TestCase("<password/>")]
    [TestCase("")]
    [Row("J14")] // §7.2.5
    public void A_room_with_a_password_is_closed_to_those_without_it(string given) =>
        Coven.Open().With(("muc#roomconfig_roomsecret", "cauldronburn"))
            .Enters(Coven.Hag66, "thirdwitch", given).RefusesWith(Coven.Hag66, "auth", "not-authorized");

    [Test, Row("J14")] // §7.2.5
    public void A_room_with_a_password_is_open_to_those_with_it()
    {
        var coven = Coven.Open().With(("muc#roomconfig_roomsecret", "cauldronburn")).Enters(Coven.Hag66, "thirdwitch", "<password>cauldronburn</password>");

        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Not.Null);
    }

    [Test, Row("J15", Otherwise = "§7.2.5 refuses whoever does not bring the password and makes no exception; an owner can read it in the form.")]
    public void Owners_need_the_password_too() =>
        Coven.Open().Affiliates("hag66@shakespeare.lit", "owner").With(("muc#roomconfig_roomsecret", "cauldronburn"))
            .Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "auth", "not-authorized");

    [Test, Row("J16")]
    public void The_password_a_creator_brings_is_the_rooms_from_then_on()
    {
        var coven = Coven.Uncreated().Enters(Coven.Crone1, "firstwitch", "<password>cauldronburn</password>").With();

        coven.Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "auth", "not-authorized");
    }

    [Test, Row("J17")] // §7.2.6
    public void A_members_only_room_is_closed_to_those_who_are_not() =>
        Coven.Open().With(("muc#roomconfig_membersonly", "1")).Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "auth", "registration-required");

    [TestCase("member")]
    [TestCase("admin")]
    [TestCase("owner")]
    [Row("J17")] // §7.2.6
    public void A_members_only_room_is_open_to_those_on_its_lists(string affiliation)
    {
        var coven = Coven.Open().With(("muc#roomconfig_membersonly", "1")).Affiliates("hag66@shakespeare.lit", affiliation).Enters(Coven.Hag66, "thirdwitch");

        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Not.Null);
    }

    [TestCase("hag66@shakespeare.lit")]
    [TestCase("shakespeare.lit")]
    [Row("J18", "1.16.O")] // §7.2.7, §9.1
    public void The_banned_do_not_enter_be_it_by_address_or_by_domain(string banned) =>
        Coven.Open().Affiliates(banned, "outcast").Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "auth", "forbidden");

    [Test, Row("J19")] // §7.2.8
    public void A_nick_that_somebody_else_uses_is_taken() =>
        Coven.Open().Enters(Coven.Hag66, "firstwitch").RefusesWith(Coven.Hag66, "cancel", "conflict");

    [Test, Row("J20")] // §7.2.8, §7.12
    public void A_nick_that_is_reserved_is_taken_while_its_owner_is_away() =>
        Coven.Open().Affiliates("wiccarocks@shakespeare.lit", "member", attributes: "nick='secondwitch'")
            .Enters(Coven.Hag66, "secondwitch").RefusesWith(Coven.Hag66, "cancel", "conflict");

    [Test, Row("J21", "1.15.6")] // §7.2.8
    public void A_second_client_shares_the_nick_and_the_others_still_see_one_occupant()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch");

        coven.Enters(Wiccarocks2, "secondwitch");

        Assert.That(coven.ToldTo(Wiccarocks2).Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "presence secondwitch", "groupchat" }));
        Assert.That(coven.Room.Occupants.ByNick("secondwitch")!.SessionJids, Is.EquivalentTo(new[] { Jid.Parse(Coven.Wiccarocks), Jid.Parse(Wiccarocks2) }));
        Assert.That(Coven.Short(coven.OnlyTold(Coven.Crone1)), Is.EqualTo("presence secondwitch"));
    }

    [Test, Row("J21", "J7")] // §7.2.2: one x, and one item in it
    public void An_occupant_with_two_clients_is_shown_with_one_item()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Wiccarocks2, "secondwitch");

        var shown = coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66).Single(s => Coven.Short(s) == "presence secondwitch");

        Assert.That(shown.Elements(Ns.MucUser + "x").Elements(Ns.MucUser + "item").Count(), Is.EqualTo(1));
    }

    [Test, Row("J22")] // §7.2.8
    public void What_is_said_to_all_and_to_one_reaches_every_client_of_a_nick()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Wiccarocks2, "secondwitch");

        coven.Says(Coven.Crone1, "Round about the cauldron go.");
        Assert.That((coven.ToldTo(Coven.Wiccarocks).Count, coven.ToldTo(Wiccarocks2).Count), Is.EqualTo((1, 1)));

        coven.Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}/secondwitch' type='chat'><body>In the poison'd entrails throw.</body></message>");
        Assert.That((coven.ToldTo(Coven.Wiccarocks).Count, coven.ToldTo(Wiccarocks2).Count), Is.EqualTo((1, 1)));

        coven.Says(Wiccarocks2, "Toad, that under cold stone.");
        Assert.That(coven.OnlyTold(Coven.Crone1).Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/secondwitch"));
    }

    [Test, Row("J23b")]
    public void Every_client_of_a_nick_knows_the_presence_for_its_own()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch");

        coven.Enters(Wiccarocks2, "secondwitch");
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Wiccarocks)), Does.Contain(110));

        coven.Hears($"<presence from='{Coven.Wiccarocks}' to='{Coven.Address}/secondwitch'><show>away</show></presence>");
        Assert.That(Coven.Statuses(coven.OnlyTold(Wiccarocks2)), Does.Contain(110));
    }

    [Test, Row("J24", "1.16.E", "1.16.P")] // §7.2.9
    public void A_full_room_asks_to_wait() =>
        Full().Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "wait", "service-unavailable");

    [Test, Row("J24")] // §7.2.9
    public void A_second_client_takes_no_place()
    {
        var coven = Full().Enters(Wiccarocks2, "secondwitch");

        Assert.That(coven.Room.Occupants.ByNick("secondwitch")!.Sessions, Has.Length.EqualTo(2));
    }

    [Test, Row("J25")] // §7.2.9
    public void Admins_enter_a_full_room_up_to_a_bound()
    {
        var coven = Full().Affiliates("hag66@shakespeare.lit", "admin").Affiliates("hecate@shakespeare.lit", "owner");

        coven.Enters(Coven.Hag66, "thirdwitch");
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Not.Null);

        coven.Enters("hecate@shakespeare.lit/moon", "hecate").RefusesWith("hecate@shakespeare.lit/moon", "wait", "service-unavailable");
    }

    [Test, Row("J26", "1.16.E")] // §7.2.10
    public void A_room_that_is_not_configured_yet_does_not_exist_for_others() =>
        Coven.Locked().Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test, Row("J28", "1.16.E")] // §7.2.11, §10.1.1
    public void Where_only_admins_create_rooms_others_are_not_allowed_to()
    {
        var policy = new ServicePolicy { Creators = Who.Admins, Admins = new HashSet<Jid> { Jid.Parse("crone1@shakespeare.lit") } };

        Coven.Uncreated(policy).Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "cancel", "not-allowed");
        Assert.That(Coven.Locked(policy).Room.Exists, Is.True);
        Assert.That(Coven.Open(policy).Enters(Coven.Hag66, "thirdwitch").Room.Occupants.ByNick("thirdwitch"), Is.Not.Null);
    }

    [TestCase("muc#roomconfig_enablelogging", "1", 170)]
    [TestCase("muc#roomconfig_whois", "anyone", 100)]
    [Row("J29")] // §7.2.3, §7.2.12
    public void A_newcomer_is_warned_of_a_room_that_is_logged_or_shows_addresses(string field, string value, int status)
    {
        var coven = Coven.Open().With((field, value)).Enters(Coven.Hag66, "thirdwitch");

        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[1]), Is.EqualTo(new[] { status, 110 }));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Crone1)), Is.Empty, "the warning is for the newcomer");
    }

    [TestCase(" ")]
    [TestCase("\u00A0\u3000")]
    [TestCase("\u2800")]
    [TestCase("firstwitch ")] // looks like another
    [Row("J41")] // §17.1
    public void A_nick_needs_something_to_be_seen(string nick) =>
        Coven.Open().Enters(Coven.Hag66, nick).RefusesWith(Coven.Hag66, "modify", "jid-malformed");

    [TestCase("")]
    [TestCase("\u200B")]
    [TestCase("\u0007")]
    [Row("J41")] // §17.1, RFC 7622 §3.4: refused before the room hears of it
    public void A_nick_is_a_resource(string nick) => Assert.That(Jid.TryParse($"{Coven.Address}/{nick}", out _), Is.False);

    [Test, Row("J41", "W8")] // §14.6
    public void A_nick_has_a_longest()
    {
        var coven = Coven.Open(new ServicePolicy { MaxNickLength = 10 });

        coven.Enters(Coven.Hag66, "tenletters").Leaves(Coven.Hag66);
        coven.Enters(Coven.Hag66, "elevenchars").RefusesWith(Coven.Hag66, "modify", "not-acceptable");
    }

    [TestCase("hag66@shakespeare.lit")]
    [TestCase("bridge.shakespeare.lit")]
    [Row("J42")] // bridges speak from bare addresses and from domains
    public void An_address_without_a_resource_or_without_a_local_part_enters_speaks_and_leaves(string who)
    {
        var coven = Coven.Open().Enters(who, "thirdwitch");
        Assert.That(coven.ToldTo(who).Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "presence thirdwitch", "groupchat" }));

        Assert.That(Coven.Short(coven.Says(who, "All hail, Macbeth!").OnlyTold(Coven.Crone1)), Is.EqualTo("groupchat thirdwitch"));

        coven.Leaves(who, "thirdwitch");
        Assert.That(coven.Room.Occupants.Count, Is.EqualTo(1));
    }

    [Test, Row("J43", Otherwise =
        "Look-alikes enter: telling them apart needs Unicode's table of confusables, kept up to date, and still refuses honest names in mixed scripts. Occupant ids and reserved nicks say who is who.")]
    public void A_nick_that_looks_like_another_is_another()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "fіrstwitch"); // with a Cyrillic і

        Assert.That(coven.Room.Occupants.Count, Is.EqualTo(2));
    }

    [Test, Row("J12c")]
    public void In_a_presence_statuses_come_first_then_the_item_then_110()
    {
        var coven = Coven.Open().With(("muc#roomconfig_whois", "anyone")).Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Parts(coven.ToldTo(Coven.Hag66)[1]), Is.EqualTo(new[] { "status 100", "item", "status 110" }));

        coven.GivesRole("thirdwitch", "none", inside: "<reason>Avaunt, you cullion!</reason>");
        Assert.That(Parts(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { "status 307", "item", "status 110" }));
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Hag66)).Elements().Select(e => e.Name.LocalName), Is.EqualTo(new[] { "actor", "reason" }));
    }

    private static Coven Full() =>
        Coven.Open(new ServicePolicy { ReservedForAdmins = 1 }).Enters(Coven.Wiccarocks, "secondwitch").With(("muc#roomconfig_maxusers", "2"));

    private static IEnumerable<string> Parts(XElement presence) =>
        presence.Element(Ns.MucUser + "x")!.Elements().Select(e => $"{e.Name.LocalName} {e.Attribute("code")?.Value}".TrimEnd());
}
