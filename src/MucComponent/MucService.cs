using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;

namespace MucComponent;

/// <summary>The whole service, wired by hand: what <c>Program</c> runs and what tests start in process.</summary>
public sealed class MucService : IAsyncDisposable
{
    // How long a stop waits: for rooms to finish what they had taken, and for the store to write what it has. With what the
    // link takes at most to send the rest, a stop is over before an impatient operator kills us.
    private static readonly TimeSpan RoomsTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StoreTime = TimeSpan.FromSeconds(0.5);

    // Where people are told of the stop, rooms get that much more; the link takes less then.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1.5);

    private readonly Farewell? _farewell;

    private readonly IRoomStore _store;
    private readonly LocalRooms _rooms;
    private readonly Outbox _outbox;
    private readonly Deliveries _deliveries;
    private readonly Verification _verification;
    private readonly Housekeeping _housekeeping;
    private readonly ILogger<LocalRooms> _log;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    private MucService(MucOptions options, IRoomStore store, ILoggerFactory logs, TimeProvider clock)
    {
        _store = store;
        var policy = new ServicePolicy
        {
            Admins = options.Admins,
            EmptyRoomGrace = options.EmptyRoomGrace,
            Retention = options.ArchiveRetention,
            KeepsDestroyedArchives = options.KeepDestroyedArchives,
        };
        var engine = new RoomEngine(FeatureList.Standard(policy), policy);
        var outbox = _outbox = new Outbox(options, logs.CreateLogger<Outbox>(), clock);
        _log = logs.CreateLogger<LocalRooms>();
        _deliveries = new Deliveries(store, clock, _log);
        outbox.Delivered += _deliveries.Add;
        _rooms = new LocalRooms(engine, store, outbox, clock, _log);
        if (options.Stop == StopKind.Leave) _farewell = new Farewell(options.Domain, store, _rooms, _log);
        var service = new ServiceStanzas(options, store, outbox, clock, logs.CreateLogger<ServiceStanzas>());
        var router = new Router(options.Domain, service, _rooms);
        _verification = new Verification(options.Domain, store, _rooms, clock, _log);
        Connection = new ComponentConnection(options, outbox, router.Route, logs.CreateLogger<ComponentConnection>(), clock);
        Connection.Authenticated += _verification.Start;
        _housekeeping = new Housekeeping(options, store, _rooms, clock, _log);
        Connection.Authenticated += _housekeeping.Start;
    }

    /// <summary>The link to the server.</summary>
    public ComponentConnection Connection { get; }

    /// <summary>Opens the store and starts to connect; does not wait for the server.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be used.</exception>
    public static async Task<MucService> StartAsync(MucOptions options, CancellationToken stop, ILoggerFactory? logs = null)
    {
        logs ??= NullLoggerFactory.Instance;
        var store = RoomStores.Create(options);
        try
        {
            await store.OpenAsync(stop).ConfigureAwait(false);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        var service = new MucService(options, store, logs, TimeProvider.System);
        service._running = Task.Run(() => service.Connection.RunAsync(service._stopping.Token), CancellationToken.None);
        return service;
    }

    /// <summary>Stops cleanly: what was taken is decided, kept and sent, then the stream is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_farewell is not null) await SayFarewellAsync(_farewell).ConfigureAwait(false);
        using (var deadline = new CancellationTokenSource(RoomsTime)) await _rooms.StopAsync(deadline.Token).ConfigureAwait(false);
        if (_farewell is not null) _log.Farewell(_rooms.SentOut);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _verification.DisposeAsync().ConfigureAwait(false);
        await _housekeeping.DisposeAsync().ConfigureAwait(false);
        try
        {
            await CloseStoreAsync().WaitAsync(StoreTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _log.StoreLeft();
        }
        _outbox.Dispose();
        _rooms.Dispose();
        _stopping.Dispose();
    }

    private async Task CloseStoreAsync()
    {
        await _deliveries.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SayFarewellAsync(Farewell farewell)
    {
        // While no server is there nobody can be told, so nobody is sent out.
        if (!Connection.IsAuthenticated)
        {
            _log.NoFarewell("no server is attached");
            return;
        }
        using var deadline = new CancellationTokenSource(FarewellTime);
        await farewell.SayAsync(deadline.Token).ConfigureAwait(false);
    }
}
