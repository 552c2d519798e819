using MucComponent.Hosting;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Hosting;

/// <summary>RFC 9562 §5.7 and §6.2: ids that only ever grow, compared as they are written.</summary>
[TestFixture]
public sealed class MessageIdsTests
{
    [Test]
    public void Ids_within_a_millisecond_grow_also_when_there_are_more_than_it_can_tell_apart()
    {
        var ids = new MessageIds(new FakeClock());
        AssertGrowing([.. Enumerable.Range(0, 10_000).Select(_ => ids.Next())]);
    }

    [Test]
    public void Ids_grow_when_the_clock_is_set_back()
    {
        var clock = new FakeClock();
        var ids = new MessageIds(clock);
        var before = ids.Next();
        clock.Advance(TimeSpan.FromHours(-1));
        var after = ids.Next();
        clock.Advance(TimeSpan.FromHours(2));
        AssertGrowing([before, after, ids.Next()]);
        Assert.That(after.Now, Is.EqualTo(before.Now), "time stands still meanwhile");
    }

    [Test]
    public void Ids_grow_over_a_restart_with_the_clock_set_back()
    {
        var clock = new FakeClock();
        var first = new MessageIds(clock);
        var kept = Enumerable.Range(0, 3).Select(_ => first.Next()).ToList();
        clock.Advance(TimeSpan.FromHours(-1));
        var second = new MessageIds(clock);
        second.StartAfter(kept[^1].Id);
        AssertGrowing([.. kept, second.Next(), second.Next()]);
    }

    [Test]
    public void An_id_tells_its_time_and_its_kind()
    {
        var clock = new FakeClock();
        var (now, id) = new MessageIds(clock).Next();
        Assert.That(now, Is.EqualTo(clock.GetUtcNow()));
        Assert.That((id.Version, id.Variant & 0xC), Is.EqualTo((7, 8)));
        Assert.That(Convert.ToInt64(id.ToString("N")[..12], 16), Is.EqualTo(now.ToUnixTimeMilliseconds()));
    }

    private static void AssertGrowing(IReadOnlyList<(DateTimeOffset Now, Guid Id)> ids)
    {
        Assert.That(ids.Select(i => i.Id.ToString()), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique);
        Assert.That(ids.Select(i => i.Now), Is.Ordered);
    }
}
