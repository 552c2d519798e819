using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.14.</summary>
public sealed class ExitingTests
{
    private const string Pda = "hag66@shakespeare.lit/broom";

    [TestCase("thirdwitch")]
    [TestCase(null)]
    [TestCase("a nick it had once")]
    [Row("X1", "X2", "A5")] // §7.14
    public void Who_leaves_hears_that_it_is_out_and_the_others_that_it_is_gone(string? to)
    {
        var coven = Coven.Open().Affiliates("hag66@shakespeare.lit", "member").Enters(Coven.Hag66, "thirdwitch");

        coven.Leaves(Coven.Hag66, to);

        foreach (var (who, self) in new[] { (Coven.Hag66, true), (Coven.Crone1, false) })
        {
            var presence = coven.OnlyTold(who);
            Assert.That(Coven.Short(presence), Is.EqualTo("unavailable thirdwitch"));
            Assert.That(Coven.Statuses(presence), Is.EqualTo(self ? new[] { 110 } : []));
            Assert.That((Coven.Item(presence).Attribute("affiliation")?.Value, Coven.Item(presence).Attribute("role")?.Value), Is.EqualTo(("member", "none")));
        }
    }

    [Test, Row("X3")] // §7.14
    public void What_is_said_on_leaving_is_heard()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Leaves(Coven.Hag66, "thirdwitch", "<status>gone where the goblins go</status>");

        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "status")?.Value, Is.EqualTo("gone where the goblins go"));
    }

    [Test] // §7.14: nobody is away who is gone
    public void What_was_shown_before_is_not_shown_on_leaving()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><show>away</show></presence>");

        Assert.That(coven.Leaves(Coven.Hag66, "thirdwitch").OnlyTold(Coven.Crone1).Element(Ns.Client + "show"), Is.Null);
    }

    [Test, Row("X4")] // §17.3
    public void Who_is_not_in_cannot_leave_and_hears_nothing()
    {
        Assert.That(Coven.Open().Leaves(Coven.Hag66, "thirdwitch").Told, Is.Empty);
        Assert.That(Coven.Uncreated().Leaves(Coven.Hag66, "thirdwitch").Told, Is.Empty);
    }

    [Test, Row("X5")] // a server sends unavailable presence to every nick its user ever had
    public void Leaving_by_an_old_nick_does_not_take_out_who_has_it_now()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch")
            .Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>").Enters(Coven.Wiccarocks, "thirdwitch");

        coven.Leaves(Coven.Hag66, "thirdwitch");
        Assert.That(coven.Room.Occupants.All.Select(o => o.Nick), Is.EquivalentTo(new[] { "firstwitch", "thirdwitch" }));

        coven.Leaves(Coven.Hag66, "oldhag");
        Assert.That(coven.Told, Is.Empty, "it is out already");
    }

    [Test, Row("J23")] // §7.2.8
    public void One_client_of_two_leaves_and_nobody_else_hears_of_it()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        coven.Now += TimeSpan.FromSeconds(1);
        coven.Enters(Pda, "thirdwitch");

        coven.Leaves(Coven.Hag66, "thirdwitch");

        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { 110 }));
        Assert.That(coven.Told, Has.Count.EqualTo(1));
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")!.SessionJids, Is.EqualTo(new[] { Jid.Parse(Pda) }));
    }

    [Test, Row("J23")] // the others see the client that stays
    public void When_the_client_that_was_shown_leaves_the_other_is_shown()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Enters(Pda, "thirdwitch");
        coven.Now += TimeSpan.FromSeconds(1);
        coven.Hears($"<presence from='{Pda}' to='{Coven.Address}/thirdwitch'><show>away</show><status>flying</status></presence>");

        coven.Leaves(Pda, "thirdwitch");

        foreach (var (to, self) in new[] { (Coven.Crone1, false), (Coven.Hag66, true) })
        {
            Assert.That(Coven.Short(coven.OnlyTold(to)), Is.EqualTo("presence thirdwitch"));
            Assert.That(coven.OnlyTold(to).Elements(Ns.Client + "show").Concat(coven.OnlyTold(to).Elements(Ns.Client + "status")), Is.Empty);
            Assert.That(Coven.Statuses(coven.OnlyTold(to)), Is.EqualTo(self ? new[] { 110 } : []));
        }
    }

    [Test, Row("X6")] // §7.14
    public void A_temporary_room_ends_with_its_last_occupant()
    {
        var coven = Coven.Open().Leaves(Coven.Crone1, "firstwitch");

        Assert.That(coven.Room.Exists, Is.False);
        Assert.That(coven.Changes, Has.One.TypeOf<RoomDestroyed>());
    }

    [Test, Row("X6")] // §4.2
    public void A_persistent_room_stays()
    {
        var coven = Coven.Open().With(("muc#roomconfig_persistentroom", "1")).Leaves(Coven.Crone1, "firstwitch");

        Assert.That(coven.Room.Exists, Is.True);
        Assert.That(coven.Reloaded().Exists, Is.True);
    }
}
