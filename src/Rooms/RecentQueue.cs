using System.Collections;
using System.Collections.Immutable;

namespace MucComponent.Rooms;

/// <summary>The newest of what happened, oldest first. A value: each change makes a new one, at the same small cost however many there are.</summary>
public sealed class RecentQueue<T> : IReadOnlyCollection<T>
{
    private readonly ImmutableQueue<T> _items;

    private RecentQueue(ImmutableQueue<T> items, int count, T? last) => (_items, Count, Last) = (items, count, last);

    public int Count { get; }

    /// <summary>The newest, if there is any.</summary>
    public T? Last { get; }

    public RecentQueue(IReadOnlyCollection<T> items)
        : this(ImmutableQueue.CreateRange(items), items.Count, items.LastOrDefault())
    {
    }

    /// <summary>With this one as the newest, and no more than so many in all.</summary>
    public RecentQueue<T> With(T item, int max) => new RecentQueue<T>(_items.Enqueue(item), Count + 1, item).Newest(max);

    /// <summary>No more than so many of them.</summary>
    public RecentQueue<T> Newest(int max)
    {
        if (Count <= max) return this;
        var (items, count) = (_items, Count);
        for (; count > max; count--) items = items.Dequeue();
        return new(items, count, count == 0 ? default : Last);
    }

    /// <summary>Without the oldest, as long as they are like this.</summary>
    public RecentQueue<T> Without(Func<T, bool> old)
    {
        var (items, count) = (_items, Count);
        for (; count > 0 && old(items.Peek()); count--) items = items.Dequeue();
        return count == Count ? this : new(items, count, count == 0 ? default : Last);
    }

    /// <summary>With each of them as it is now; the same queue if none changed.</summary>
    public RecentQueue<T> Select(Func<T, T> now)
    {
        var changed = false;
        var items = new List<T>(Count);
        foreach (var item in _items)
        {
            items.Add(now(item));
            changed |= !EqualityComparer<T>.Default.Equals(item, items[^1]);
        }
        return changed ? new(items) : this;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
