using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// Notes in the store how far each room's words have reached the server, so that after a crash only the rest is told again.
/// A little behind, so that many rooms and many turns share a commit.
/// </summary>
public sealed class Deliveries(IRoomStore store, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>In quiet hours each is noted at once, since what is not may be told twice after a crash; a busy service notes two hundred rooms a second.</summary>
    private readonly Pace _pace = new(clock, new Rate(20, TimeSpan.FromMilliseconds(5)));

    /// <summary>How long to wait for a store that cannot answer now.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Dictionary<Jid, Guid> _waiting = [];
    private Task _run = Task.CompletedTask;
    private bool _running;

    /// <summary>Takes it and returns at once.</summary>
    public void Add(Delivery delivery)
    {
        lock (_lock)
        {
            _waiting[delivery.Room] = delivery.UpTo;
            if (_running) return;
            _running = true;
            _run = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>Notes what still waits, if the store can.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task run;
        lock (_lock) run = _run;
        await run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            if (!_stop.IsCancellationRequested && _pace.Wait is var wait && wait > TimeSpan.Zero) await PauseAsync(wait).ConfigureAwait(false);
            if (Take() is not { Count: > 0 } some) return;
            _pace.Count(some.Count);
            try
            {
                await store.DeliveredAsync([.. some.Select(d => new Delivery(d.Key, d.Value))], CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                log.DeliveriesNotNoted(e.Message);
                if (_stop.IsCancellationRequested) return;
                PutBack(some);
                await PauseAsync(Patience).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Our bug, and at worst something is told twice.
            catch (Exception e)
#pragma warning restore CA1031
            {
                log.DeliveriesFault(e);
            }
        }
    }

    private async Task PauseAsync(TimeSpan time) =>
        await Task.Delay(time, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Dictionary<Jid, Guid> Take()
    {
        lock (_lock)
        {
            var some = _waiting;
            _waiting = [];
            _running = some.Count > 0;
            return some;
        }
    }

    private void PutBack(Dictionary<Jid, Guid> some)
    {
        lock (_lock)
            foreach (var (room, upTo) in some) _waiting.TryAdd(room, upTo);
    }
}
