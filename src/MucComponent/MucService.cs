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

    private readonly IRoomStore _store;
    private readonly LocalRooms _rooms;
    private readonly Verification _verification;
    private readonly ILogger<LocalRooms> _log;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    private MucService(MucOptions options, IRoomStore store, ILoggerFactory logs, TimeProvider clock)
    {
        _store = store;
        var policy = new ServicePolicy { Admins = options.Admins };
        var engine = new RoomEngine(FeatureList.Standard(policy), policy);
        var outbox = new Outbox(options, logs.CreateLogger<Outbox>());
        _log = logs.CreateLogger<LocalRooms>();
        _rooms = new LocalRooms(engine, store, outbox, clock, _log);
        var service = new ServiceStanzas(options, store, outbox, clock, logs.CreateLogger<ServiceStanzas>());
        var router = new Router(options.Domain, service, _rooms);
        _verification = new Verification(options.Domain, store, _rooms, clock, _log);
        Connection = new ComponentConnection(options, outbox, router.Route, logs.CreateLogger<ComponentConnection>(), clock);
        Connection.Authenticated += _verification.Start;
    }

    /// <summary>The link to the server.</summary>
    public ComponentConnection Connection { get; }

    /// <summary>Where its rooms are kept.</summary>
    public IRoomStore Store => _store;

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
        using (var deadline = new CancellationTokenSource(RoomsTime)) await _rooms.StopAsync(deadline.Token).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _verification.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _store.DisposeAsync().AsTask().WaitAsync(StoreTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _log.StoreLeft();
        }
        _rooms.Dispose();
        _stopping.Dispose();
    }
}
