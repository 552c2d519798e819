using MucComponent.Storage;
using MucComponent.Tests.Component;
using MucComponent.Tests.Survival;
using MucComponent.Xmpp;
using Npgsql;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

/// <summary>Who may be attached to the server, decided by a real PostgreSQL.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PostgresLeaseTests : IAsyncDisposable
{
    /// <summary>Against tests that would never end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<IAsyncDisposable> _opened = [];
    private readonly LogBook<PostgresLease> _log = new();
    private readonly CancellationTokenSource _stop = new();
    private string _database = "";

    [SetUp]
    public async Task Open() => _database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened)) await opened.DisposeAsync();
        _stop.Dispose();
    }

    [Test]
    public async Task It_is_had_at_once_and_the_second_stands_by_until_it_is_given_back()
    {
        var (first, second) = (Lease(), Lease());
        var lost = await AcquireAsync(first);
        Assert.That(_log.Lines, Is.Empty, "nothing to tell of");
        var waiting = second.AcquireAsync(_stop.Token);
        await StandsByAsync(second);
        Assert.That(waiting.IsCompleted, Is.False);

        await first.DisposeAsync();
        await waiting.WaitAsync(Patience);
        Assert.That(lost.IsCancellationRequested, Is.False, "it was given back");
        Assert.That(second.IsStandingBy, Is.False);
        Assert.That(_log.Lines, Is.EqualTo(["Information: Standing by: another instance has the service chat.shakespeare.lit.", "Information: Took over the service chat.shakespeare.lit: the other instance is gone."]));
    }

    [Test]
    public async Task A_holder_whose_session_ends_hears_of_it_and_another_has_it()
    {
        var (first, second) = (Lease(), Lease());
        var lost = await AcquireAsync(first);
        var waiting = second.AcquireAsync(_stop.Token);
        await StandsByAsync(second);

        await EndSessionAsync(await HolderAsync());
        await waiting.WaitAsync(Patience);
        await CancelledAsync(lost);
        Assert.That(_log.Lines, Has.One.EqualTo("Warning: This instance has the service chat.shakespeare.lit no longer, and ends its connection to the server."));

        // It is a standby like any other.
        var again = first.AcquireAsync(_stop.Token);
        await StandsByAsync(first);
        await second.DisposeAsync();
        await again.WaitAsync(Patience);
    }

    [Test]
    public async Task A_holder_whose_session_ends_while_nobody_waits_has_it_still()
    {
        var lease = Lease();
        var lost = await AcquireAsync(lease);
        for (var time = 0; time < 3; time++)
        {
            var former = await HolderAsync();
            await EndSessionAsync(former);
            await UntilAsync(async () => await HolderAsync() is { } now && now != former);
        }
        Assert.That(lost.IsCancellationRequested, Is.False);
        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public async Task A_holder_stays_one_while_PostgreSQL_is_away_and_goes_first_when_it_is_back()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        _database = await cluster.NewDatabaseAsync();
        var (first, second) = (Lease(), Lease());
        var lost = await AcquireAsync(first);
        var waiting = second.AcquireAsync(_stop.Token);
        await StandsByAsync(second);

        await cluster.StopAsync();
        await _log.SaysAsync("cannot be asked whose the service chat.shakespeare.lit is");
        await UntilAsync(() => Task.FromResult(!second.IsStandingBy));
        await cluster.StartAsync();
        await _log.SaysAsync("is still this instance's");
        await StandsByAsync(second);
        Assert.That(lost.IsCancellationRequested || waiting.IsCompleted, Is.False);
        await _stop.CancelAsync();
        Assert.That(async () => await waiting.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        await first.DisposeAsync();
    }

    [Test]
    public async Task In_doubt_it_is_ours_if_PostgreSQL_says_so_and_lost_if_nobody_can_tell()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        _database = await cluster.NewDatabaseAsync();
        var lease = Lease();
        var lost = await AcquireAsync(lease);
        var session = await HolderAsync();
        for (var time = 0; time < 3; time++)
        {
            var before = await AskAsync("SELECT clock_timestamp()");
            lease.Doubt();
            await UntilAsync(async () => await AskAsync($"SELECT query_start FROM pg_stat_activity WHERE {Sessions}") is DateTime asked && asked > (DateTime)before!);
            Assert.That(await HolderAsync(), Is.EqualTo(session));
        }
        Assert.That(lost.IsCancellationRequested, Is.False);

        await cluster.StopAsync();
        await _log.SaysAsync("cannot be asked");
        Assert.That(lost.IsCancellationRequested, Is.False);
        lease.Doubt();
        await CancelledAsync(lost);
        await lease.DisposeAsync();
    }

    [Test]
    public async Task A_session_of_ours_that_hangs_in_a_dead_connection_does_not_keep_us_out()
    {
        var network = new TcpProxy(new NpgsqlConnectionStringBuilder(_database).Port);
        _opened.Add(network);
        var lease = Lease(through: network);
        var lost = await AcquireAsync(lease);
        var former = await HolderAsync();
        await network.GoDeadAsync();

        await UntilAsync(async () => await HolderAsync() is { } now && now != former);
        Assert.That(lost.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Domains_and_slots_and_databases_have_leases_of_their_own()
    {
        await AcquireAsync(Lease());
        await AcquireAsync(Lease("rooms.shakespeare.lit"));
        await AcquireAsync(Lease(slot: 1));
        _database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        await AcquireAsync(Lease());
        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public async Task A_standby_that_stops_waiting_leaves_nothing_behind()
    {
        var (first, second) = (Lease(), Lease());
        await AcquireAsync(first);
        var waiting = second.AcquireAsync(_stop.Token);
        await StandsByAsync(second);

        await _stop.CancelAsync();
        Assert.That(async () => await waiting.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        await UntilAsync(async () => await AskAsync($"SELECT count(*) FROM pg_stat_activity WHERE {Sessions}") is 1L);
        Assert.That(second.IsStandingBy, Is.False);
    }

    private const string Sessions = "datname = current_database() AND application_name = 'MucComponent lease'";

    private PostgresLease Lease(string domain = "chat.shakespeare.lit", int slot = 0, TcpProxy? through = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(_database);
        if (through is not null) settings.Port = through.Port;
        var lease = new PostgresLease(settings.ConnectionString, Jid.Parse(domain), slot, _log);
        _opened.Add(lease);
        return lease;
    }

    private Task<CancellationToken> AcquireAsync(PostgresLease lease) => lease.AcquireAsync(_stop.Token).WaitAsync(Patience);

    private static Task StandsByAsync(PostgresLease lease) => UntilAsync(() => Task.FromResult(lease.IsStandingBy));

    private static async Task CancelledAsync(CancellationToken token) => await UntilAsync(() => Task.FromResult(token.IsCancellationRequested));

    /// <summary>The session that has the lease.</summary>
    private async Task<int?> HolderAsync() =>
        (int?)await AskAsync($"SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND {Sessions}");

    private async Task EndSessionAsync(int? session) => await AskAsync($"SELECT pg_terminate_backend({session})");

    private async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        for (var end = DateTime.UtcNow + Patience; !await done(); await Task.Delay(20))
            if (DateTime.UtcNow > end) throw new TimeoutException("it never came to that");
    }
}
