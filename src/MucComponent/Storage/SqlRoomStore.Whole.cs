using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>The whole of a database, for moving rooms (<see cref="IWholeStore"/>).</summary>
public abstract partial class SqlRoomStore : IWholeStore
{
    private const string Everything = "archive, id, at, sender, real_jid, resource, affiliation, role, open, xml";

    public Task<IReadOnlyList<Jid>> ListAllAsync(Jid? after, int max, CancellationToken stop) => RoomsAsync(
        new Statement(
            "SELECT jid FROM room WHERE jid > @after UNION SELECT room FROM tombstone WHERE room > @after ORDER BY 1 LIMIT @max",
            ("@after", after?.ToString() ?? ""), ("@max", (long)max)),
        stop);

    public Task<SeenRoom> SeeAsync(Jid room, CancellationToken stop) =>
        ReadAsync(
            async session =>
            {
                await session.ExecuteAsync([new(Snapshot)]);
                SeenRoom seen;
                await using (var rows = await session.ReadAsync(RoomSql.See(room), stop))
                {
                    var stored = await RoomSql.ReadRoomAsync(rows);
                    seen = new SeenRoom(stored, await rows.ReadAsync(stop) ? rows.GetGuid(0) : Guid.Empty);
                }
                await session.ExecuteAsync([Commit]);
                return seen;
            },
            stop);

    public Task<IReadOnlyList<MessageRecord>> ReadMessagesAsync(Jid room, Guid after, int max, CancellationToken stop) => MessagesAsync(
        new Statement(
            $"SELECT {RoomSql.MessageColumns} FROM message WHERE room = @room AND id > @after ORDER BY id LIMIT @max",
            ("@room", room.ToString()), ("@after", after), ("@max", (long)max)),
        stop);

    public Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop) =>
        ReadAsync<IReadOnlySet<Guid>>(
            async session =>
            {
                var ids = new HashSet<Guid>();
                await using var rows = await session.ReadAsync(
                    new Statement(
                        "SELECT id FROM message WHERE room = @room AND id >= @first AND id <= @last",
                        ("@room", room.ToString()), ("@first", first), ("@last", last)),
                    stop);
                while (await rows.ReadAsync(stop)) ids.Add(rows.GetGuid(0));
                return ids;
            },
            stop);

    public Task<IReadOnlyList<(Jid Room, DestroyedArchive Archive)>> ListDestroyedAsync(Guid after, int max, CancellationToken stop) =>
        ReadAsync<IReadOnlyList<(Jid, DestroyedArchive)>>(
            async session =>
            {
                var found = new List<(Jid, DestroyedArchive)>();
                await using var rows = await session.ReadAsync(
                    new Statement(
                        "SELECT id, jid, name, at, keep_for FROM destroyed_room WHERE id > @after ORDER BY id LIMIT @max", ("@after", after), ("@max", (long)max)),
                    stop);
                while (await rows.ReadAsync(stop))
                    found.Add((Jid.Parse(rows.GetString(1)), new DestroyedArchive(
                        rows.GetGuid(0), rows.GetString(2), RoomSql.Time(rows.GetInt64(3)),
                        await rows.IsDBNullAsync(4, stop) ? null : TimeSpan.FromMicroseconds(rows.GetInt64(4)))));
                return found;
            },
            stop);

    // What was put aside was archived, and no newcomer gets it.
    public Task<IReadOnlyList<MessageRecord>> ReadDestroyedAsync(Guid archive, Guid after, int max, CancellationToken stop) => MessagesAsync(
        new Statement(
            """
            SELECT id, at, sender, real_jid, resource, affiliation, role, open, xml, 1 = 0, 1 = 1, 1 = 0
            FROM destroyed_message WHERE archive = @archive AND id > @after ORDER BY id LIMIT @max
            """,
            ("@archive", archive), ("@after", after), ("@max", (long)max)),
        stop);

    public async Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop)
    {
        await ReadAsync(
            async session =>
            {
                await session.ExecuteAsync(
                [
                    new("BEGIN"),
                    new(
                        "INSERT INTO destroyed_room (id, jid, name, at, keep_for) VALUES (@id, @jid, @name, @at, @keep_for) ON CONFLICT DO NOTHING",
                        ("@id", archive.Id), ("@jid", room.ToString()), ("@name", archive.Name), ("@at", RoomSql.Micros(archive.At)),
                        ("@keep_for", RoomSql.Micros(archive.Retention))),
                    .. messages.Select(m => new Statement(
                        $"""
                        INSERT INTO destroyed_message ({Everything})
                        VALUES (@archive, @id, @at, @sender, @real_jid, @resource, @affiliation, @role, @open, @xml) ON CONFLICT DO NOTHING
                        """,
                        ("@archive", archive.Id), ("@id", m.Id), ("@at", RoomSql.Micros(m.At)), ("@sender", m.From.ToString()),
                        ("@real_jid", m.Author.Jid.Bare.ToString()), ("@resource", m.Author.Jid.Resource),
                        ("@affiliation", m.Author.Affiliation.Word()), ("@role", m.Author.Role.Word()), ("@open", m.Author.Open), ("@xml", m.Xml))),
                    Commit,
                ]);
                return true;
            },
            stop);
        return true;
    }

    private Task<IReadOnlyList<MessageRecord>> MessagesAsync(Statement statement, CancellationToken stop) =>
        ReadAsync<IReadOnlyList<MessageRecord>>(
            async session =>
            {
                var messages = new List<MessageRecord>();
                await using var rows = await session.ReadAsync(statement, stop);
                while (await rows.ReadAsync(stop)) messages.Add(RoomSql.Message(rows));
                return messages;
            },
            stop);
}
