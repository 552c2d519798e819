using System.Data.Common;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>All rooms, and how much there is, in SQL (<see cref="IRoomStore.SurveyAsync"/>, <see cref="IRoomStore.CountAsync"/>).</summary>
internal static class SurveySql
{
    public static readonly Statement Count = new(
        """
        SELECT (SELECT count(*) FROM room), (SELECT count(*) FROM (SELECT DISTINCT room FROM session) AS occupied),
            (SELECT count(*) FROM (SELECT DISTINCT room, nick FROM session) AS occupants), (SELECT count(*) FROM session)
        """);

    public static Statement List(Jid? after, int max, bool hidden) => new(
        $"""
        SELECT jid, name, listed, locked, created, (SELECT count(DISTINCT nick) FROM session WHERE session.room = room.jid), options,
            delivered, (SELECT id FROM message WHERE message.room = room.jid ORDER BY id DESC LIMIT 1)
        FROM room WHERE {(hidden ? "" : "listed AND ")}jid > @after ORDER BY jid LIMIT @max
        """,
        ("@after", after?.ToString() ?? ""), ("@max", (long)max));

    public static async Task<IReadOnlyList<RoomSummary>> ReadListAsync(DbDataReader rows, CancellationToken stop)
    {
        var rooms = new List<RoomSummary>();
        while (await rows.ReadAsync(stop))
        {
            var room = new RoomSummary(
                Jid.Parse(rows.GetString(0)), rows.GetString(1), rows.GetBoolean(2), rows.GetBoolean(3), RoomSql.Time(rows.GetInt64(4)), (int)rows.GetInt64(5))
            {
                Options = RoomSql.Options(rows.GetString(6)),
            };
            room = room.ActiveIn(rows.GetGuid(7));
            rooms.Add(rows.IsDBNull(8) ? room : room.ActiveIn(rows.GetGuid(8)));
        }
        return rooms;
    }

    public static async Task<StoreFigures> ReadCountAsync(DbDataReader rows, CancellationToken stop)
    {
        await rows.ReadAsync(stop);
        return new StoreFigures((int)rows.GetInt64(0), (int)rows.GetInt64(1), (int)rows.GetInt64(2), (int)rows.GetInt64(3));
    }
}
