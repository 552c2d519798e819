using System.Globalization;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// Reading the archive in SQL (<see cref="ArchiveQuery.Over"/> says what it means). A page is found by its place in the
/// order of the keys, so that the last page costs no more than the first.
/// </summary>
internal static class ArchiveSql
{
    public static async Task<ArchivePage?> ReadAsync(SqlSession session, Jid room, ArchiveQuery query, CancellationToken stop)
    {
        if (!query.Named.IsEmpty && await CountAsync(session, Named(room, query), stop) < query.Named.Distinct().Count()) return null;
        if (query.Max == 0) return ArchivePage.Counted(await CountAsync(session, Matching("count(*)", room, query), stop));

        // One more than fit on the page, to know whether it is the last.
        var page = Matching(RoomSql.MessageColumns, room, query, query.Backwards ? "DESC" : "ASC");
        await using var rows = await session.ReadAsync(page with { Values = [.. page.Values, ("@max", query.Max + 1)] }, stop);
        var builder = new ArchivePage.Builder(query);
        while (await rows.ReadAsync(stop) && builder.TryAdd(RoomSql.Message(rows)))
        {
        }
        return builder.ToPage();
    }

    private static Statement Named(Jid room, ArchiveQuery query)
    {
        var (list, values) = Among(query.Named.Distinct());
        return new($"SELECT count(*) FROM message WHERE room = @room{Archived(query)} AND id > @expired AND id IN ({list})", [("@room", room.ToString()), ("@expired", query.Expired), .. values]);
    }

    /// <param name="order">ASC or DESC for <c>@max</c> of them in order.</param>
    private static Statement Matching(string columns, Jid room, ArchiveQuery query, string? order = null)
    {
        // One time after another in which they said something (AuthorSql), and in each its messages by their key. NOT, since a key is
        // looked up with one bound, which has to be that of the time.
        var byAuthor = query is { With: not null, Passing: false, Ids.IsEmpty: true };
        var (from, where, key) = byAuthor
            ? ("author CROSS JOIN message",
                "author.room = @room AND author.jid = @with AND to_id > @after AND from_id < @before"
                + " AND message.room = @room AND id >= from_id AND id <= to_id AND NOT id <= @after AND NOT id >= @before",
                $"from_id {order}, id {order}")
            : ("message", "room = @room AND id > @after AND id < @before", $"id {order}");
        where += Archived(query);
        List<(string, object?)> values = [("@room", room.ToString()), ("@after", query.After.CompareTo(query.Expired) > 0 ? query.After : query.Expired), ("@before", query.Before)];
        if (query.With is { } with)
        {
            where += " AND real_jid = @with";
            values.Add(("@with", with.Bare.ToString()));
            if (!with.IsBare)
            {
                where += " AND resource = @resource";
                values.Add(("@resource", with.Resource));
            }
            if (query.OpenOnly) where += " AND open";
        }
        if (!query.Ids.IsEmpty)
        {
            var (list, ids) = Among(query.Ids);
            where += $" AND id IN ({list})";
            values.AddRange(ids);
        }
        return new($"SELECT {columns} FROM {from} WHERE {where}{(order is null ? "" : $" ORDER BY {key} LIMIT @max")}", [.. values]);
    }

    private static string Archived(ArchiveQuery query) => query.Passing ? "" : " AND archived";

    private static (string List, IEnumerable<(string, object?)> Values) Among(IEnumerable<Guid> ids)
    {
        List<(string Name, object? Value)> values = [.. ids.Select((id, i) => ($"@id{i}", (object?)id))];
        return (string.Join(", ", values.Select(v => v.Name)), values);
    }

    private static async Task<int> CountAsync(SqlSession session, Statement statement, CancellationToken stop)
    {
        await using var rows = await session.ReadAsync(statement, stop);
        await rows.ReadAsync(stop);
        return Convert.ToInt32(rows.GetValue(0), CultureInfo.InvariantCulture);
    }
}
