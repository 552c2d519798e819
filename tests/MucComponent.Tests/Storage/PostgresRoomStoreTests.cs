using MucComponent.Rooms;
using MucComponent.Storage;
using Npgsql;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

[TestFixture]
public sealed class PostgresRoomStoreTests : SqlRoomStoreContract
{
    private string _database = "";

    protected override async Task<IRoomStore> EmptyAsync()
    {
        _database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        return new PostgresRoomStore(_database);
    }

    protected override async ValueTask<IRoomStore> RestartedAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return new PostgresRoomStore(_database);
    }

    protected override async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    [Test]
    public async Task Several_workers_may_make_the_tables_at_once()
    {
        _database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        var workers = Enumerable.Range(0, 5).Select(_ => new PostgresRoomStore(_database)).ToList();

        await Task.WhenAll(workers.Select(worker => worker.OpenAsync(default)));

        Assert.That(await QueryAsync("SELECT opened FROM muc_schema"), Is.EqualTo(5));
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    [Test]
    public async Task A_room_moves_to_the_worker_that_loads_it()
    {
        await using var other = new PostgresRoomStore(_database);
        await other.OpenAsync(default);
        var here = await CreateAsync(Coven);
        var (_, there) = await other.LoadAsync(Coven, default);

        Assert.That(() => SaveAsync(Coven, here, Owner(Hecate)), Throws.TypeOf<ClaimLostException>());
        Assert.That(() => other.SaveAsync(Coven, there, [Owner(Hecate)], default), Throws.Nothing);
    }

    [Test]
    public async Task Workers_that_create_the_same_rooms_at_once_make_each_of_them_once()
    {
        await using var other = new PostgresRoomStore(_database);
        await other.OpenAsync(default);
        var rooms = Enumerable.Range(0, 100).Select(i => At($"room{i}")).ToList();
        var here = await Task.WhenAll(rooms.Select(LoadAsync));
        var there = await Task.WhenAll(rooms.Select(room => other.LoadAsync(room, default)));

        var saves = rooms.SelectMany((room, i) => new[]
        {
            Task.Run(() => SaveAsync(room, here[i].Claim, Room("here"))),
            Task.Run(() => other.SaveAsync(rooms[^(i + 1)], there[^(i + 1)].Claim, [Room("there")], default)),
        }).ToList();
        await Task.WhenAll(saves.Select(save => save.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.That(saves.Count(save => save.IsCompletedSuccessfully), Is.EqualTo(100));
        Assert.That(
            saves.Where(save => !save.IsCompletedSuccessfully).Select(save => save.Exception?.InnerException), Is.All.TypeOf<ClaimLostException>());
    }

    [Test]
    public async Task A_connection_that_died_of_age_is_replaced_unnoticed()
    {
        var claim = await CreateAsync(Coven);
        await QueryAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        await SaveAsync(Coven, claim, Owner(Hecate));

        Assert.That((await LoadAsync(Coven)).Stored.Affiliations.Keys, Is.EqualTo(new[] { Hecate }));
    }

    [Test]
    public async Task A_database_that_went_away_is_used_again_when_it_is_back()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var store = new PostgresRoomStore(await cluster.NewDatabaseAsync());
        await store.OpenAsync(default);
        var (_, claim) = await store.LoadAsync(Coven, default);
        await store.SaveAsync(Coven, claim, [Room("coven")], default);

        await cluster.StopAsync();
        Assert.That(() => store.SaveAsync(Coven, claim, [Owner(Hecate)], default), Throws.TypeOf<StoreUnavailableException>());
        Assert.That(() => store.ListAsync(null, null, false, 10, default), Throws.TypeOf<StoreUnavailableException>());

        await cluster.StartAsync();
        await store.SaveAsync(Coven, claim, [Owner(Hecate)], default);
        Assert.That((await store.ListAsync(null, null, false, 10, default)).Count, Is.EqualTo(1));
        Assert.That((await store.LoadAsync(Coven, default)).Stored.Affiliations.Keys, Is.EqualTo(new[] { Hecate }));
    }

    [Test]
    public async Task When_the_connection_breaks_in_the_commit_the_holder_has_to_load_again_to_know()
    {
        var claim = await CreateAsync(Coven);
        await QueryAsync(
            """
            CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER break AFTER INSERT ON affiliation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION break();
            """);
        Assert.That(() => SaveAsync(Coven, claim, Owner(Hecate)), Throws.TypeOf<StoreUnavailableException>());
        await QueryAsync("DROP TRIGGER break ON affiliation");

        Assert.That(() => SaveAsync(Coven, claim, Owner(Hecate)), Throws.TypeOf<ClaimLostException>());
        var (_, next) = await LoadAsync(Coven);
        Assert.That(() => SaveAsync(Coven, next, Owner(Hecate)), Throws.Nothing);
    }

    [TestCase("Port", "1", "Connection refused")]
    [TestCase("Password", "a-wrong-one", "password authentication failed")]
    [TestCase("Database", "nowhere", "database \"nowhere\" does not exist")]
    [TestCase("Host", "nowhere.invalid", "")]
    public async Task A_database_that_cannot_be_reached_is_told_in_one_line_without_the_password(string keyword, string value, string reason)
    {
        var settings = new NpgsqlConnectionStringBuilder(_database) { [keyword] = value };
        await using var store = new PostgresRoomStore(settings.ConnectionString);

        var refusal = Assert.ThrowsAsync<StoreUnavailableException>(() => store.OpenAsync(default));

        Assert.That(refusal!.Message, Does.StartWith($"MUC_POSTGRES: database {settings.Database} on {settings.Host}:{settings.Port}: ").And.Contains(reason));
        Assert.That(refusal.Message, Does.Not.Contain("\n"));
        Assert.That(refusal.ToString(), Does.Not.Contain(settings.Password!));
    }
}
