using MucComponent.Rooms;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests;

public sealed class PacesTests
{
    private readonly FakeClock _clock = new();

    [Test]
    public void Each_has_a_pace_of_its_own()
    {
        var paces = new Paces<string>(_clock, new Rate(2, TimeSpan.FromSeconds(1)));
        Assert.That(Times(paces, "hag66"), Is.EqualTo(2));
        Assert.That(Times(paces, "crone1"), Is.EqualTo(2));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Times(paces, "hag66"), Is.EqualTo(1));
    }

    [Test]
    public void It_says_how_long_not_yet()
    {
        var paces = new Paces<string>(_clock, new Rate(1, TimeSpan.FromSeconds(10)));
        Assert.That(paces.TryTake("hag66"));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.That(paces.MayTake("hag66"), Is.False);
        Assert.That(paces.TryTake("hag66", out var wait), Is.False);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public void Of_many_those_not_seen_for_long_are_forgotten_and_not_who_goes_on()
    {
        var paces = new Paces<int>(_clock, new Rate(1, TimeSpan.FromHours(1)), most: 10);
        paces.TryTake(-1);
        paces.TryTake(-2);
        for (var i = 0; i < 100; i++)
        {
            paces.TryTake(i);
            Assert.That(paces.TryTake(-1), Is.False, "it goes on");
        }
        Assert.That(paces.TryTake(-2), "it rested");
    }

    private static int Times(Paces<string> paces, string who)
    {
        var times = 0;
        for (; times < 100 && paces.TryTake(who); times++) { }
        return times;
    }
}
