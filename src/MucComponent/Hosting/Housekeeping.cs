using Microsoft.Extensions.Logging;
using MucComponent.Rooms.UseCases;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// What comes with time alone, without anybody touching a room, in the background and gently: temporary rooms that nobody came
/// back to end, bans and mutes that are over, and messages that are kept no longer are removed.
/// </summary>
public sealed class Housekeeping(MucOptions options, IRoomStore store, IRooms rooms, Attendance attendance, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>Between two rounds, at most; a shorter grace is looked after as often as it is short.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ShortestRound = TimeSpan.FromSeconds(1);

    /// <summary>Messages that are removed at once: some milliseconds, for which saves wait.</summary>
    public const int Portion = 500;

    /// <summary>Between two portions; and so many in one round, since there is more to do.</summary>
    private static readonly TimeSpan PortionPace = TimeSpan.FromMilliseconds(100);
    private const int Portions = 200;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task? _run;
    private bool _hasCounted;

    /// <summary>Begins, if it has not: not before there is a link, so that of several processes only the one that serves does it.</summary>
    public void Start()
    {
        lock (_lock) _run ??= Task.Run(RunAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_run is not null) await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = options.EmptyRoomGrace == TimeSpan.Zero || options.EmptyRoomGrace > Round ? Round
            : options.EmptyRoomGrace < ShortestRound ? ShortestRound : options.EmptyRoomGrace;
        try
        {
            while (true)
            {
                await RoundAsync(_stop.Token).ConfigureAwait(false);
                await Task.Delay(pause, clock, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        try
        {
            if (!_hasCounted && options.Policy.MaxRooms < int.MaxValue)
            {
                var known = attendance.Rooms;
                attendance.Discover((await store.CountAsync(stop).ConfigureAwait(false)).Rooms - known);
            }
            _hasCounted = true;
            await EndEmptyRoomsAsync(stop).ConfigureAwait(false);
            await rooms.TellAsync(Elapsing.Request, (after, max) => store.ListDueAsync(clock.GetUtcNow(), after, max, stop), clock, stop).ConfigureAwait(false);
            await store.RemoveAsideAsync(clock.GetUtcNow(), stop).ConfigureAwait(false);
            await RemoveExpiredAsync(stop).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            log.NotTidied(e.Message);
        }
#pragma warning disable CA1031 // Whatever goes wrong, the next round may do.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.TidyingFailed(e);
        }
    }

    // Whatever such a room hears, it is no more: a probe will do.
    private Task EndEmptyRoomsAsync(CancellationToken stop) => rooms.ProbeAsync(
        (after, max) => store.ListEmptiedAsync(clock.GetUtcNow() - options.EmptyRoomGrace, after, max, stop), clock, stop);

    private async Task RemoveExpiredAsync(CancellationToken stop)
    {
        for (var portion = 0; portion < Portions; portion++)
        {
            if (await store.RemoveExpiredAsync(clock.GetUtcNow(), options.ArchiveRetention, Portion, stop).ConfigureAwait(false) == 0) return;
            await Task.Delay(PortionPace, clock, stop).ConfigureAwait(false);
        }
    }
}
