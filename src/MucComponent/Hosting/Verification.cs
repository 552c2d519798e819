using Microsoft.Extensions.Logging;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// After each return of the service or of its link: has every room that somebody is in look after its sessions
/// (<see cref="Rooms.UseCases.Verifying"/>), in the background and gently, since everything else goes on meanwhile.
/// </summary>
public sealed class Verification(Jid domain, IRoomStore store, IRooms rooms, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>Between two rooms. Fifty a second: a small service is done at once, and a large one does not flood its server.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>How long to wait for a store that cannot answer now.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int PageSize = 100;

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
            Jid? last = null;
            while (await PageAsync(last, stop).ConfigureAwait(false) is { Count: > 0 } page)
            {
                foreach (var room in page)
                {
                    // The service probes its own room: nobody else can speak from this address.
                    rooms.Post(new Stanza(StanzaKind.Presence) { Type = "probe", From = domain, To = room });
                    await Task.Delay(Pace, clock, stop).ConfigureAwait(false);
                }
                last = page[^1];
            }
        }
        catch (OperationCanceledException)
        {
            // The link is gone again, or the service stops.
        }
    }

    private async Task<IReadOnlyList<Jid>> PageAsync(Jid? after, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await store.ListOccupiedAsync(after, PageSize, stop).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                log.NotVerified(e.Message);
                await Task.Delay(Patience, clock, stop).ConfigureAwait(false);
            }
        }
    }
}
