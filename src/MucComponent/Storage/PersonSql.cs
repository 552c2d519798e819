using System.Data.Common;
using System.Text.Json;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>What a database holds about one person, and what was taken away and can be given back.</summary>
internal static class PersonSql
{
    // Below every id of a message.
    private static readonly Guid First = Guid.Empty;

    /// <summary>One look for each room and kind, by the keys; lists that features keep are searched as text, written as there (JSON).</summary>
    public static Statement ListTraces(Jid person, Jid? after, int max) => new(
        """
        SELECT jid FROM room WHERE jid > @after AND (
            EXISTS (SELECT 1 FROM author WHERE author.room = room.jid AND author.jid = @person)
            OR EXISTS (SELECT 1 FROM message WHERE message.room = room.jid AND real_jid = @person AND NOT archived)
            OR EXISTS (SELECT 1 FROM affiliation WHERE affiliation.room = room.jid AND affiliation.jid = @person)
            OR EXISTS (SELECT 1 FROM session WHERE session.room = room.jid AND instr(session.jid, @slash) = 1)
            OR instr(extra, @json) > 0)
        ORDER BY jid LIMIT @max
        """,
        ("@after", after?.ToString() ?? ""), ("@person", person.ToString()), ("@slash", $"{person}/"),
        ("@json", JsonSerializer.Serialize(person.ToString())[1..^1]), ("@max", (long)max));

    public static Task<IReadOnlyList<RemovalRecord>> ListRemovalsAsync(SqlSession session, int max, CancellationToken stop) => ReadAsync(
        session,
        new("SELECT removal, count(*), max(until) FROM removed_message GROUP BY removal ORDER BY removal DESC LIMIT @max", ("@max", (long)max)),
        row => new RemovalRecord(row.GetGuid(0), (int)row.GetInt64(1), RoomSql.Time(row.GetInt64(2))),
        stop);

    public static Task<IReadOnlyList<RemovedMessage>> ReadRemovalAsync(SqlSession session, Guid removal, RemovedMessage? after, int max, CancellationToken stop) => ReadAsync(
        session,
        new(
            """
            SELECT room, id, xml FROM removed_message WHERE removal = @removal AND (room > @room OR (room = @room AND id > @id))
            ORDER BY room, id LIMIT @max
            """,
            ("@removal", removal), ("@room", after?.Room.ToString() ?? ""), ("@id", after?.Id ?? First), ("@max", (long)max)),
        row => new RemovedMessage(Jid.Parse(row.GetString(0)), row.GetGuid(1), row.GetString(2)),
        stop);

    public static Statement RemoveAside(DateTimeOffset now) => new("DELETE FROM removed_message WHERE until < @now", ("@now", RoomSql.Micros(now)));

    public static Task<IReadOnlyList<DestroyedMessage>> ReadDestroyedAsync(SqlSession session, Jid person, DestroyedMessage? after, int max, CancellationToken stop) => ReadAsync(
        session,
        new(
            """
            SELECT m.archive, r.jid, m.id, m.at, m.xml FROM destroyed_message m JOIN destroyed_room r ON r.id = m.archive
            WHERE m.real_jid = @person AND (m.archive > @archive OR (m.archive = @archive AND m.id > @id))
            ORDER BY m.archive, m.id LIMIT @max
            """,
            ("@person", person.ToString()), ("@archive", after?.Archive ?? First), ("@id", after?.Id ?? First), ("@max", (long)max)),
        row => new DestroyedMessage(row.GetGuid(0), Jid.Parse(row.GetString(1)), row.GetGuid(2), RoomSql.Time(row.GetInt64(3)), row.GetString(4)),
        stop);

    public static Statement RemoveDestroyed(Jid person) => new("DELETE FROM destroyed_message WHERE real_jid = @person", ("@person", person.ToString()));

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(SqlSession session, Statement statement, Func<DbDataReader, T> read, CancellationToken stop)
    {
        var all = new List<T>();
        await using var rows = await session.ReadAsync(statement, stop);
        while (await rows.ReadAsync(stop)) all.Add(read(rows));
        return all;
    }
}
