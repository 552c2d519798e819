using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace MucComponent.Storage;

/// <summary>The lease that goes with the store that the operator chose.</summary>
public static class Leases
{
    /// <summary>A server gives one connection to a name as we attach to it, so there is one slot.</summary>
    private const int OnlySlot = 0;

    public static ILease Create(MucOptions options, ILoggerFactory logs) => options.Storage switch
    {
        StorageKind.Postgres => OfPostgres(options, logs),
        _ => new OfTheOnlyOne(),
    };

    // Apart, since the driver is 3 MB of memory for whoever has another store.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PostgresLease OfPostgres(MucOptions options, ILoggerFactory logs) => new PostgresLease(
        options.Postgres ?? throw new ArgumentException("no connection string", nameof(options)), options.Domain, OnlySlot, logs.CreateLogger<PostgresLease>());

    /// <summary>No other process can open this store: SQLite's folder is locked, and memory is nobody else's.</summary>
    private sealed class OfTheOnlyOne : ILease
    {
        public bool IsStandingBy => false;

        public Task<CancellationToken> AcquireAsync(CancellationToken stop) =>
            stop.IsCancellationRequested ? Task.FromCanceled<CancellationToken>(stop) : Task.FromResult(CancellationToken.None);

        public void Doubt()
        {
            // It is ours.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
