using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Hosting;
using MucComponent.Operations;
using MucComponent.Storage;

namespace MucComponent;

/// <summary>
/// One instance of the service: what <c>Program</c> runs and what tests start in process. Where several share a database it
/// stands by until it has the lease, serves (<see cref="ActiveService"/>) until it is stopped or has it no longer, and then
/// stands by again.
/// </summary>
public sealed class MucService : IAsyncDisposable
{
    // How long a stop waits for the store to write what it has, and for the lease to be given back. With what rooms and the
    // link take at most, a stop is over before an impatient operator kills us.
    private static readonly TimeSpan StoreTime = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(0.5);

    private readonly MucOptions _options;
    private readonly IWholeStore _store;
    private readonly ILease _lease;
    private readonly ILoggerFactory _logs;
    private readonly CancellationTokenSource _stopping = new();
    private volatile ActiveService? _active;
    private Task _running = Task.CompletedTask;

    private MucService(MucOptions options, IWholeStore store, ILoggerFactory logs) =>
        (_options, _store, _lease, _logs) = (options, store, Leases.Create(options, logs), logs);

    /// <summary>Attached to the server, or standing by to be so at once.</summary>
    public bool IsReady => _lease.IsStandingBy || _active is { Connection.IsAuthenticated: true };

    /// <summary>Whether its store can be asked now, and answers within this time.</summary>
    public async Task<bool> ReachesStoreAsync(TimeSpan within, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(within);
        try
        {
            await _store.ListOccupiedAsync(null, 1, late.Token).WaitAsync(late.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Raised each time the server has accepted us. Handlers must not wait.</summary>
    public event Action? Attached;

    /// <summary>What an operator works on; null while another instance has the service.</summary>
    public OperatedService? Operated => _active?.Operated;

    /// <summary>Where its rooms are kept.</summary>
    public IRoomStore Store => _store;

    /// <summary>Opens the store and starts to connect; waits neither for the lease nor for the server.</summary>
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
        var service = new MucService(options, store, logs);
        service._running = Task.Run(service.RunAsync, CancellationToken.None);
        return service;
    }

    /// <summary>Stops cleanly: what was taken is decided, kept and sent, then the stream is closed. Only then may another instance take over.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        try
        {
            await _store.DisposeAsync().AsTask().WaitAsync(StoreTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logs.CreateLogger<LocalRooms>().StoreLeft();
        }
        try
        {
            await _lease.DisposeAsync().AsTask().WaitAsync(LeaseTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // PostgreSQL takes it from us when the process has ended.
        }
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var stop = _stopping.Token;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var lost = await _lease.AcquireAsync(stop).ConfigureAwait(false);
                await using var active = new ActiveService(_options, _store, _logs, TimeProvider.System);
                active.Connection.Authenticated += () => Attached?.Invoke();
                active.Connection.Replaced += _lease.Doubt;
                _active = active;
                await active.RunAsync(lost, stop).ConfigureAwait(false);
                _active = null;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was standing by.
        }
    }
}
