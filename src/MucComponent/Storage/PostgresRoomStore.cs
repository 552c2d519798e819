using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace MucComponent.Storage;

/// <summary>Rooms in PostgreSQL: for those who run one already, and for several workers or a standby.</summary>
public sealed class PostgresRoomStore : SqlRoomStore
{
    private readonly NpgsqlDataSource _source;
    private readonly string _name;

    /// <param name="connectionString">As Npgsql wants it; it may have a password in it and is never shown.</param>
    public PostgresRoomStore(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ContainsKey("Max Auto Prepare")) settings.MaxAutoPrepare = 40;
        settings.ApplicationName ??= "MucComponent";
        _name = $"database {settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
        _source = NpgsqlDataSource.Create(settings);
    }

    private protected override (Statement Before, Statement After) Hurry { get; } =
        (new("SET synchronous_commit = off"), new("RESET synchronous_commit"));

    // In one order for everybody, so that two workers do not wait for each other in a circle.
    private protected override string Begin =>
        "BEGIN; SELECT jid, claim FROM room WHERE jid IN (SELECT json_array_elements_text(@rooms::json)) ORDER BY jid FOR UPDATE";

    private protected override string Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    public override async Task OpenAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = await ConnectAsync(stop);
            await Schema.ApplyAsync(connection, "Postgres", "BEGIN; SELECT pg_advisory_xact_lock(hashtext('muc_schema'))", stop);
        }
        catch (PostgresException e)
        {
            // Whatever the database says, here the operator has to see to it.
            throw Unavailable(e);
        }
        catch (Exception e) when (Explain(e) is { } unavailable)
        {
            throw unavailable;
        }
    }

    public override async Task TryAsync(CancellationToken stop)
    {
        try
        {
            await base.TryAsync(stop);
        }
        catch (PostgresException e)
        {
            throw Unavailable(e);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _source.DisposeAsync();
    }

    private protected override async Task<DbConnection> ConnectAsync(CancellationToken stop) => await _source.OpenConnectionAsync(stop);

    private protected override StoreUnavailableException? Explain(Exception e) => e switch
    {
        StoreUnavailableException known => known,
        // Data, constraints and statements that it does not like are faults of ours (classes 22, 23 and 42 but for missing rights);
        // two workers in each other's way (40) are tried again, each piece of work for itself.
        PostgresException { SqlState: not PostgresErrorCodes.InsufficientPrivilege } refused when refused.SqlState[..2] is "22" or "23" or "40" or "42" => null,
        NpgsqlException or TimeoutException or SocketException => Unavailable(e),
        _ => null,
    };

    private StoreUnavailableException Unavailable(Exception e) =>
        new($"MUC_POSTGRES: {_name}: {(e as PostgresException)?.MessageText ?? e.InnerException?.Message ?? e.Message}", e);
}
