using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>Finding and removing in SQL what is kept no longer, and putting aside what is kept longer than its room.</summary>
internal static class RetentionSql
{
    /// <summary>Rooms that are looked at for one portion.</summary>
    private const int MaxRooms = 100;

    private static readonly Place[] Places = [new("room", "jid", "message", "room"), new("destroyed_room", "id", "destroyed_message", "archive")];

    /// <summary>The oldest messages that are too old, of one room after another, until there are enough of them.</summary>
    public static async Task<List<Expired>> FindAsync(SqlSession session, DateTimeOffset now, TimeSpan? atMost, int max, CancellationToken stop)
    {
        var found = new List<Expired>();
        foreach (var place in Places)
            foreach (var (room, key, since) in await RoomsAsync(session, place, now, atMost, stop))
            {
                if (max <= 0) break;
                var ids = await OldestAsync(session, place, key, since, max, stop);
                if (ids.Count == 0) continue;
                found.Add(new Expired(room, place, key, ids[^1], ids.Count));
                max -= ids.Count;
            }
        return found;
    }

    /// <summary>Of a destroyed room nothing is left with its last message.</summary>
    public static IEnumerable<Statement> Remove(Expired expired)
    {
        var (rooms, id, messages, owner) = expired.Place;
        (string, object?) key = ("@key", expired.Key);
        yield return new($"DELETE FROM {messages} WHERE {owner} = @key AND id <= @last", key, ("@last", expired.Last));
        if (rooms == "room") yield return AuthorSql.Forget(expired.Key, expired.Last);
        if (rooms == "destroyed_room")
            yield return new($"DELETE FROM {rooms} WHERE {id} = @key AND NOT EXISTS (SELECT 1 FROM {messages} WHERE {owner} = @key)", key);
    }

    /// <summary>Keeps what is archived of a room that is destroyed next, if anything is.</summary>
    public static IEnumerable<Statement> PutAside(Jid room, DestroyedArchive archive)
    {
        (string, object?) key = ("@room", room.ToString()), id = ("@archive", archive.Id);
        yield return new(
            """
            INSERT INTO destroyed_room (id, jid, name, at, keep_for)
            SELECT @archive, @room, @name, @at, CAST(@keep_for AS bigint)
            WHERE EXISTS (SELECT 1 FROM message WHERE room = @room AND archived)
            """,
            id, key, ("@name", archive.Name), ("@at", RoomSql.Micros(archive.At)), ("@keep_for", RoomSql.Micros(archive.Retention)));
        yield return new(
            """
            INSERT INTO destroyed_message (archive, id, at, sender, real_jid, resource, affiliation, role, open, xml)
            SELECT @archive, id, at, sender, real_jid, resource, affiliation, role, open, xml FROM message WHERE room = @room AND archived
            """,
            id, key);
    }

    // A room's first message is found by the key, so that a room costs one look, however much it keeps.
    private static async Task<List<(Jid Room, object Key, DateTimeOffset Since)>> RoomsAsync(
        SqlSession session, Place place, DateTimeOffset now, TimeSpan? atMost, CancellationToken stop)
    {
        var (rooms, id, messages, owner) = place;
        var found = new List<(Jid, object, DateTimeOffset)>();
        await using var rows = await session.ReadAsync(
            new Statement(
                $"""
                SELECT jid, owner, since FROM (
                    SELECT jid, {id} AS owner, @now - CASE WHEN keep_for < @at_most THEN keep_for ELSE @at_most END AS since
                    FROM {rooms} {(atMost is null ? "WHERE keep_for IS NOT NULL" : "")}) AS kept
                WHERE (SELECT at FROM {messages} WHERE {owner} = kept.owner ORDER BY id LIMIT 1) < since
                LIMIT {MaxRooms}
                """,
                ("@now", RoomSql.Micros(now)), ("@at_most", RoomSql.Micros(atMost) ?? long.MaxValue / 2)),
            stop);
        while (await rows.ReadAsync(stop)) found.Add((Jid.Parse(rows.GetString(0)), rows.GetValue(1), RoomSql.Time(rows.GetInt64(2))));
        return found;
    }

    private static async Task<List<Guid>> OldestAsync(SqlSession session, Place place, object key, DateTimeOffset since, int max, CancellationToken stop)
    {
        var ids = new List<Guid>();
        await using var rows = await session.ReadAsync(
            new Statement(
                $"SELECT id FROM {place.Messages} WHERE {place.Owner} = @key AND id < @start ORDER BY id LIMIT @max",
                ("@key", key), ("@start", ArchiveQuery.Start(since)), ("@max", (long)max)),
            stop);
        while (await rows.ReadAsync(stop)) ids.Add(rows.GetGuid(0));
        return ids;
    }
}

/// <summary>Where messages lie, and whose they are: that of the rooms there are, or of those there were.</summary>
internal sealed record Place(string Rooms, string Id, string Messages, string Owner);

/// <summary>The oldest messages of a room, which are kept no longer.</summary>
/// <param name="Key">Whose they are, as the database has it.</param>
/// <param name="Last">The newest of them.</param>
internal sealed record Expired(Jid Room, Place Place, object Key, Guid Last, int Count);
