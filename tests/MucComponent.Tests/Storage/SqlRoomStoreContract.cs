using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

/// <summary>What every store in a database must do besides.</summary>
public abstract class SqlRoomStoreContract : RoomStoreContract
{
    private SqlRoomStore Sql => (SqlRoomStore)Store;

    /// <summary>The first column of the first row, asked past the store.</summary>
    protected abstract Task<object?> QueryAsync(string sql);

    [Test]
    public async Task Saves_that_wait_together_share_commits()
    {
        var claims = new List<(Jid Room, Claim Claim)>();
        for (var i = 0; i < 100; i++) claims.Add((At($"room{i}"), await CreateAsync(At($"room{i}"))));
        var before = Sql.Commits;

        await Task.WhenAll(claims.Select(c => SaveAsync(c.Room, c.Claim, Owner(Hecate))));

        Assert.That(Sql.Commits - before, Is.LessThan(50));
    }

    [Test]
    public async Task A_save_that_the_database_refuses_does_not_hurt_those_who_save_at_the_same_time()
    {
        var message = new MessageKept(new RandomChanges(6).Message(inHistory: true));
        var coven = await CreateAsync(Coven);
        var heath = await CreateAsync(At("heath"));

        var twice = SaveAsync(Coven, coven, message, message);
        await SaveAsync(At("heath"), heath, Owner(Hecate));

        Assert.That(() => twice, Throws.InstanceOf<System.Data.Common.DbException>());
        Assert.That((await LoadAsync(Coven)).Stored.History, Is.Empty);
        Assert.That((await LoadAsync(At("heath"))).Stored.Affiliations.Keys, Is.EqualTo(new[] { Hecate }));
    }

    [Test]
    public async Task All_that_is_archived_is_kept_and_of_the_rest_what_newcomers_get()
    {
        var random = new RandomChanges(7);
        var claim = await CreateAsync(Coven);
        for (var i = 0; i < 300; i += 10)
            await SaveAsync(Coven, claim, [.. Enumerable.Range(i, 10).Select(n => new MessageKept(random.Message(inHistory: true, archived: n % 4 == 0)))]);

        Assert.That(await QueryAsync("SELECT count(*) FROM message WHERE archived"), Is.EqualTo(75));
        Assert.That(await QueryAsync("SELECT count(*) FROM message"), Is.EqualTo(StoredRoom.HistoryKept + 25));
    }

    [Test]
    public async Task Nothing_of_a_destroyed_room_is_left_behind()
    {
        var random = new RandomChanges(8);
        var claim = await CreateAsync(Coven);
        for (var i = 0; i < 30; i++) await SaveAsync(Coven, claim, [.. random.Step(exists: true).Where(c => c is not RoomDestroyed)]);
        await SaveAsync(Coven, claim, new RoomDestroyed(null));

        foreach (var table in new[] { "room", "affiliation", "session", "message", "tombstone" })
            Assert.That(await QueryAsync($"SELECT count(*) FROM {table}"), Is.Zero, table);
    }

    [Test]
    public async Task A_database_of_a_newer_release_is_refused()
    {
        await QueryAsync("UPDATE muc_schema SET version = 1000");

        Assert.That(() => Sql.OpenAsync(default), Throws.TypeOf<StoreUnavailableException>().With.Message.Contains("newer release"));
    }
}
