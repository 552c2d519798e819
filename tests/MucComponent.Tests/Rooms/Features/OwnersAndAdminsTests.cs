using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §10.2: the owners and admins as full lists in the form.</summary>
[Row("C16")]
public sealed class OwnersAndAdminsTests
{
    private const string Owners = "muc#roomconfig_roomowners";
    private const string Admins = "muc#roomconfig_roomadmins";
    private const string Crone1 = "crone1@shakespeare.lit";
    private const string Wiccarocks = "wiccarocks@shakespeare.lit";
    private const string Hag66 = "hag66@shakespeare.lit";

    [Test] // §10.2
    public void Who_is_new_on_a_list_is_announced()
    {
        var coven = ThreeWitches().With((Admins, Hag66));
        var told = coven.OnlyTold(Coven.Wiccarocks);
        Assert.That(Coven.Short(told), Is.EqualTo("presence thirdwitch"));
        Assert.That(Coven.Item(told).Attribute("affiliation")?.Value, Is.EqualTo("admin"));
        Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("moderator"));
    }

    [Test] // §10.2: "'member' or 'none' ... 'participant' or 'visitor' as appropriate"
    public void Who_is_missing_on_the_list_of_admins_is_none_any_more([Values] bool membersOnly)
    {
        var coven = ThreeWitches().Affiliates(Hag66, "admin").With((Admins, Wiccarocks), ("muc#roomconfig_membersonly", membersOnly ? "1" : "0"));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(membersOnly ? Affiliation.Member : Affiliation.None));
        Assert.That(Standing(coven, Wiccarocks), Is.EqualTo(Affiliation.Admin));
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Participant));
    }

    [Test] // §10.2: an owner who loses that "set to a value of 'admin'"
    public void Who_is_missing_on_the_list_of_owners_alone_is_an_admin()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "owner").With((Owners, Crone1));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(Affiliation.Admin));
    }

    [Test] // §10.2: both fields are full lists
    public void Who_is_missing_on_both_lists_is_neither()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "owner").With((Owners, Crone1), (Admins, Wiccarocks));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(Affiliation.None));
    }

    [Test]
    public void Who_moves_from_one_list_to_the_other_moves()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "owner").Affiliates(Wiccarocks, "admin").With((Owners, $"{Crone1}\n{Wiccarocks}"), (Admins, Hag66));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(Affiliation.Admin));
        Assert.That(Standing(coven, Wiccarocks), Is.EqualTo(Affiliation.Owner));
    }

    [Test] // the owner is what counts
    public void Who_is_on_both_lists_is_an_owner()
    {
        var coven = ThreeWitches().With((Owners, $"{Crone1}\n{Hag66}"), (Admins, Hag66));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(Affiliation.Owner));
        coven.With((Admins, $"{Crone1}\n{Wiccarocks}"));
        Assert.That(Standing(coven, Crone1), Is.EqualTo(Affiliation.Owner), "the list of admins alone takes no ownership away");
    }

    [Test, Row("F17")] // §10.2, §10.4
    public void A_room_without_owner_is_a_conflict() => ThreeWitches().With((Owners, "")).RefusesWith(Coven.Crone1, "cancel", "conflict");

    [Test, Row("F17")] // §10.4: "SHOULD allow an owner to revoke his or her own owner status if there are other owners"
    public void An_owner_may_hand_the_room_over()
    {
        var coven = ThreeWitches().With((Owners, Coven.Hag66));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(Affiliation.Owner));
        Assert.That(Standing(coven, Crone1), Is.EqualTo(Affiliation.Admin));
    }

    [Test, Row("C10")] // §10.2
    public void Without_these_fields_nothing_changes()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "owner").With(("muc#roomconfig_roomname", "A Dark Cave"));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(Affiliation.Owner));
    }

    [Test] // §10.2: as they are submitted by who changed nothing
    public void The_lists_as_they_are_change_nothing()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "admin").With((Owners, Crone1), (Admins, Hag66));
        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test] // §7.10
    public void Who_is_registered_stays_a_member()
    {
        var coven = ThreeWitches().Affiliates(Hag66, "admin", attributes: "nick='thirdwitch'").With((Admins, ""));
        Assert.That(Standing(coven, Hag66), Is.EqualTo(Affiliation.Member));
        Assert.That(coven.Room.Affiliations.ReservedBy("thirdwitch"), Is.EqualTo(Jid.Parse(Hag66)));
    }

    [Test] // §14.6
    public void The_lists_have_the_bound_of_all_lists() =>
        Coven.Open(new ServicePolicy { MaxAffiliations = 2 }).With((Admins, $"{Hag66}\n{Wiccarocks}")).RefusesWith(Coven.Crone1, "wait", "resource-constraint");

    private static Coven ThreeWitches() => Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    private static Affiliation Standing(Coven coven, string who) => coven.Room.Affiliations.Get(Jid.Parse(who));
}
