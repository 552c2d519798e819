using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §10.2: a changed configuration may send people out.</summary>
public sealed class RemovingTests
{
    [Test, Row("F11", "status-322")] // §10.2
    public void When_the_room_becomes_members_only_those_who_are_no_members_have_to_go()
    {
        var coven = Coven.Open().Affiliates("wiccarocks@shakespeare.lit", "member").Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

        coven.With(("muc#roomconfig_membersonly", "1"));

        var told = coven.ToldTo(Coven.Hag66)[^1];
        Assert.That(Coven.Short(told), Is.EqualTo("unavailable thirdwitch"));
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 322, 110 }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Wiccarocks)[^1]), Is.EqualTo(new[] { 322 }));
        Assert.That(coven.Room.Occupants.All.Select(o => o.Nick), Is.EquivalentTo(new[] { "firstwitch", "secondwitch" }));
    }
}
