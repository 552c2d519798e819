using MucComponent.Rooms;

namespace MucComponent;

/// <summary>A <see cref="Pace"/> for each of many. For several callers at a time.</summary>
/// <param name="most">
/// Of how many is remembered what they did; of twice as many for a while. Whoever comes and goes as somebody else gains nothing that
/// being somebody else does not give already.
/// </param>
public sealed class Paces<TKey>(TimeProvider clock, Rate rate, int most = 10_000)
    where TKey : notnull
{
    private readonly Lock _lock = new();

    // Two generations: who is not seen while the newer one fills is forgotten with the older.
    private Dictionary<TKey, Pace> _newer = [];
    private Dictionary<TKey, Pace> _older = [];

    /// <summary>Does it so many times if it may be done now, all or none; otherwise says how long not yet.</summary>
    public bool TryTake(TKey who, out TimeSpan wait, int times = 1)
    {
        lock (_lock)
        {
            var pace = Of(who);
            wait = pace.Wait;
            if (wait > TimeSpan.Zero) return false;
            pace.Count(times);
            return true;
        }
    }

    /// <summary>The same for whom the wait does not matter.</summary>
    public bool TryTake(TKey who, int times = 1) => TryTake(who, out _, times);

    /// <summary>Whether it may be done now.</summary>
    public bool MayTake(TKey who)
    {
        lock (_lock) return Of(who).Wait == TimeSpan.Zero;
    }

    private Pace Of(TKey who)
    {
        if (_newer.TryGetValue(who, out var pace)) return pace;
        if (_newer.Count >= most)
        {
            (_newer, _older) = (_older, _newer);
            _newer.Clear();
        }
        if (!_older.Remove(who, out pace)) pace = new Pace(clock, rate);
        _newer.Add(who, pace);
        return pace;
    }
}
