using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// Who may do what to whom, whole: written by hand from the tables of XEP-0045 §5.1.1, §5.1.2, §5.1.3, §5.2.1 and §5.2.2 and from the
/// refusals in §8 to §10. Each cell says <c>ok</c>, or the error.
/// </summary>
public sealed class PrivilegesTests
{
    // Nobody else can be in a room: an admin or owner is a moderator by that fact (§5.1.2).
    private static readonly (Role Role, Affiliation Affiliation)[] Targets =
    [
        (Role.Visitor, Affiliation.None), (Role.Participant, Affiliation.None), (Role.Moderator, Affiliation.None),
        (Role.Visitor, Affiliation.Member), (Role.Participant, Affiliation.Member), (Role.Moderator, Affiliation.Member),
        (Role.Moderator, Affiliation.Admin), (Role.Moderator, Affiliation.Owner),
    ];

    private static readonly Affiliation[] AllAffiliations = Enum.GetValues<Affiliation>();

    //                                           of no affiliation               members                          admin        owner
    //                                           visitor   partic.   moder.      visitor   partic.   moder.       moder.       moder.
    [TestCase(Role.None, "moderator none",   "ok          ok          not-allowed not-allowed not-allowed not-allowed not-allowed not-allowed")]
    [TestCase(Role.None, "moderator member", "ok          ok          not-allowed ok          ok          not-allowed not-allowed not-allowed")]
    [TestCase(Role.None, "moderator admin",  "ok          ok          ok          ok          ok          ok          ok          not-allowed")]
    [TestCase(Role.None, "absent admin",     "ok          ok          ok          ok          ok          ok          ok          not-allowed")]
    [TestCase(Role.None, "moderator owner",  "ok          ok          ok          ok          ok          ok          ok          ok")]
    [TestCase(Role.None, "absent owner",     "ok          ok          ok          ok          ok          ok          ok          ok")]
    [TestCase(Role.Visitor, "moderator none",   "ok       not-allowed not-allowed ok          not-allowed not-allowed not-allowed not-allowed")]
    [TestCase(Role.Visitor, "moderator member", "ok       ok          not-allowed ok          not-allowed not-allowed not-allowed not-allowed")]
    [TestCase(Role.Visitor, "moderator admin",  "ok       ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Visitor, "absent admin",     "ok       ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Visitor, "moderator owner",  "ok       ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Visitor, "absent owner",     "ok       ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Participant, "moderator none",   "ok   ok          not-allowed ok          ok          not-allowed not-allowed not-allowed")]
    [TestCase(Role.Participant, "moderator member", "ok   ok          not-allowed ok          ok          not-allowed not-allowed not-allowed")]
    [TestCase(Role.Participant, "moderator admin",  "ok   ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Participant, "absent admin",     "ok   ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Participant, "moderator owner",  "ok   ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Participant, "absent owner",     "ok   ok          ok          ok          ok          ok          not-allowed not-allowed")]
    [TestCase(Role.Moderator, "moderator none",   "forbidden forbidden ok forbidden forbidden ok ok ok")]
    [TestCase(Role.Moderator, "moderator member", "forbidden forbidden ok forbidden forbidden ok ok ok")]
    [TestCase(Role.Moderator, "moderator admin",  "ok ok ok ok ok ok ok ok")]
    [TestCase(Role.Moderator, "absent admin",     "ok ok ok ok ok ok ok ok")]
    [TestCase(Role.Moderator, "moderator owner",  "ok ok ok ok ok ok ok ok")]
    [TestCase(Role.Moderator, "absent owner",     "ok ok ok ok ok ok ok ok")]
    [Row("K3", "K4", "K7", "K13")] // §5.1.1, §5.1.3, §8.2 to §8.4, §9.6, §9.7
    public void Who_may_give_which_role_to_whom(Role to, string who, string cells)
    {
        var (role, affiliation) = Somebody(who);
        Assert.That(
            Targets.Select(t => Word(Privileges.MayChangeRole(role, affiliation, self: false, t.Role, t.Affiliation, to))),
            Is.EqualTo(Cells(cells)));
    }

    [Test, Row("K5")] // §8: forbidden to all who are neither moderator nor admin
    public void Nobody_else_may_change_any_role(
        [Values(Role.None, Role.Visitor, Role.Participant)] Role role,
        [Values(Affiliation.Outcast, Affiliation.None, Affiliation.Member)] Affiliation affiliation,
        [Values] Role to,
        [Values] bool self)
    {
        foreach (var target in Targets)
            Assert.That(Privileges.MayChangeRole(role, affiliation, self, target.Role, target.Affiliation, to), Is.EqualTo(StanzaError.Forbidden));
    }

    [Test] // §8.2: "the service MAY deny the request"
    public void A_moderator_may_kick_himself(
        [Values(Affiliation.None, Affiliation.Member, Affiliation.Admin, Affiliation.Owner)] Affiliation affiliation) =>
        Assert.That(Privileges.MayChangeRole(Role.Moderator, affiliation, self: true, Role.Moderator, affiliation, Role.None), Is.Null);

    //                            to outcast    none      member    admin     owner
    [TestCase("admin", "outcast", "ok           ok        ok        forbidden forbidden")]
    [TestCase("admin", "none",    "ok           ok        ok        forbidden forbidden")]
    [TestCase("admin", "member",  "ok           ok        ok        forbidden forbidden")]
    [TestCase("admin", "admin",   "not-allowed  forbidden forbidden forbidden forbidden")]
    [TestCase("admin", "owner",   "not-allowed  forbidden forbidden forbidden forbidden")]
    [TestCase("owner", "outcast", "ok           ok        ok        ok        ok")]
    [TestCase("owner", "none",    "ok           ok        ok        ok        ok")]
    [TestCase("owner", "member",  "ok           ok        ok        ok        ok")]
    [TestCase("owner", "admin",   "ok           ok        ok        ok        ok")]
    [TestCase("owner", "owner",   "ok           ok        ok        ok        ok")]
    [Row("F2", "F16")] // §5.2.1, §5.2.2, §9.1 to §9.5, §10.3 to §10.8
    public void Who_may_give_which_affiliation_to_whom(string affiliation, string from, string cells) => Assert.That(
        AllAffiliations.Select(to => Word(Privileges.MayChangeAffiliation(Of(affiliation), self: false, Of(from), to))),
        Is.EqualTo(Cells(cells)));

    //                 to outcast none      member    admin     owner
    [TestCase("admin", "conflict  forbidden forbidden ok        forbidden")]
    [TestCase("owner", "conflict  ok        ok        ok        ok")]
    [Row("F3")] // §9.1, §10.4
    public void What_may_be_done_to_oneself(string affiliation, string cells) => Assert.That(
        AllAffiliations.Select(to => Word(Privileges.MayChangeAffiliation(Of(affiliation), self: true, Of(affiliation), to))),
        Is.EqualTo(Cells(cells)));

    [Test, Row("F14")] // §9: "forbidden" to all who are no admins
    public void Nobody_below_an_admin_may_change_any_affiliation(
        [Values(Affiliation.Outcast, Affiliation.None, Affiliation.Member)] Affiliation affiliation, [Values] Affiliation from, [Values] Affiliation to, [Values] bool self) =>
        Assert.That(Privileges.MayChangeAffiliation(affiliation, self, from, to), Is.EqualTo(StanzaError.Forbidden));

    //                            list: outcast   member    admin     owner
    [TestCase("outcast", true,          "forbidden forbidden forbidden forbidden")]
    [TestCase("none", true,             "forbidden forbidden forbidden forbidden")]
    [TestCase("member", true,           "forbidden ok        ok        ok")]
    [TestCase("admin", true,            "ok        ok        ok        ok")]
    [TestCase("owner", true,            "ok        ok        ok        ok")]
    [TestCase("outcast", false,         "forbidden forbidden forbidden forbidden")]
    [TestCase("none", false,            "forbidden forbidden forbidden forbidden")]
    [TestCase("member", false,          "forbidden forbidden forbidden forbidden")]
    [TestCase("admin", false,           "ok        ok        ok        ok")]
    [TestCase("owner", false,           "ok        ok        ok        ok")]
    [Row("F12", "F13", "F14")] // §5.2.1 "Retrieve Member List", §9.2, §9.5, §10.5, §10.8
    public void Who_may_read_which_list(string affiliation, bool open, string cells) => Assert.That(
        AllAffiliations.Where(a => a != Affiliation.None).Select(list => Word(Privileges.MayReadAffiliations(Of(affiliation), list, open))),
        Is.EqualTo(Cells(cells)));

    //                       outcast   none        member      admin     owner
    [TestCase(true,         "none      visitor     participant moderator moderator")]
    [TestCase(false,        "none      participant participant moderator moderator")]
    [Row("F18")] // §5.1.2
    public void The_role_that_an_affiliation_brings(bool moderated, string cells) =>
        Assert.That(AllAffiliations.Select(a => Privileges.DefaultRole(a, moderated).Word()), Is.EqualTo(Cells(cells)));

    [TestCase("participant", "none", "member", "participant")]
    [TestCase("visitor", "none", "member", "participant")]
    [TestCase("visitor", "none", "admin", "moderator")]
    [TestCase("participant", "member", "owner", "moderator")]
    [TestCase("moderator", "none", "member", "moderator")] // a "mere" moderator stays one
    [TestCase("moderator", "owner", "admin", "moderator")]
    [TestCase("moderator", "admin", "member", "participant")]
    [TestCase("moderator", "admin", "none", "visitor")]
    [TestCase("participant", "member", "none", "visitor")]
    [Row("F18")] // §5.1.2, the note
    public void The_role_follows_the_affiliation_in_a_moderated_room(string role, string before, string after, string then) => Assert.That(
        Privileges.RoleAfter(Ladders.RoleOf(role)!.Value, Of(before), Of(after), moderated: true).Word(), Is.EqualTo(then));

    [Test, Row("K8")] // §8.5, §9.8
    public void Moderators_and_admins_read_role_lists([Values] Role role, [Values] Affiliation affiliation) => Assert.That(
        Privileges.MayReadRoles(role, affiliation) is null, Is.EqualTo(role == Role.Moderator || affiliation is Affiliation.Admin or Affiliation.Owner));

    [Test, Row("C9", "C20")] // §10.2, §10.9
    public void Only_owners_configure_and_destroy([Values] Affiliation affiliation) => Assert.That(
        Privileges.MayConfigure(affiliation), affiliation == Affiliation.Owner ? Is.Null : Is.EqualTo(StanzaError.Forbidden));

    private static Affiliation Of(string word) => Ladders.AffiliationOf(word)!.Value;

    private static (Role Role, Affiliation Affiliation) Somebody(string who) =>
        who.Split(' ') is [var role, var affiliation] ? (Ladders.RoleOf(role) ?? Role.None, Of(affiliation)) : throw new ArgumentException(who);

    private static string[] Cells(string row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Word(StanzaError? no) => no?.Condition ?? "ok";

    [TestCase(true)]
    [TestCase(false)]
    public void The_services_admins_may_do_what_owners_may_where_that_is_wanted(bool wanted)
    {
        var coven = Coven.Open(new ServicePolicy { Admins = new HashSet<Jid> { Jid.Parse("hecate@shakespeare.lit") }, AdminsOwnRooms = wanted })
            .With(("muc#roomconfig_membersonly", "1"));

        coven.Affiliates("hag66@shakespeare.lit", "admin", by: "hecate@shakespeare.lit/cave");
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse("hag66@shakespeare.lit")), Is.EqualTo(wanted ? Affiliation.Admin : Affiliation.None));

        coven.Enters("hecate@shakespeare.lit/cave", "hecate");
        Assert.That(coven.Room.Occupants.ByNick("hecate")?.Role, Is.EqualTo(wanted ? Role.Moderator : null));
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse("hecate@shakespeare.lit")), Is.EqualTo(Affiliation.None), "nobody is shown it");
    }

    [TestCase("none", false)]
    [TestCase("admin", false)]
    [TestCase("owner", true)]
    public void And_nobody_below_an_owner_does_anything_to_them(string affiliation, bool may)
    {
        Coven coven() => Coven.Open(new ServicePolicy { Admins = new HashSet<Jid> { Jid.Parse("hecate@shakespeare.lit") }, AdminsOwnRooms = true })
            .Affiliates("hag66@shakespeare.lit", affiliation).Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "moderator").Enters("hecate@shakespeare.lit/cave", "hecate");

        bool isThere(Coven after) => after.Room.Occupants.ByNick("hecate") is not null;
        Assert.That(isThere(coven().GivesRole("hecate", "none", by: Coven.Hag66)), Is.Not.EqualTo(may), "kicked (§8.2)");
        Assert.That(coven().GivesRole("hecate", "visitor", by: Coven.Hag66).Room.Occupants.ByNick("hecate")?.Role, Is.EqualTo(Role.Moderator), "silenced (§8.4)");
        Assert.That(isThere(coven().Affiliates("hecate@shakespeare.lit", "outcast", by: Coven.Hag66)), Is.Not.EqualTo(may), "banned (§9.1)");
        Assert.That(isThere(coven().Executes(Coven.Hag66, "ban", "", ("who", "hecate"), ("for", "1h"))), Is.Not.EqualTo(may));
        Assert.That(coven().Executes(Coven.Hag66, "mute", "", ("who", "hecate"), ("for", "1h")).Room.Occupants.ByNick("hecate")?.Role, Is.EqualTo(Role.Moderator));
    }
}
