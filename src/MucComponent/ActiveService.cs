using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent;

/// <summary>
/// The service while this instance has the lease, wired by hand: the rooms in memory, the link to the server, and all that
/// is between them. Nothing of it outlives the lease but what is in the store.
/// </summary>
internal sealed class ActiveService : IAsyncDisposable
{
    /// <summary>How long rooms have to finish what they had taken.</summary>
    private static readonly TimeSpan RoomsTime = TimeSpan.FromSeconds(1);

    // Where people are told of the stop, rooms get that much more; the link takes less then.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1.5);

    /// <summary>How long the store has to note what has reached the server.</summary>
    private static readonly TimeSpan DeliveriesTime = TimeSpan.FromSeconds(0.5);

    private readonly Outbox _outbox;
    private readonly Deliveries _deliveries;
    private readonly LocalRooms _rooms;
    private readonly Farewell? _farewell;
    private readonly HeldPresences _held;
    private readonly BlockLists _lists;
    private readonly Verification _verification;
    private readonly Housekeeping _housekeeping;
    private readonly Gauges _gauges;
    private readonly ILogger _log;
    private readonly DateTimeOffset _since;

    public ActiveService(MucOptions options, IWholeStore store, ILoggerFactory logs, TimeProvider clock)
    {
        var policy = options.Policy with
        {
            Admins = options.Admins,
            EmptyRoomGrace = options.EmptyRoomGrace,
            LargeRooms = options.LargeRooms,
            Retention = options.ArchiveRetention,
            DataPolicy = options.DataPolicy,
            KeepsDestroyedArchives = options.KeepDestroyedArchives,
        };
        var engine = new RoomEngine(FeatureList.Standard(policy), policy);
        var log = logs.CreateLogger<LocalRooms>();
        _log = log;
        _outbox = new Outbox(options, logs.CreateLogger<Outbox>(), clock);
        _deliveries = new Deliveries(store, clock, log);
        _outbox.Delivered += _deliveries.Add;
        RoomRequests? requests = null;
        _rooms = new LocalRooms(engine, store, new OwnMail(options.Domain, _outbox, stanza => requests?.Take(stanza)), clock, log);
        requests = new RoomRequests(options.Domain, _rooms.Post, clock);
        _since = clock.GetUtcNow();
        Operated = new OperatedService(options, store, requests, engine.Features, clock, logs.CreateLogger<OperatedService>(), Figures);
        if (options.Stop == StopKind.Leave) _farewell = new Farewell(store, _rooms, log);
        var service = new ServiceStanzas(options, store, _outbox, clock, logs.CreateLogger<ServiceStanzas>(), new ServiceCommands(Operated, _outbox));
        _held = new HeldPresences(options.PresenceRate, _rooms, clock);
        _lists = new BlockLists(options, _outbox, _rooms.ShutOut, clock, logs.CreateLogger<BlockLists>());
        var admission = new Admission(options, _lists, _outbox, _rooms.Reticence, _held, clock);
        var router = new Router(options.Domain, service, _rooms, admission, _lists);
        _verification = new Verification(store, _rooms, clock, log);
        _housekeeping = new Housekeeping(options, store, _rooms, _rooms.Attendance, clock, log);
        var multicast = new MulticastSearch(options, _outbox, logs.CreateLogger<ComponentConnection>());
        Connection = new ComponentConnection(options, _outbox, stanza => Route(stanza, multicast, router), logs.CreateLogger<ComponentConnection>(), clock);
        _gauges = new Gauges(Connection, _outbox, _rooms);
        Connection.Authenticated += multicast.Start;
        Connection.Authenticated += _verification.Start;
        Connection.Authenticated += _housekeeping.Start;
        Connection.Authenticated += _rooms.Resting.Start;
        Connection.Authenticated += _lists.Start;
    }

    /// <summary>What an operator works on.</summary>
    public OperatedService Operated { get; }

    /// <summary>The link to the server.</summary>
    public ComponentConnection Connection { get; }

    /// <summary>Serves until it is stopped, or until the lease is lost.</summary>
    /// <param name="lost">The rooms are another instance's: what waits is refused, and the link is closed.</param>
    /// <param name="stop">What was taken is decided, kept and sent; then the link is closed.</param>
    public async Task RunAsync(CancellationToken lost, CancellationToken stop)
    {
        using var closing = new CancellationTokenSource();
        var running = Task.Run(() => Connection.RunAsync(closing.Token), CancellationToken.None);

        using var declaring = CancellationTokenSource.CreateLinkedTokenSource(lost, stop);
        var declared = Operated.Options.Rooms.Count == 0 ? Task.CompletedTask : Task.Run(() => DeclaredRoom.DeclareAsync(Operated, declaring.Token), CancellationToken.None);
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(lost, stop))
            await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        await declared.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_farewell is not null && !lost.IsCancellationRequested) await SayFarewellAsync(_farewell).ConfigureAwait(false);
        using (var deadline = new CancellationTokenSource(RoomsTime))
        {
            if (lost.IsCancellationRequested) await _rooms.GiveUpAsync(deadline.Token).ConfigureAwait(false);
            else await _rooms.StopAsync(deadline.Token).ConfigureAwait(false);
        }
        if (_farewell is not null && !lost.IsCancellationRequested) _log.Farewell(_rooms.SentOut);
        await closing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _gauges.Dispose();
        await _verification.DisposeAsync().ConfigureAwait(false);
        await _housekeeping.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _deliveries.DisposeAsync().AsTask().WaitAsync(DeliveriesTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _log.DeliveriesNotNoted("the store takes too long");
        }
        await _lists.DisposeAsync().ConfigureAwait(false);
        _held.Dispose();
        _outbox.Dispose();
        await _rooms.Resting.DisposeAsync().ConfigureAwait(false);
        _rooms.Dispose();
    }

    private static void Route(Stanza stanza, MulticastSearch multicast, Router router)
    {
        if (!multicast.Takes(stanza)) router.Route(stanza);
    }

    private ProcessFigures Figures() => new(_since, Connection.IsAuthenticated, _rooms.Loaded, _outbox.Weight, _outbox.Dropped);

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
