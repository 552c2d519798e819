using Microsoft.Extensions.Logging;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// After each return of the service or of its link: has every room that somebody is in look after its sessions
/// (<see cref="Rooms.UseCases.Verifying"/>), in the background and gently, since everything else goes on meanwhile.
/// </summary>
public sealed class Verification(IRoomStore store, IRooms rooms, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>How long to wait for a store that cannot answer now.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;

    /// <summary>Begins anew; one that is under way is given up, since the link was lost again.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _stop?.Cancel();
            _stop = new CancellationTokenSource();
            var (before, stop) = (_run, _stop.Token);
            _run = Task.Run(() => RunAsync(before, stop), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock) _stop?.Cancel();
        await _run.ConfigureAwait(false);
        _stop?.Dispose();
    }

    private async Task RunAsync(Task before, CancellationToken stop)
    {
        await before.ConfigureAwait(false);
        try
        {
            await rooms.ProbeAsync((after, max) => ListAsync(after, max, stop), clock, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The link is gone again, or the service stops.
        }
    }

    private async Task<IReadOnlyList<Jid>> ListAsync(Jid? after, int max, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await store.ListOccupiedAsync(after, max, stop).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                log.NotVerified(e.Message);
                await Task.Delay(Patience, clock, stop).ConfigureAwait(false);
            }
        }
    }
}
