using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

/// <summary>What every store in a database must do besides.</summary>
public abstract class SqlRoomStoreContract : RoomStoreContract
{
    private SqlRoomStore Sql => (SqlRoomStore)Store;

    private static readonly DateTimeOffset Destruction = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static RoomDestroyed Destroyed(string name, TimeSpan? retention) =>
        new(null) { Archive = new DestroyedArchive(Guid.NewGuid(), name, Destruction, retention) };

    /// <summary>The first column of the first row, asked past the store.</summary>
    protected abstract Task<object?> QueryAsync(string sql);

    [Test]
    public async Task What_a_person_said_in_destroyed_rooms_is_found_and_removed()
    {
        var random = new RandomChanges(23);
        foreach (var name in new[] { "a", "b" })
        {
            var claim = await CreateAsync(At(name));
            await SaveAsync(At(name), claim,
            [
                .. Enumerable.Range(0, 6).Select(i => new MessageKept(random.Message(inHistory: true, archived: true) with
                {
                    Author = new Author((i % 2 == 0 ? Hecate : Coven).WithResource("x"), Affiliation.None, Role.Participant, false),
                })),
                Destroyed(name, null),
            ]);
        }
        var found = new List<DestroyedMessage>();
        while (await Store.ReadDestroyedAsync(Hecate, found.LastOrDefault(), 2, default) is { Count: > 0 } page) found.AddRange(page);
        Assert.That(found.Select(m => m.Room.Local).Order(), Is.EqualTo(new[] { "a", "a", "a", "b", "b", "b" }));
        Assert.That(found.Select(m => m.Id), Is.Unique);

        await Store.RemoveDestroyedAsync(Hecate, default);

        Assert.That(await Store.ReadDestroyedAsync(Hecate, null, 9, default), Is.Empty);
        Assert.That(await QueryAsync("SELECT count(*) FROM destroyed_message"), Is.EqualTo(6));
    }

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
        Assert.That(await QueryAsync("SELECT count(*) FROM message"), Is.InRange(StoredRoom.HistoryKept + 25, StoredRoom.HistoryKept + 25 + SqlRoomStore.TrimEvery));
    }

    [Test]
    public async Task Nothing_of_a_destroyed_room_is_left_behind()
    {
        var random = new RandomChanges(8);
        var claim = await CreateAsync(Coven);
        for (var i = 0; i < 30; i++) await SaveAsync(Coven, claim, [.. random.Step(exists: true).Where(c => c is not RoomDestroyed)]);
        await SaveAsync(Coven, claim, new RoomDestroyed(null));

        foreach (var table in new[] { "room", "affiliation", "session", "message", "tombstone", "destroyed_room", "destroyed_message" })
            Assert.That(await QueryAsync($"SELECT count(*) FROM {table}"), Is.Zero, table);
    }

    [Test]
    public async Task The_archive_of_a_destroyed_room_is_kept_where_that_is_wanted()
    {
        var random = new RandomChanges(19);
        for (var time = 1; time <= 2; time++)
        {
            var claim = await CreateAsync(Coven);
            var messages = Enumerable.Range(0, 20).Select(i => random.Message(inHistory: true, archived: i % 4 == 0));
            await SaveAsync(Coven, claim, [.. messages.Select(m => new MessageKept(m))]);
            await SaveAsync(Coven, claim, Destroyed($"The Coven {time}", null));
        }

        Assert.That(await QueryAsync("SELECT count(*) FROM message"), Is.Zero);
        Assert.That(await QueryAsync("SELECT count(*) FROM destroyed_message"), Is.EqualTo(10));
        Assert.That(
            await QueryAsync("SELECT count(*) FROM destroyed_room r JOIN destroyed_message m ON m.archive = r.id WHERE r.jid = 'coven@chat.shakespeare.lit' AND r.name = 'The Coven 2' AND r.at = 1777636800000000"),
            Is.EqualTo(5));
    }

    [Test]
    public async Task Of_a_destroyed_room_in_which_nothing_was_archived_nothing_is_kept()
    {
        var claim = await CreateAsync(Coven);
        await SaveAsync(Coven, claim, new MessageKept(new RandomChanges(20).Message(inHistory: true, archived: false)), Destroyed("The Coven", null));

        Assert.That(await QueryAsync("SELECT count(*) FROM destroyed_room"), Is.Zero);
    }

    [Test]
    public async Task The_archive_of_a_destroyed_room_is_kept_no_longer_than_the_others()
    {
        var random = new RandomChanges(21);
        foreach (var (name, days) in new[] { ("a", (int?)null), ("b", 2) })
        {
            var claim = await CreateAsync(At(name));
            await SaveAsync(At(name), claim, [.. Enumerable.Range(1, 20).Select(i => new MessageKept(random.Message(inHistory: false, archived: true, at: Destruction.AddDays(i - 20))))]);
            await SaveAsync(At(name), claim, Destroyed(name, days is { } d ? TimeSpan.FromDays(d) : null));
        }

        Assert.That(await PortionsAsync(Destruction, null), Is.EqualTo(new[] { 7, 7, 3, 0 }), "by itself b keeps two days");
        Assert.That(await PortionsAsync(Destruction, TimeSpan.FromDays(10)), Is.EqualTo(new[] { 7, 2, 0 }), "the service allows ten");
        Assert.That(await QueryAsync("SELECT count(*) FROM destroyed_message"), Is.EqualTo(14));
        Assert.That(await PortionsAsync(Destruction.AddDays(5), TimeSpan.FromDays(10)), Is.EqualTo(new[] { 7, 1, 0 }));
        Assert.That(await QueryAsync("SELECT count(*) FROM destroyed_room"), Is.EqualTo(1), "with its last message b is gone");
        Assert.That(await QueryAsync("SELECT count(*) FROM destroyed_message"), Is.EqualTo(6));

        async Task<List<int>> PortionsAsync(DateTimeOffset now, TimeSpan? atMost)
        {
            var portions = new List<int>();
            do portions.Add(await Store.RemoveExpiredAsync(now, atMost, 7, default));
            while (portions[^1] > 0 && portions.Count < 99);
            return portions;
        }
    }

    [Test]
    public async Task A_database_of_a_newer_release_is_refused()
    {
        await QueryAsync("UPDATE muc_schema SET version = 1000");

        Assert.That(() => Sql.OpenAsync(default), Throws.TypeOf<StoreUnavailableException>().With.Message.Contains("newer release"));
    }
}
