using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>Finding and removing in SQL what rooms keep no longer.</summary>
internal static class RetentionSql
{
    /// <summary>Rooms that are looked at for one portion.</summary>
    private const int MaxRooms = 100;

    /// <summary>The oldest messages that are too old, of one room after another, until there are enough of them.</summary>
    public static async Task<List<Expired>> FindAsync(SqlSession session, DateTimeOffset now, TimeSpan? atMost, int max, CancellationToken stop)
    {
        var found = new List<Expired>();
        foreach (var (room, since) in await RoomsAsync(session, now, atMost, stop))
        {
            if (max <= 0) break;
            var ids = await OldestAsync(session, room, since, max, stop);
            if (ids.Count == 0) continue;
            found.Add(new Expired(room, ids[^1], ids.Count));
            max -= ids.Count;
        }
        return found;
    }

    public static Statement Remove(Expired expired) =>
        new("DELETE FROM message WHERE room = @room AND id <= @last", ("@room", expired.Room.ToString()), ("@last", expired.Last));

    // A room's first message is found by the key, so that a room costs one look, however much it keeps.
    private static async Task<List<(Jid Room, DateTimeOffset Since)>> RoomsAsync(SqlSession session, DateTimeOffset now, TimeSpan? atMost, CancellationToken stop)
    {
        var rooms = new List<(Jid, DateTimeOffset)>();
        await using var rows = await session.ReadAsync(
            new Statement(
                $"""
                SELECT jid, since FROM (
                    SELECT jid, @now - CASE WHEN keep_for < @at_most THEN keep_for ELSE @at_most END AS since
                    FROM room {(atMost is null ? "WHERE keep_for IS NOT NULL" : "")}) AS kept
                WHERE (SELECT at FROM message WHERE room = kept.jid ORDER BY id LIMIT 1) < since
                LIMIT {MaxRooms}
                """,
                ("@now", RoomSql.Micros(now)), ("@at_most", RoomSql.Micros(atMost) ?? long.MaxValue / 2)),
            stop);
        while (await rows.ReadAsync(stop)) rooms.Add((Jid.Parse(rows.GetString(0)), RoomSql.Time(rows.GetInt64(1))));
        return rooms;
    }

    private static async Task<List<Guid>> OldestAsync(SqlSession session, Jid room, DateTimeOffset since, int max, CancellationToken stop)
    {
        var ids = new List<Guid>();
        await using var rows = await session.ReadAsync(
            new Statement(
                "SELECT id FROM message WHERE room = @room AND id < @start ORDER BY id LIMIT @max",
                ("@room", room.ToString()), ("@start", ArchiveQuery.Start(since)), ("@max", (long)max)),
            stop);
        while (await rows.ReadAsync(stop)) ids.Add(rows.GetGuid(0));
        return ids;
    }
}

/// <summary>A room's oldest messages, which it keeps no longer.</summary>
/// <param name="Last">The newest of them.</param>
internal sealed record Expired(Jid Room, Guid Last, int Count);
