namespace MucComponent.Hosting;

/// <summary>
/// A room in which nothing happens takes little memory: what was made on the way and can be made again goes. First, most of it, what
/// only those need who enter. What a message makes anew has grown old by the time it goes, and is dear to collect; so that stays longer
/// and longer in a room that is talked in now and then, up to always. And when nothing happens anywhere, garbage is collected, for
/// which a busy service has the collector's own rhythm.
/// </summary>
public sealed class Resting(TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How long nothing has happened. Somebody who talks is back sooner, and finds all as it was.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    /// <summary>Of the time before, a rest has to be so many times as long to be worth what it costs.</summary>
    private const int Worth = 16;

    /// <summary>The time doubles so often: up to a minute.</summary>
    private const int MostSpoilt = 5;

    /// <summary>Up to here a collection that also moves things together takes some tens of milliseconds; above it, it goes on in the background.</summary>
    private const long SmallHeap = 128 * 1024 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Queue<(RoomHost Host, long Since)> _idle = new();
    private bool _collected;
    private Task? _run;

    /// <summary>Begins, if it has not.</summary>
    public void Start()
    {
        lock (_lock) _run ??= Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>How long nothing has to happen in a room whose last so many rests were too short.</summary>
    internal static TimeSpan QuietAfter(int spoilt) => Quiet * (1 << spoilt);

    /// <summary>How many were too short when this one is over.</summary>
    internal static int Spoilt(TimeSpan rest, int before) => rest < Worth * QuietAfter(before) ? Math.Min(before + 1, MostSpoilt) : 0;

    /// <summary>A room that has nothing to do, and is not in here yet.</summary>
    internal void Add(RoomHost host)
    {
        lock (_lock) _idle.Enqueue((host, clock.GetTimestamp()));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_run is not null) await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Round, clock);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            while (TakeQuiet() is { } host)
            {
                _collected = false;
                if (!host.Rest()) Add(host);
            }
            if (_collected || !IsEmpty) continue;
            Collect();
            _collected = true;
        }
    }

    private bool IsEmpty
    {
        get { lock (_lock) return _idle.Count == 0; }
    }

    private RoomHost? TakeQuiet()
    {
        lock (_lock)
            return _idle.TryPeek(out var first) && clock.GetElapsedTime(first.Since) >= Quiet ? _idle.Dequeue().Host : null;
    }

#pragma warning disable S1215 // There is nothing to do, and the memory is of use to others on this machine.
    private static void Collect()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) < SmallHeap) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        else GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }
#pragma warning restore S1215
}
