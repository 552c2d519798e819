using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// What each <see cref="Change"/> means in SQL, and how a room is read back. The statements are the common ground of SQLite
/// and PostgreSQL, so that both keep the same.
/// </summary>
internal static class RoomSql
{
    /// <summary>What <see cref="Message"/> reads.</summary>
    public const string MessageColumns = "id, at, sender, real_jid, resource, affiliation, role, open, xml, in_history, archived, retracted";

    // Above every address: no address contains this noncharacter.
    private const string Last = "\U0010FFFF";

    public static IEnumerable<Statement> Keep(Jid room, Claim claim, Change change, bool exists)
    {
        (string, object?) key = ("@room", room.ToString());
        switch (change)
        {
            case RoomChanged { Room: var r }:
                if (!exists) yield return new("DELETE FROM tombstone WHERE room = @room", key);
                yield return new(
                    exists
                        ? """
                          UPDATE room SET salt = @salt, options = @options, name = @name, listed = @listed, locked = @locked,
                              created = @created, subject = @subject, subject_from = @subject_from, subject_at = @subject_at,
                              extra = @extra, emptied = @emptied, keep_for = @keep_for, due = @due
                          WHERE jid = @room AND claim = @claim
                          """
                        : """
                          INSERT INTO room (jid, claim, salt, options, name, listed, locked, created, subject, subject_from, subject_at, extra,
                              emptied, keep_for, due)
                          VALUES (@room, @claim, @salt, @options, @name, @listed, @locked, @created, @subject, @subject_from, @subject_at, @extra,
                              @emptied, @keep_for, @due)
                          """,
                    key, ("@claim", claim.Token), ("@salt", r.Salt), ("@options", JsonSerializer.Serialize(r.Options)),
                    ("@name", r.Name), ("@listed", r.Listed), ("@locked", r.Locked), ("@created", Micros(r.Created)),
                    ("@subject", r.Subject), ("@subject_from", r.SubjectFrom?.ToString()),
                    ("@subject_at", Micros(r.SubjectAt)), ("@extra", JsonSerializer.Serialize(r.Extra)), ("@emptied", Micros(r.Emptied)),
                    ("@keep_for", Micros(r.Retention)), ("@due", Micros(r.Due)));
                break;

            case RoomDestroyed { Tombstone: var t, Archive: var archive }:
                if (archive is not null)
                    foreach (var statement in RetentionSql.PutAside(room, archive)) yield return statement;
                yield return new("DELETE FROM room WHERE jid = @room", key);
                yield return new("DELETE FROM tombstone WHERE room = @room", key);
                if (t is null) break;
                yield return new(
                    "INSERT INTO tombstone (room, reason, alternate, until) VALUES (@room, @reason, @alternate, @until)",
                    key, ("@reason", t.Reason), ("@alternate", t.Alternate?.ToString()), ("@until", Micros(t.Until)));
                break;

            case AffiliationChanged { Affiliation: var a }:
                yield return RemoveAffiliation(a.Jid);
                yield return new(
                    "INSERT INTO affiliation (room, jid, affiliation, nick, reason) VALUES (@room, @jid, @affiliation, @nick, @reason)",
                    key, ("@jid", a.Jid.ToString()), ("@affiliation", a.Affiliation.Word()), ("@nick", a.Nick), ("@reason", a.Reason));
                break;

            case AffiliationRemoved { Jid: var jid }:
                yield return RemoveAffiliation(jid);
                break;

            case SessionChanged { Session: var s }:
                yield return RemoveSession(s.Jid);
                yield return new(
                    "INSERT INTO session (room, jid, nick, role, presence, since, held_back) VALUES (@room, @jid, @nick, @role, @presence, @since, @held_back)",
                    key, ("@jid", s.Jid.ToString()), ("@nick", s.Nick), ("@role", s.Role.Word()), ("@presence", s.Presence),
                    ("@since", Micros(s.Since)), ("@held_back", s.IsHeldBack));
                break;

            case SessionRemoved { Jid: var jid }:
                yield return RemoveSession(jid);
                break;

            case MessageKept { Message: var m }:
                yield return new(
                    """
                    INSERT INTO message (room, id, at, sender, real_jid, resource, affiliation, role, open, xml, in_history, archived)
                    VALUES (@room, @id, @at, @sender, @real_jid, @resource, @affiliation, @role, @open, @xml, @in_history, @archived)
                    """,
                    key, ("@id", m.Id), ("@at", Micros(m.At)), ("@sender", m.From.ToString()),
                    ("@real_jid", m.Author.Jid.Bare.ToString()), ("@resource", m.Author.Jid.Resource),
                    ("@affiliation", m.Author.Affiliation.Word()), ("@role", m.Author.Role.Word()), ("@open", m.Author.Open),
                    ("@xml", m.Xml), ("@in_history", m.InHistory), ("@archived", m.Archived));
                if (m.Archived)
                    foreach (var note in AuthorSql.Note(room, claim, m.Author.Jid.Bare, m.Id)) yield return note;
                // Only where it comes from elsewhere.
                if (m.Retracted) yield return new("UPDATE message SET retracted = TRUE WHERE room = @room AND id = @id", key, ("@id", m.Id));
                break;

            case MessageRetracted or MessageRestored or AuthorErased:
                foreach (var statement in RetractionSql.Keep(room, change)) yield return statement;
                if (change is not AuthorErased { Author: var erased }) break;
                yield return AuthorSql.Forget(room, erased);
                claim.ForgetNoted();
                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "an unknown kind of change");
        }

        Statement RemoveAffiliation(Jid jid) =>
            new("DELETE FROM affiliation WHERE room = @room AND jid = @jid", key, ("@jid", jid.ToString()));

        Statement RemoveSession(Jid jid) =>
            new("DELETE FROM session WHERE room = @room AND jid = @jid", key, ("@jid", jid.ToString()));
    }

    /// <summary>Forgets what is not archived and too old for newcomers.</summary>
    public static Statement Trim(Jid room) => new(
        $"""
        DELETE FROM message WHERE room = @room AND NOT archived AND id <
            (SELECT id FROM message WHERE room = @room AND in_history ORDER BY id DESC LIMIT 1 OFFSET {StoredRoom.HistoryKept - 1})
        """,
        ("@room", room.ToString()));

    public static Statement Delivered(Delivery delivery) => new(
        "UPDATE room SET delivered = @upto WHERE jid = @room AND delivered < @upto", ("@room", delivery.Room.ToString()), ("@upto", delivery.UpTo));

    /// <summary>Claims the room if there is one, and reads all that <see cref="ReadRoomAsync"/> wants.</summary>
    public static Statement Load(Jid room, Claim claim) => new(
        $"UPDATE room SET claim = @claim WHERE jid = @room; {AllOfRoom}", ("@room", room.ToString()), ("@claim", claim.Token));

    /// <summary>Reads the same, and then the id of its newest message.</summary>
    public static Statement See(Jid room) => new(
        $"{AllOfRoom}; SELECT id FROM message WHERE room = @room ORDER BY id DESC LIMIT 1", ("@room", room.ToString()));

    private static readonly string AllOfRoom =
        $"""
        SELECT salt, options, name, listed, locked, created, subject, subject_from, subject_at, extra, emptied, keep_for, delivered, due FROM room WHERE jid = @room;
        SELECT reason, alternate, until FROM tombstone WHERE room = @room;
        SELECT jid, affiliation, nick, reason FROM affiliation WHERE room = @room;
        SELECT jid, nick, role, presence, since, held_back FROM session WHERE room = @room;
        SELECT {MessageColumns} FROM
            (SELECT * FROM message WHERE room = @room AND in_history ORDER BY id DESC LIMIT {StoredRoom.HistoryKept}) AS newest
        ORDER BY id;
        SELECT {MessageColumns} FROM
            (SELECT * FROM message WHERE room = @room AND id > (SELECT delivered FROM room WHERE jid = @room)
             ORDER BY id DESC LIMIT {StoredRoom.HistoryKept}) AS newest
        ORDER BY id
        """;

    public static async Task<StoredRoom> ReadRoomAsync(DbDataReader rows)
    {
        var delivered = Guid.Empty;
        var room = await AllAsync(rows, r =>
        {
            delivered = r.GetGuid(12);
            return new RoomRecord(
                r.GetString(0), Options(r.GetString(1)), r.GetString(2), r.GetBoolean(3), r.GetBoolean(4), Time(r.GetInt64(5)),
                Text(r, 6), Address(r, 7), When(r, 8), Extra(r.GetString(9)))
            {
                Emptied = When(r, 10),
                Retention = r.IsDBNull(11) ? null : TimeSpan.FromMicroseconds(r.GetInt64(11)),
                Due = When(r, 13),
            };
        });
        var tombstone = await AllAsync(rows, r => new Tombstone(Text(r, 0), Address(r, 1), Time(r.GetInt64(2))));
        var affiliations = await AllAsync(rows, r => new AffiliationRecord(
            Jid.Parse(r.GetString(0)), Ladders.AffiliationOf(r.GetString(1))!.Value, Text(r, 2), Text(r, 3)));
        var sessions = await AllAsync(rows, r => new SessionRecord(
            Jid.Parse(r.GetString(0)), r.GetString(1), Ladders.RoleOf(r.GetString(2))!.Value, r.GetString(3), Time(r.GetInt64(4))) { IsHeldBack = r.GetBoolean(5) });
        var history = await AllAsync(rows, Message);
        var undelivered = await AllAsync(rows, Message);
        return new StoredRoom(
            room.SingleOrDefault(), tombstone.SingleOrDefault(),
            affiliations.ToImmutableDictionary(a => a.Jid), sessions.ToImmutableDictionary(s => s.Jid), new(history))
        {
            Delivered = delivered,
            Undelivered = new(undelivered),
        };
    }

    /// <summary>One page of the listed rooms, and how many there are in all and before it: one row at least.</summary>
    public static Statement List(Jid? after, Jid? before, bool backwards, int max) => new(
        $"""
        WITH page AS (
            SELECT jid, name FROM room WHERE listed AND jid > @after AND jid < @before
            ORDER BY jid {(backwards ? "DESC" : "ASC")} LIMIT @max
        )
        SELECT totals.count, totals.before, page.jid, page.name
        FROM (SELECT (SELECT count(*) FROM room WHERE listed) AS count,
                     (SELECT count(*) FROM room WHERE listed AND jid < (SELECT min(jid) FROM page)) AS before) AS totals
        LEFT JOIN page ON 1 = 1
        ORDER BY page.jid
        """,
        ("@after", after?.ToString() ?? ""), ("@before", before?.ToString() ?? Last), ("@max", (long)max));

    public static async Task<RoomList> ReadListAsync(DbDataReader rows, CancellationToken stop)
    {
        var rooms = new List<ListedRoom>();
        int count = 0, index = 0;
        while (await rows.ReadAsync(stop))
        {
            (count, index) = ((int)rows.GetInt64(0), (int)rows.GetInt64(1));
            if (!rows.IsDBNull(2)) rooms.Add(new ListedRoom(Jid.Parse(rows.GetString(2)), rows.GetString(3)));
        }
        return new RoomList(rooms, count, index);
    }

    public static Statement ListOccupied(Jid? after, int max) => new(
        "SELECT DISTINCT room FROM session WHERE room > @after ORDER BY room LIMIT @max", ("@after", after?.ToString() ?? ""), ("@max", (long)max));

    // Few rooms are empty and all have addresses: so not by the index of these, which SQLite would choose for the order.
    public static Statement ListEmptied(DateTimeOffset by, Jid? after, int max) => new(
        "SELECT jid FROM room WHERE emptied <= @by AND jid || '' > @after ORDER BY jid || '' LIMIT @max",
        ("@by", Micros(by)), ("@after", after?.ToString() ?? ""), ("@max", (long)max));

    public static Statement ListDue(DateTimeOffset by, Jid? after, int max) => new(
        "SELECT jid FROM room WHERE due <= @by AND jid || '' > @after ORDER BY jid || '' LIMIT @max",
        ("@by", Micros(by)), ("@after", after?.ToString() ?? ""), ("@max", (long)max));

    public static async Task<IReadOnlyList<Jid>> ReadRoomsAsync(DbDataReader rows, CancellationToken stop)
    {
        var rooms = new List<Jid>();
        while (await rows.ReadAsync(stop)) rooms.Add(Jid.Parse(rows.GetString(0)));
        return rooms;
    }

    public static MessageRecord Message(DbDataReader row) => new(
        row.GetGuid(0), Time(row.GetInt64(1)), Jid.Parse(row.GetString(2)),
        new Author(
            Jid.Parse(row.GetString(3)).WithResource(row.GetString(4)), Ladders.AffiliationOf(row.GetString(5))!.Value,
            Ladders.RoleOf(row.GetString(6))!.Value, row.GetBoolean(7)),
        row.GetString(8), row.GetBoolean(9), row.GetBoolean(10))
    {
        Retracted = row.GetBoolean(11),
    };

    private static async Task<List<T>> AllAsync<T>(DbDataReader rows, Func<DbDataReader, T> read)
    {
        var all = new List<T>();
        while (await rows.ReadAsync()) all.Add(read(rows));
        await rows.NextResultAsync();
        return all;
    }

    public static long? Micros(TimeSpan? time) => time?.Ticks / TimeSpan.TicksPerMicrosecond;

    public static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static long? Micros(DateTimeOffset? time) => time is { } at ? Micros(at) : null;

    private static DateTimeOffset? When(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));

    public static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static Jid? Address(DbDataReader row, int column) => Text(row, column) is { } text ? Jid.Parse(text) : null;

    internal static ImmutableSortedDictionary<string, ImmutableArray<string>> Options(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, ImmutableArray<string>>>(json)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, string> Extra(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
