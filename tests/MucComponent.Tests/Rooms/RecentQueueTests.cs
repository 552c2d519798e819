using MucComponent.Rooms;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms;

public sealed class RecentQueueTests
{
    [Test]
    public void A_queue_in_which_nothing_changed_is_the_same()
    {
        var queue = new RecentQueue<string>(["one", "two", "three"]);

        Assert.That(queue.Select(s => s), Is.SameAs(queue));
        Assert.That(queue.Select(s => s == "two" ? "zwei" : s), Is.EqualTo(new[] { "one", "zwei", "three" }));
    }

    [Test]
    public void The_newest_stay_in_their_order()
    {
        var queue = new RecentQueue<int>([1, 2]);
        var longer = Enumerable.Range(3, 5).Aggregate(queue, (q, i) => q.With(i, 4));
        Assert.That((longer, longer.Count), Is.EqualTo((new[] { 4, 5, 6, 7 }, 4)));
        Assert.That(longer.Newest(1), Is.EqualTo(new[] { 7 }));
        Assert.That(longer.Newest(0), Is.Empty);
        Assert.That(queue, Is.EqualTo(new[] { 1, 2 }), "a value");
    }
}
