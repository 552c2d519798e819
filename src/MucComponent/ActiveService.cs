using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;

namespace MucComponent;

/// <summary>
/// The service while this instance has the lease, wired by hand: the rooms in memory, the link to the server, and all that
/// is between them. Nothing of it outlives the lease but what is in the store.
/// </summary>
internal sealed class ActiveService : IAsyncDisposable
{
    /// <summary>How long rooms have to finish what they had taken.</summary>
    private static readonly TimeSpan RoomsTime = TimeSpan.FromSeconds(1);

    private readonly LocalRooms _rooms;
    private readonly Verification _verification;

    public ActiveService(MucOptions options, IRoomStore store, ILoggerFactory logs, TimeProvider clock)
    {
        var policy = new ServicePolicy { Admins = options.Admins };
        var engine = new RoomEngine(FeatureList.Standard(policy), policy);
        var outbox = new Outbox(options, logs.CreateLogger<Outbox>());
        var log = logs.CreateLogger<LocalRooms>();
        _rooms = new LocalRooms(engine, store, outbox, clock, log);
        var service = new ServiceStanzas(options, store, outbox, clock, logs.CreateLogger<ServiceStanzas>());
        var router = new Router(options.Domain, service, _rooms);
        _verification = new Verification(options.Domain, store, _rooms, clock, log);
        Connection = new ComponentConnection(options, outbox, router.Route, logs.CreateLogger<ComponentConnection>(), clock);
        Connection.Authenticated += _verification.Start;
    }

    /// <summary>The link to the server.</summary>
    public ComponentConnection Connection { get; }

    /// <summary>Serves until it is stopped, or until the lease is lost.</summary>
    /// <param name="lost">The rooms are another instance's: what waits is refused, and the link is closed.</param>
    /// <param name="stop">What was taken is decided, kept and sent; then the link is closed.</param>
    public async Task RunAsync(CancellationToken lost, CancellationToken stop)
    {
        using var closing = new CancellationTokenSource();
        var running = Task.Run(() => Connection.RunAsync(closing.Token), CancellationToken.None);

        using (var over = CancellationTokenSource.CreateLinkedTokenSource(lost, stop))
            await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        using (var deadline = new CancellationTokenSource(RoomsTime))
        {
            if (lost.IsCancellationRequested) await _rooms.GiveUpAsync(deadline.Token).ConfigureAwait(false);
            else await _rooms.StopAsync(deadline.Token).ConfigureAwait(false);
        }
        await closing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _verification.DisposeAsync().ConfigureAwait(false);
        _rooms.Dispose();
    }
}
