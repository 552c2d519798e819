using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;
using Npgsql;

namespace MucComponent.Storage;

/// <summary>
/// A lease in PostgreSQL: an advisory lock, held by a session on a connection of its own. Whoever waits for it has it the
/// moment the holder's process ends, however it ends, since then the kernel closes the connection. A holder whose machine
/// vanished is noticed in about ten seconds. There is one for each slot of a domain in a database.
/// </summary>
/// <param name="connectionString">As Npgsql wants it; it may have a password in it and is never shown.</param>
public sealed class PostgresLease(string connectionString, Jid domain, int slot, ILogger<PostgresLease> log) : ILease
{
    /// <summary>How often the holder looks whether its session is still there. A session that is closed is noticed at once.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>Seconds after which a PostgreSQL that does not answer counts as gone.</summary>
    private const int AnswerSeconds = 5;

    /// <summary>Milliseconds that a stop waits for PostgreSQL to end what it is waiting for.</summary>
    private const int CancelMilliseconds = 500;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(0.5);

    /// <summary>When PostgreSQL comes back, the one that is attached to the server is to go first: then nothing moves.</summary>
    private static readonly TimeSpan HolderFirst = TimeSpan.FromSeconds(3);

    /// <summary>How long to wait for a former session of ours to be ended.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private const int Glances = 20;

    private const string Ours = "locktype = 'advisory' AND granted AND classid::bigint = hashtext(@domain)::bigint & 4294967295 AND objid::bigint = @slot AND objsubid = 2 "
        + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    /// <summary>What the session needs, in so far as this PostgreSQL knows it (most came with 12 and 14).</summary>
    private static readonly (string Name, string Value)[] SessionSettings =
    [
        // The session is meant to wait, and to do nothing for long.
        ("statement_timeout", "0"), ("lock_timeout", "0"), ("idle_session_timeout", "0"),
        // A client whose machine vanished: 4 s + 3 × 2 s.
        ("tcp_keepalives_idle", "4"), ("tcp_keepalives_interval", "2"), ("tcp_keepalives_count", "3"), ("tcp_user_timeout", "10000"),
        // One that died while it waited; else its session would wait on in its place.
        ("client_connection_check_interval", "2000"),
    ];

    private readonly string _settings = Settings(connectionString);
    private readonly CancellationTokenSource _disposing = new();
    private CancellationTokenSource _wake = new();
    private Task _watching = Task.CompletedTask;
    private volatile bool _isStandingBy;
    private volatile bool _isInDoubt;
    private int _session;
    private string? _told;

    public bool IsStandingBy => _isStandingBy;

    public async Task<CancellationToken> AcquireAsync(CancellationToken stop)
    {
        await _watching.ConfigureAwait(false);
        for (var isBack = false; ; isBack = true)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await ConnectAsync(stop).ConfigureAwait(false);
                if (isBack) await Task.Delay(HolderFirst, stop).ConfigureAwait(false);
                if (!await TryLockAsync(connection, stop).ConfigureAwait(false)) await StandByAsync(connection, stop).ConfigureAwait(false);
                return Held(connection);
            }
#pragma warning disable CA1031 // Without an answer nobody may serve, and sooner or later there is one.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
                stop.ThrowIfCancellationRequested();
                TellCannotAsk(e);
            }
            await Task.Delay(AskAgain, stop).ConfigureAwait(false);
        }
    }

    public void Doubt()
    {
        _isInDoubt = true;
        _ = Volatile.Read(ref _wake).CancelAsync();
    }

    /// <summary>Gives the lease back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync().ConfigureAwait(false);
        await Volatile.Read(ref _wake).CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    private static string Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Multiplexing = false,
            CommandTimeout = AnswerSeconds,
            CancellationTimeout = CancelMilliseconds,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 4,
            TcpKeepAliveInterval = 1,
        };
        settings.ApplicationName = $"{settings.ApplicationName ?? "MucComponent"} lease";
        return settings.ConnectionString;
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken stop)
    {
        var connection = new NpgsqlConnection(_settings);
        try
        {
            await connection.OpenAsync(stop).ConfigureAwait(false);
            foreach (var (name, value) in SessionSettings) await SetAsync(connection, name, value, stop).ConfigureAwait(false);
            _session = (int)(await AskAsync(connection, "SELECT pg_backend_pid()", stop).ConfigureAwait(false))!;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task SetAsync(NpgsqlConnection connection, string name, string value, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT set_config(name, @value, false) FROM pg_settings WHERE name = @name", connection);
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("value", value);
        try
        {
            await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            // Its system cannot do that. The holder is found out all the same, only later.
        }
    }

    private async Task<object?> AskAsync(NpgsqlConnection connection, string sql, CancellationToken stop, int? seconds = null, int? former = null)
    {
#pragma warning disable CA2100 // The statements are ours.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        if (seconds is { } time) command.CommandTimeout = time;
        command.Parameters.AddWithValue("domain", domain.Domain);
        command.Parameters.AddWithValue("slot", slot);
        if (former is { } pid) command.Parameters.AddWithValue("former", pid);
        return await command.ExecuteScalarAsync(stop).ConfigureAwait(false);
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken stop) =>
        await AskAsync(connection, "SELECT pg_try_advisory_lock(hashtext(@domain), @slot)", stop).ConfigureAwait(false) is true;

    private async Task StandByAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        log.StandingBy(domain);
        _told = null;
        _isStandingBy = true;
        try
        {
            await AskAsync(connection, "SELECT pg_advisory_lock(hashtext(@domain), @slot)", stop, seconds: 0).ConfigureAwait(false);
        }
        finally
        {
            _isStandingBy = false;
        }
        log.TookOver(domain);
    }

    private CancellationToken Held(NpgsqlConnection connection)
    {
        (_told, _isInDoubt) = (null, false);
        // Not disposed, since whoever has its token may ask it at any time; it holds nothing that would have to be given back.
        var lost = new CancellationTokenSource();
        _watching = Task.Run(() => WatchAsync(connection, lost));
        return lost.Token;
    }

    /// <summary>Has the lease until it is lost or given back.</summary>
    private async Task WatchAsync(NpgsqlConnection held, CancellationTokenSource lost)
    {
        var connection = held;
        try
        {
            while (!_disposing.IsCancellationRequested)
            {
                if (await BrokenAsync(connection).ConfigureAwait(false) is not { } broken) continue;
                await connection.DisposeAsync().ConfigureAwait(false);
                if (await RegainAsync(_session, broken).ConfigureAwait(false) is not { } next) break;
                connection = next;
            }
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (!_disposing.IsCancellationRequested)
            {
                log.Lost(domain);
                await lost.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits a while, or until somebody doubts; then asks PostgreSQL for a sign of life. What is wrong, or null.</summary>
    private async Task<Exception?> BrokenAsync(NpgsqlConnection connection)
    {
        try
        {
            await PauseAsync(token => connection.WaitAsync(LookEvery, token)).ConfigureAwait(false);
            if (_disposing.IsCancellationRequested) return null;
            var wasInDoubt = _isInDoubt;
            await AskAsync(connection, "SELECT 1", _disposing.Token).ConfigureAwait(false);
            if (wasInDoubt) _isInDoubt = false;
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, this session cannot be relied upon any more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    /// <summary>
    /// A connection with which we have the lease once more; null if it is another's, or if nobody can tell while somebody
    /// doubts. As long as PostgreSQL does not answer nobody else can have got it.
    /// </summary>
    private async Task<NpgsqlConnection?> RegainAsync(int former, Exception broken)
    {
        for (var why = broken; !_isInDoubt && !_disposing.IsCancellationRequested;)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await ConnectAsync(_disposing.Token).ConfigureAwait(false);
                if (await TakeBackAsync(connection, former).ConfigureAwait(false))
                {
                    if (_told is not null) log.StillOurs(domain);
                    _told = null;
                    return connection;
                }
                await connection.DisposeAsync().ConfigureAwait(false);
                return null;
            }
#pragma warning disable CA1031 // As above.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
                why = e;
            }
            if (!_disposing.IsCancellationRequested) TellCannotAsk(why);
            await PauseAsync(token => Task.Delay(AskAgain, token)).ConfigureAwait(false);
        }
        return null;
    }

    /// <summary>Where the connection broke in between, PostgreSQL may take our own former session for alive still: that one has to go.</summary>
    private async Task<bool> TakeBackAsync(NpgsqlConnection connection, int former)
    {
        for (var glance = 0; glance < Glances; glance++)
        {
            if (await TryLockAsync(connection, _disposing.Token).ConfigureAwait(false)) return true;
            if (await AskAsync(connection, $"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {Ours} AND pid = @former", _disposing.Token, former: former).ConfigureAwait(false) is not true)
                return false;
            await Task.Delay(Glance, _disposing.Token).ConfigureAwait(false);
        }
        return false;
    }

    /// <summary>Waits for this, or until there is something to do at once.</summary>
    private async Task PauseAsync(Func<CancellationToken, Task> wait)
    {
        var wake = new CancellationTokenSource();
        Volatile.Write(ref _wake, wake);
        if (_isInDoubt || _disposing.IsCancellationRequested) return;
        try
        {
            await wait(wake.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (wake.IsCancellationRequested)
        {
            // Woken.
        }
    }

    /// <summary>Says a reason once, until there is a new one.</summary>
    private void TellCannotAsk(Exception e)
    {
        var reason = (e as PostgresException)?.MessageText ?? e.InnerException?.Message ?? e.Message;
        if (reason == _told) return;
        _told = reason;
        log.CannotAsk(domain, reason.EndsWith('.') ? reason : reason + ".");
    }
}
