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
        var pace = new Pace(clock, burst: 3, Interval);
        Assert.That(Enumerable.Range(0, 10).Count(_ => pace.Take() == TimeSpan.Zero), Is.EqualTo(4), "the burst and the first");
        Assert.That(pace.Take(), Is.EqualTo(Interval));

        clock.Advance(Interval / 2);
        Assert.That(pace.Take(), Is.EqualTo(Interval / 2), "asking costs nothing");
        clock.Advance(Interval / 2);
        Assert.That((pace.Take(), pace.Take() > TimeSpan.Zero), Is.EqualTo((TimeSpan.Zero, true)));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.That(Enumerable.Range(0, 10).Count(_ => pace.Take() == TimeSpan.Zero), Is.EqualTo(4), "rest does not add up");
    }
}
