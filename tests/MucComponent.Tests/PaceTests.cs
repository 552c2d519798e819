using MucComponent.Rooms;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests;

public sealed class PaceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    [Test]
    public void Some_at_once_and_then_one_in_an_interval()
    {
        var clock = new FakeClock();
        var pace = new Pace(clock, new Rate(3, Interval));
        Assert.That(Times(pace), Is.EqualTo(3));
        Assert.That(pace.Wait, Is.EqualTo(Interval));

        clock.Advance(Interval / 2);
        Assert.That(pace.Wait, Is.EqualTo(Interval / 2));
        clock.Advance(Interval / 2);
        Assert.That(Times(pace), Is.EqualTo(1));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.That(Times(pace), Is.EqualTo(3), "rest does not add up");
    }

    [Test]
    public void Many_at_once_are_paid_for_afterwards()
    {
        var pace = new Pace(new FakeClock(), new Rate(3, Interval));
        pace.Count(100);
        Assert.That(pace.Wait, Is.EqualTo(98 * Interval));
    }

    private static int Times(Pace pace)
    {
        var times = 0;
        for (; times < 100 && pace.Wait == TimeSpan.Zero; times++) pace.Count();
        return times;
    }
}
