using MucComponent.Rooms;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §5.1: "MAY persist roles across visits and SHOULD do so for moderated rooms".</summary>
[Row("K12")]
public sealed class KeptRolesTests
{
    private const string OtherClient = "hag66@shakespeare.lit/broom";

    [Test]
    public void Voice_that_was_given_is_there_on_the_next_visit()
    {
        var coven = Back(Moderated().GivesRole("thirdwitch", "participant"));
        Assert.That(RoleOf(coven), Is.EqualTo(Role.Participant));
    }

    [Test]
    public void Voice_that_was_taken_is_not_there_on_the_next_visit_in_any_room()
    {
        var coven = Back(Coven.Open().Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "visitor"));
        Assert.That(RoleOf(coven), Is.EqualTo(Role.Visitor));
    }

    [Test]
    public void Another_nick_or_another_client_is_the_same_person()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "visitor").Enters(OtherClient, "oldhag");
        Assert.That(coven.Room.Occupants.ByNick("oldhag")?.Role, Is.EqualTo(Role.Visitor));
    }

    [Test]
    public void What_a_moderator_took_back_is_forgotten()
    {
        var coven = Moderated().GivesRole("thirdwitch", "participant").GivesRole("thirdwitch", "visitor");
        Assert.That(coven.Room.Extra, Does.Not.ContainKey("kept roles"));
        Assert.That(RoleOf(Back(coven)), Is.EqualTo(Role.Visitor));
    }

    [Test] // §5.1: the moderator's role is of one visit
    public void The_role_of_moderator_is_not_kept() =>
        Assert.That(RoleOf(Back(Moderated().GivesRole("thirdwitch", "moderator"))), Is.EqualTo(Role.Visitor));

    [Test] // §5.1.2: "the role that is gained when an occupant is granted a certain affiliation is stable"
    public void A_new_affiliation_brings_its_own_role()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "visitor").Affiliates("hag66@shakespeare.lit", "member");
        Assert.That(RoleOf(Back(coven)), Is.EqualTo(Role.Participant));
    }

    [Test]
    public void What_is_kept_has_a_bound_and_the_oldest_goes_first()
    {
        var coven = Coven.Open(new ServicePolicy { KeptRoles = 1 })
            .Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "visitor").Enters(Coven.Wiccarocks, "secondwitch").GivesRole("secondwitch", "visitor");
        Assert.That(RoleOf(Back(coven)), Is.EqualTo(Role.Participant));
        Assert.That(coven.Enters("wiccarocks@shakespeare.lit/x", "rocks").Room.Occupants.ByNick("rocks")?.Role, Is.EqualTo(Role.Visitor));
    }

    private static Coven Moderated() => Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch");

    private static Coven Back(Coven coven) => coven.Hears($"<presence type='unavailable' from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'/>").Enters(Coven.Hag66, "thirdwitch");

    private static Role? RoleOf(Coven coven) => coven.Room.Occupants.ByNick("thirdwitch")?.Role;
}
