using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §9.1 to §9.5, §10.3 to §10.8.</summary>
public sealed class ChangingAffiliationsTests
{
    private const string Hag66 = "hag66@shakespeare.lit";
    private const string Wiccarocks = "wiccarocks@shakespeare.lit";
    private const string Absent = "hecate@shakespeare.lit";

    private static readonly (string, string) MembersOnly = ("muc#roomconfig_membersonly", "1");
    private static readonly (string, string) Moderated = ("muc#roomconfig_moderatedroom", "1");
    private static readonly (string, string) NonAnonymous = ("muc#roomconfig_whois", "anyone");

    [Test, Row("F1", "status-301")] // §9.1
    public void Who_is_banned_is_told_so_by_whom_and_why_and_the_others_too()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "outcast", inside: "<reason>Treason</reason>");

        var told = coven.OnlyTold(Coven.Hag66);
        Assert.That(Coven.Short(told), Is.EqualTo("unavailable thirdwitch"));
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 301, 110 }));
        Assert.That(Coven.Item(told).Attribute("affiliation")?.Value, Is.EqualTo("outcast"));
        Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("none"));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "actor")?.Attribute("nick")?.Value, Is.EqualTo("firstwitch"));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("Treason"));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Wiccarocks)), Is.EqualTo(new[] { 301 }));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "result" }));
        coven.Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test, Row("F2")] // §9.1
    public void An_admin_cannot_ban_an_owner_or_an_admin([Values("crone1@shakespeare.lit", Hag66)] string who)
    {
        var coven = ThreeWitches().Affiliates(Wiccarocks, "admin").Affiliates(Hag66, "admin");
        coven.Affiliates(who, "outcast", by: Coven.Wiccarocks).RefusesWith(Coven.Wiccarocks, "cancel", "not-allowed");
    }

    [Test, Row("F3")] // §9.1
    public void Nobody_bans_himself() =>
        ThreeWitches().Affiliates("crone1@shakespeare.lit", "outcast").RefusesWith(Coven.Crone1, "cancel", "conflict");

    [Test, Row("F4")] // §9.2
    public void The_ban_list_has_each_jid_and_why()
    {
        var coven = Coven.Open().Affiliates(Absent, "outcast", inside: "<reason>Treason</reason>").Affiliates("cawdor.lit", "outcast");

        var items = List(coven, Coven.Crone1, "outcast");

        Assert.That(items.Select(i => i.Attribute("jid")!.Value), Is.EqualTo(new[] { "cawdor.lit", Absent }));
        Assert.That(items.Select(i => i.Attribute("affiliation")!.Value), Is.All.EqualTo("outcast"));
        Assert.That(items[1].Element(Ns.MucAdmin + "reason")?.Value, Is.EqualTo("Treason"));
        Assert.That(items.Attributes("nick").Concat(items.Attributes("role")), Is.Empty, "SHOULD NOT");
    }

    [Test, Row("F4")] // §9.2
    public void A_ban_that_is_lifted_is_gone_from_the_list()
    {
        var coven = Coven.Open().Affiliates(Absent, "outcast").Affiliates(Absent, "none");
        Assert.That(List(coven, Coven.Crone1, "outcast"), Is.Empty);
        Assert.That(Coven.Short(coven.Enters($"{Absent}/moon", "hecate").ToldTo($"{Absent}/moon")[0]), Is.EqualTo("presence firstwitch"));
    }

    [Test, Row("F5", "1.16.O")] // §9.2
    public void A_banned_domain_is_out_and_stays_out()
    {
        var coven = ThreeWitches().Enters("macbeth@cawdor.lit/castle", "thane");

        coven.Affiliates("cawdor.lit", "outcast");

        Assert.That(Coven.Statuses(coven.OnlyTold("macbeth@cawdor.lit/castle")), Is.EqualTo(new[] { 301, 110 }));
        Assert.That(coven.Room.Occupants.Count, Is.EqualTo(3));
        coven.Enters("lady@cawdor.lit/castle", "lady").RefusesWith("lady@cawdor.lit/castle", "auth", "forbidden");
    }

    [Test, Row("F5")] // §9.2: "SHOULD match JIDs in the following order"
    public void A_persons_own_entry_goes_before_the_domains()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "member").Affiliates("shakespeare.lit", "outcast");

        Assert.That(coven.Room.Occupants.All.Select(o => o.Nick), Is.EquivalentTo(new[] { "firstwitch", "thirdwitch" }));
    }

    [Test, Row("F5")] // §9.2
    public void One_person_of_a_banned_domain_may_be_let_in()
    {
        var coven = Coven.Open().Affiliates("cawdor.lit", "outcast").Affiliates("lady@cawdor.lit", "none").Enters("lady@cawdor.lit/castle", "lady");
        Assert.That(coven.Room.Occupants.ByNick("lady")?.Affiliation, Is.EqualTo(Affiliation.None));
    }

    [Test, Row("F20")]
    [Row("F21", Otherwise = "Groups of a server's rosters or directory are unknown outside the server; a domain's entry does for a company.")]
    public void A_whole_domain_may_be_members()
    {
        var coven = Coven.Open().With(MembersOnly).Affiliates("cawdor.lit", "member").Enters("macbeth@cawdor.lit/castle", "thane");
        Assert.That(coven.Room.Occupants.ByNick("thane")?.Affiliation, Is.EqualTo(Affiliation.Member));

        coven.Affiliates("cawdor.lit", "none");
        Assert.That(Coven.Statuses(coven.OnlyTold("macbeth@cawdor.lit/castle")), Is.EqualTo(new[] { 321, 110 }));
    }

    [Test, Row("F20", "F18")] // §5.1.2: what goes down is what the domain had brought
    public void Who_loses_what_the_domain_had_brought_loses_the_role_with_it()
    {
        var coven = Coven.Open().Affiliates("shakespeare.lit", "admin").Enters(Coven.Hag66, "thirdwitch").Affiliates(Hag66, "member");
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Participant));
    }

    [Test, Row("F6", "1.16.P")] // §10.3: "a service SHOULD use the bare JID"
    public void A_full_jid_stands_for_its_bare_one()
    {
        var coven = ThreeWitches().Affiliates(Coven.Hag66, "member");
        Assert.That(coven.Room.Affiliations.Of(Affiliation.Member).Single().Jid.ToString(), Is.EqualTo(Hag66));
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Affiliation, Is.EqualTo(Affiliation.Member));
    }

    [Test, Row("F7")] // §9.3
    public void A_new_member_who_is_there_is_announced()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "member", inside: "<reason>A worthy witch indeed!</reason>");

        foreach (var witch in new[] { Coven.Wiccarocks, Coven.Hag66 })
        {
            var told = coven.OnlyTold(witch);
            Assert.That(Coven.Short(told), Is.EqualTo("presence thirdwitch"));
            Assert.That(Coven.Item(told).Attribute("affiliation")?.Value, Is.EqualTo("member"));
            Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("participant"));
            Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("A worthy witch indeed!"));
        }
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch", "result" }));
    }

    [Test, Row("F8")] // §9.3
    public void A_nick_in_the_item_is_reserved_for_the_member()
    {
        var coven = Coven.Open().Affiliates(Absent, "member", attributes: "nick='hecate'");
        Assert.That(coven.Room.Affiliations.ReservedBy("hecate"), Is.EqualTo(Jid.Parse(Absent)));
        coven.Enters(Coven.Hag66, "hecate").RefusesWith(Coven.Hag66, "cancel", "conflict");
    }

    [Test, Row("F8")] // §9.5: "the 'nick' attribute must be set to an empty string"
    public void An_empty_nick_in_the_item_gives_the_reservation_up()
    {
        var coven = Coven.Open().Affiliates(Absent, "member", attributes: "nick='hecate'").Affiliates(Absent, "member", attributes: "nick=''");
        Assert.That(coven.Room.Affiliations.Entry(Jid.Parse(Absent)), Is.EqualTo(new AffiliationRecord(Jid.Parse(Absent), Affiliation.Member, null, null)));
    }

    [Test, Row("F8")] // §9.5: without the attribute the nick stays
    public void A_change_of_affiliation_leaves_the_reserved_nick()
    {
        var coven = Coven.Open().Affiliates(Absent, "member", attributes: "nick='hecate'").Affiliates(Absent, "admin");
        Assert.That(coven.Room.Affiliations.ReservedBy("hecate"), Is.EqualTo(Jid.Parse(Absent)));
    }

    [Test, Row("F8")] // §7.10
    public void A_nick_that_is_anothers_cannot_be_reserved()
    {
        var coven = Coven.Open().Affiliates(Absent, "member", attributes: "nick='hecate'");
        coven.Affiliates(Hag66, "member", attributes: "nick='hecate'").RefusesWith(Coven.Crone1, "cancel", "conflict");
    }

    [Test, Row("R9", "status-307")] // §7.10
    public void Who_sits_on_a_nick_that_becomes_a_members_has_to_go()
    {
        var coven = ThreeWitches().Affiliates(Absent, "member", attributes: "nick='thirdwitch'");

        var told = coven.OnlyTold(Coven.Hag66);
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 307, 110 }));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("This nickname is reserved"));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "message", "result" }));
    }

    [Test, Row("R10")] // §9.1: "MUST remove the outcast's nickname from the list of registered nicknames"
    public void A_ban_takes_the_reserved_nick()
    {
        var coven = Coven.Open().Affiliates(Absent, "member", attributes: "nick='hecate'").Affiliates(Absent, "outcast");
        Assert.That(coven.Room.Affiliations.ReservedBy("hecate"), Is.Null);
        Assert.That(List(coven, Coven.Crone1, "outcast").Single().Attribute("nick"), Is.Null);
    }

    [Test, Row("F9")] // §10.3: "the service MAY send a message from the room itself"
    public void Of_somebody_who_is_not_there_the_moderators_of_a_semi_anonymous_room_hear_in_a_message()
    {
        var coven = ThreeWitches().Affiliates(Absent, "member");

        Assert.That(coven.ToldTo(Coven.Hag66), Is.Empty);
        var told = coven.ToldTo(Coven.Crone1);
        Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "message", "result" }));
        Assert.That(told[0].Attribute("type"), Is.Null);
        Assert.That(
            told[0].Element(Ns.MucUser + "x")!.ToString(SaveOptions.DisableFormatting),
            Is.EqualTo($"<x xmlns=\"{Ns.MucUser}\"><item jid=\"{Absent}\" affiliation=\"member\" /></x>"));
    }

    [Test, Row("F9")] // §10.3
    public void Of_somebody_who_is_not_there_everybody_in_a_non_anonymous_room_hears()
    {
        var coven = ThreeWitches().With(NonAnonymous).Affiliates(Absent, "admin");
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Hag66)).Attribute("affiliation")?.Value, Is.EqualTo("admin"));
    }

    [Test, Row("F9", "status-301")] // §9.1
    public void A_ban_of_somebody_who_is_not_there_says_so()
    {
        var coven = Coven.Open().Affiliates(Absent, "outcast", inside: "<reason>Treason</reason>");
        var told = coven.ToldTo(Coven.Crone1)[0];
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 301 }));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("Treason"));
    }

    [Test, Row("F10", "status-321")] // §9.4: one stanza, not two
    public void Who_is_no_longer_a_member_of_a_members_only_room_is_out()
    {
        var coven = Coven.Open().With(MembersOnly).Affiliates(Hag66, "member").Enters(Coven.Hag66, "thirdwitch");

        coven.Affiliates(Hag66, "none");

        var told = coven.OnlyTold(Coven.Hag66);
        Assert.That(Coven.Short(told), Is.EqualTo("unavailable thirdwitch"));
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 321, 110 }));
        Assert.That(Coven.Item(told).Attribute("affiliation")?.Value, Is.EqualTo("none"));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "actor")?.Attribute("nick")?.Value, Is.EqualTo("firstwitch"));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "result" }));
        coven.Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "auth", "registration-required");
    }

    [Test, Row("F10")] // §9.4
    public void Who_is_no_longer_a_member_of_an_open_room_stays()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "member").Affiliates(Hag66, "none");
        Assert.That(Coven.Short(coven.OnlyTold(Coven.Hag66)), Is.EqualTo("presence thirdwitch"));
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Hag66)).Attribute("affiliation")?.Value, Is.EqualTo("none"));
    }

    [Test, Row("F12", "F13", "1.15.9")] // §9.5: "any member ... even if not yet an occupant"
    public void Members_read_who_belongs_to_a_non_anonymous_room([Values("member", "admin", "owner")] string list, [Values] bool present)
    {
        var coven = Coven.Open().With(MembersOnly, NonAnonymous).Affiliates(Hag66, "member");
        if (present) coven.Enters(Coven.Hag66, "thirdwitch");
        var expected = list switch { "member" => Hag66, "owner" => "crone1@shakespeare.lit", _ => "" };
        Assert.That(string.Join(' ', List(coven, Coven.Hag66, list).Select(i => i.Attribute("jid")!.Value)), Is.EqualTo(expected));
    }

    [TestCase("member", Coven.Hag66, "moderators", TestName = "a member, where JIDs are hidden")]
    [TestCase("outcast", Coven.Hag66, "anyone", TestName = "a member, for the ban list")]
    [TestCase("member", "stranger@shakespeare.lit/x", "anyone", TestName = "a stranger")]
    [TestCase("owner", "stranger@shakespeare.lit/x", "moderators", TestName = "a stranger, for the owners")]
    [Row("F14")] // §5.2.1, §9.5, §10.5, §10.8
    public void Lists_are_refused_to(string list, string who, string whois)
    {
        var coven = Coven.Open().With(("muc#roomconfig_whois", whois)).Affiliates(Hag66, "member").Enters(Coven.Hag66, "thirdwitch");
        coven.Asks(who, "get", $"<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='{list}'/></query>");
        coven.RefusesWith(who, "auth", "forbidden");
    }

    [Test, Row("F15")] // §9.5
    public void Items_of_a_list_have_jid_affiliation_and_the_reserved_nick_and_no_role()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "member", attributes: "nick='thirdwitch'").Affiliates(Absent, "member");
        Assert.That(
            List(coven, Coven.Crone1, "member").Select(i => i.ToString(SaveOptions.DisableFormatting)),
            Is.EqualTo(new[]
            {
                $"<item affiliation=\"member\" jid=\"{Hag66}\" nick=\"thirdwitch\" xmlns=\"{Ns.MucAdmin}\" />",
                $"<item affiliation=\"member\" jid=\"{Absent}\" xmlns=\"{Ns.MucAdmin}\" />",
            }));
    }

    [Test, Row("F16")] // §10.3, §10.6
    public void An_admin_makes_no_admins_or_owners([Values("admin", "owner")] string affiliation)
    {
        var coven = ThreeWitches().Affiliates(Wiccarocks, "admin");
        coven.Affiliates(Hag66, affiliation, by: Coven.Wiccarocks).RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
    }

    [Test, Row("F16")] // §10.8: "If a non-owner attempts to modify the admin list, the service MUST deny the request"
    public void An_admin_unmakes_no_admins()
    {
        var coven = ThreeWitches().Affiliates(Wiccarocks, "admin").Affiliates(Hag66, "admin");
        coven.Affiliates(Hag66, "member", by: Coven.Wiccarocks).RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
    }

    [Test, Row("F16")] // §10.4, §10.7
    public void An_owner_makes_and_unmakes_admins_and_owners()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "owner");
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Wiccarocks)).Attribute("affiliation")?.Value, Is.EqualTo("owner"));
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Wiccarocks)).Attribute("role")?.Value, Is.EqualTo("moderator"));
        coven.Affiliates(Hag66, "admin");
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Wiccarocks)).Attribute("affiliation")?.Value, Is.EqualTo("admin"));
    }

    [Test, Row("F17")] // §10.4
    public void The_last_owner_cannot_step_down([Values("none", "member", "admin")] string affiliation) =>
        ThreeWitches().Affiliates("crone1@shakespeare.lit", affiliation).RefusesWith(Coven.Crone1, "cancel", "conflict");

    [Test, Row("F17")] // §10.4: "SHOULD allow an owner to revoke his or her own owner status if there are other owners"
    public void One_of_two_owners_may_step_down()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "owner").Affiliates("crone1@shakespeare.lit", "none");
        Assert.That(coven.Room.Affiliations.Of(Affiliation.Owner).Single().Jid.ToString(), Is.EqualTo(Hag66));
        Assert.That(coven.Room.Occupants.ByNick("firstwitch")?.Role, Is.EqualTo(Role.Participant));
    }

    [Test, Row("F18")] // §5.1.2
    public void In_a_moderated_room_the_role_follows_the_affiliation()
    {
        var coven = Coven.Open().With(Moderated).Enters(Coven.Hag66, "thirdwitch");
        foreach (var (affiliation, role) in new[] { ("none", "visitor"), ("member", "participant"), ("admin", "moderator"), ("member", "participant"), ("none", "visitor") })
        {
            coven.Affiliates(Hag66, affiliation);
            Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role.Word(), Is.EqualTo(role), affiliation);
        }
    }

    [Test, Row("F19", "status-101")] // §18.1 (registry of status codes)
    public void Who_was_not_there_is_told_of_a_new_affiliation()
    {
        var coven = Coven.Open().Affiliates(Absent, "admin", inside: "<reason>Welcome</reason>");

        var told = coven.OnlyTold(Absent);
        Assert.That(Coven.Short(told), Is.EqualTo("message"));
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 101 }));
        Assert.That(Coven.Item(told).Attribute("affiliation")?.Value, Is.EqualTo("admin"));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("Welcome"));
    }

    [Test]
    [Row("F19", Otherwise = "A ban is not announced to who was not there: the room would write to strangers at anybody's wish, only to say that they are not wanted.")]
    public void Who_was_not_there_is_not_told_of_a_ban() =>
        Assert.That(Coven.Open().Affiliates(Absent, "outcast").ToldTo(Absent), Is.Empty);

    [Test, Row("F22")] // §9: by bare JID, in the room or not
    public void An_admin_need_not_be_in_the_room()
    {
        var coven = ThreeWitches().Affiliates(Wiccarocks, "admin").Hears($"<presence type='unavailable' from='{Coven.Wiccarocks}' to='{Coven.Address}/secondwitch'/>");

        coven.Affiliates(Hag66, "outcast", by: Coven.Wiccarocks);

        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { 301, 110 }));
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Hag66)).Element(Ns.MucUser + "actor"), Is.Null, "who has no nick is not named to the banned");
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Crone1)).Element(Ns.MucUser + "actor")?.Attribute("jid")?.Value, Is.EqualTo(Coven.Wiccarocks));
        Assert.That(Coven.Short(coven.OnlyTold(Coven.Wiccarocks)), Is.EqualTo("result"));
    }

    [Test] // §9.1
    public void An_affiliation_may_be_given_by_nick()
    {
        var coven = ThreeWitches().Asks(Coven.Crone1, "set", "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' nick='thirdwitch'/></query>");
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse(Hag66)), Is.EqualTo(Affiliation.Member));
        coven.Asks(Coven.Crone1, "set", "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' nick='nobody'/></query>");
        coven.RefusesWith(Coven.Crone1, "cancel", "item-not-found");
    }

    [Test] // §14.6
    public void The_list_has_a_bound()
    {
        var coven = Coven.Open(new ServicePolicy { MaxAffiliations = 2 }).Affiliates(Hag66, "outcast");
        coven.Affiliates(Wiccarocks, "outcast").RefusesWith(Coven.Crone1, "wait", "resource-constraint");
        Assert.That(Coven.Short(coven.Affiliates(Hag66, "member").ToldTo(Coven.Crone1)[^1]), Is.EqualTo("result"), "who is on it can be changed");
    }

    private static Coven ThreeWitches() => Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    private static List<XElement> List(Coven coven, string who, string affiliation)
    {
        coven.Asks(who, "get", $"<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='{affiliation}'/></query>");
        return [.. coven.OnlyTold(who).Element(Ns.MucAdmin + "query")!.Elements(Ns.MucAdmin + "item")];
    }
}
