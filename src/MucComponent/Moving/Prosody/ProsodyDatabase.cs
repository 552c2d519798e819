using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MucComponent.Xmpp;

namespace MucComponent.Moving.Prosody;

/// <summary>Prosody's SQL storage (<c>storage = "sql"</c>) in SQLite or PostgreSQL: the tables <c>prosody</c> and <c>prosodyarchive</c>.</summary>
internal sealed class ProsodyDatabase(DbConnection connection, string host) : IProsodyData
{
    public async Task<IReadOnlyList<string>> ListAsync(string store, CancellationToken stop)
    {
        var hosts = await connection.ListAsync("SELECT DISTINCT \"host\" FROM prosody WHERE \"store\" = @p0 ORDER BY \"host\"", stop, store);
        if (!hosts.Contains(host))
            throw new MovingException($"the database has no rooms of {host}" + (hosts.Count > 0 ? $"; it has rooms of {string.Join(", ", hosts)} (--host)" : ""));
        return await connection.ListAsync("SELECT DISTINCT \"user\" FROM prosody WHERE \"host\" = @p0 AND \"store\" = @p1 ORDER BY \"user\"", stop, host, store);
    }

    public async Task<LuaTable?> ReadAsync(string store, string node, CancellationToken stop)
    {
        LuaTable? table = null;
        await using var rows = await connection.QueryAsync(
            "SELECT \"key\", \"type\", \"value\" FROM prosody WHERE \"host\" = @p0 AND \"user\" = @p1 AND \"store\" = @p2", stop, host, node, store);
        while (await rows.ReadAsync(stop))
        {
            table ??= new LuaTable();
            var (key, value) = (rows.GetString(0), Value(rows.GetString(1), rows.GetString(2)));
            if (key.Length > 0)
            {
                table.Set(key, value);
                continue;
            }
            // What has no name is together in one row.
            foreach (var item in (value as LuaTable)?.Items ?? []) table.Add(item);
            foreach (var (name, named) in (value as LuaTable)?.Named ?? new Dictionary<string, object>()) table.Set(name, named);
        }
        return table;
    }

    public async IAsyncEnumerable<ProsodyMessage> ReadArchiveAsync(string store, string node, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var rows = await connection.QueryAsync(
            """
            SELECT "key", "when", "type", "value" FROM prosodyarchive WHERE "host" = @p0 AND "user" = @p1 AND "store" = @p2 ORDER BY "sort_id"
            """,
            stop, host, node, store);
        while (await rows.ReadAsync(stop))
        {
            var seconds = Convert.ToDouble(rows.GetValue(1), CultureInfo.InvariantCulture);
            var xml = rows.GetString(2) == "xml"
                ? StanzaParser.Parse(rows.GetString(3))
                : Value(rows.GetString(2), rows.GetString(3)) is LuaTable table ? ProsodyStanza.Read(table) : throw new FormatException("what is no stanza in the archive");
            yield return new ProsodyMessage(rows.GetString(0), (long)(seconds * 1_000_000), xml);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static object? Value(string type, string value) => type switch
    {
        "string" => value,
        "boolean" => value == "true",
        "number" => double.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("a number that is none"),
        "json" => Json(value),
        _ => throw new FormatException($"a value of the unknown type \"{type}\""),
    };

    private static object? Json(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 200 });
            return LuaTable.From(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException("JSON that is none", e);
        }
    }
}
