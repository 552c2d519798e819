using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using MucComponent.Storage;

namespace MucComponent.Moving.Ejabberd;

/// <summary>
/// What <c>ejabberdctl export2sql</c> writes, the way out of Mnesia: SQL, some of it twice, in which a backslash means something
/// or does not, as ejabberd's <c>sql_type</c> has it. The rows that make rooms go into a database that is gone when it is closed.
/// </summary>
internal sealed class EjabberdDump
{
    /// <summary>Characters of one value; a message has at most half a million.</summary>
    private const int MaxValue = 16 << 20;

    private const string Tables = """
        CREATE TABLE muc_room (name TEXT, host TEXT, opts TEXT, created_at TEXT, PRIMARY KEY (name, host));
        CREATE TABLE muc_registered (jid TEXT, host TEXT, nick TEXT, PRIMARY KEY (jid, host));
        CREATE TABLE archive (username TEXT, timestamp INTEGER, peer TEXT, xml TEXT, nick TEXT, kind TEXT, id INTEGER PRIMARY KEY);
        CREATE INDEX archive_username ON archive (username, timestamp);
        """;

    private static readonly Dictionary<string, string[]> Wanted = new(StringComparer.OrdinalIgnoreCase)
    {
        ["muc_room"] = ["name", "host", "opts"],
        ["muc_registered"] = ["jid", "host", "nick"],
        ["archive"] = ["username", "timestamp", "peer", "xml", "nick", "kind"],
    };

    private readonly TextReader _text;
    private readonly bool _hasEscapes;
    private int _line = 1;

    private EjabberdDump(TextReader text, bool hasEscapes) => (_text, _hasEscapes) = (text, hasEscapes);

    /// <summary>Reads such a file into a database of its own.</summary>
    /// <exception cref="FormatException">It is none, with the line.</exception>
    public static async Task<DbConnection> OpenAsync(string file, CancellationToken stop)
    {
        SystemSqlite.Load();
        // Without a name SQLite keeps it in memory while it is small, and then in a file that nobody sees.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = "", Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            await RunAsync(connection, Tables, stop);
            await RunAsync(connection, "BEGIN", stop);
            using var text = new StreamReader(file, new UTF8Encoding(false));
            var dump = new EjabberdDump(text, HasEscapes(file));
            while (dump.Next() is { } row)
            {
                stop.ThrowIfCancellationRequested();
                await KeepAsync(connection, row, stop);
            }
            await RunAsync(connection, "COMMIT", stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Every room has texts in its options, which Erlang puts in double quotes: where each of these has a backslash before it, so
    // has all that needs one.
    private static bool HasEscapes(string file)
    {
        using var text = new StreamReader(file, new UTF8Encoding(false));
        for (int before = 0, c = text.Read(); c >= 0; before = c, c = text.Read())
            if (c == '"' && before != '\\') return false;
        return true;
    }

    private static async Task KeepAsync(SqliteConnection connection, Row row, CancellationToken stop)
    {
        if (!Wanted.TryGetValue(row.Table, out var columns)) return;
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are ours.
        command.CommandText = $"INSERT OR REPLACE INTO {row.Table.ToLowerInvariant()} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(c => "@" + c))})";
#pragma warning restore CA2100
        foreach (var column in columns) command.Parameters.AddWithValue("@" + column, (object?)row.Values.GetValueOrDefault(column) ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static async Task RunAsync(SqliteConnection connection, string sql, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are ours.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The next row that is inserted; null at the end.</summary>
    private Row? Next()
    {
        while (Skip() >= 0)
        {
            if (!Word().Equals("insert", StringComparison.OrdinalIgnoreCase))
            {
                Pass();
                continue;
            }
            if (!Word().Equals("into", StringComparison.OrdinalIgnoreCase)) throw Wrong("no statement of ejabberd's");
            var table = Word();
            List<string> names = [];
            Expect('(');
            do names.Add(Word());
            while (IsMore());
            if (!Word().Equals("values", StringComparison.OrdinalIgnoreCase)) throw Wrong("no statement of ejabberd's");
            List<string?> values = [];
            Expect('(');
            do values.Add(Skip() == '\'' ? Text() : Word() is var word && word != "NULL" ? word : null);
            while (IsMore());
            Pass();
            if (names.Count != values.Count) throw Wrong("not as many values as columns");
            return new Row(table, names.Zip(values).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second));
        }
        return null;
    }

    /// <summary>After one of a list: whether another one follows, or its end.</summary>
    private bool IsMore()
    {
        var isMore = Skip() == ',';
        Expect(isMore ? ',' : ')');
        return isMore;
    }

    private void Expect(char c)
    {
        Skip();
        if (Take() != c) throw Wrong("no statement of ejabberd's");
    }

    /// <summary>Passes over the rest of a statement.</summary>
    private void Pass()
    {
        for (var c = Skip(); c != ';'; c = Skip())
        {
            if (c < 0) throw Wrong("it breaks off");
            if (c == '\'') Text();
            else Take();
        }
        Take();
    }

    private string Text()
    {
        Take();
        var text = new StringBuilder();
        while (true)
        {
            var c = Take();
            if (c == '\'')
            {
                if (_text.Peek() != '\'') return text.ToString();
                c = Take();
            }
            else if (c == '\\' && _hasEscapes)
            {
                c = Take() switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', '0' => '\0', var other => other };
            }
            if (c < 0) throw Wrong("it breaks off");
            if (text.Length > MaxValue) throw Wrong("a value that is too long");
            text.Append((char)c);
        }
    }

    private string Word()
    {
        Skip();
        var word = new StringBuilder();
        while (_text.Peek() is var c and >= 0 && (char.IsAsciiLetterOrDigit((char)c) || c is '_' or '-' or '.' or '"' or '`') && word.Length < 100)
        {
            Take();
            if (c is not ('"' or '`')) word.Append((char)c);
        }
        return word.Length > 0 ? word.ToString() : throw Wrong("no statement of ejabberd's");
    }

    /// <summary>Passes over blanks and comments, and returns what comes then; -1 at the end.</summary>
    private int Skip()
    {
        while (true)
        {
            var c = _text.Peek();
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                Take();
            }
            else if (c == '-')
            {
                while (_text.Peek() is not ('\n' or < 0)) Take();
            }
            else
            {
                return c;
            }
        }
    }

    private int Take()
    {
        var c = _text.Read();
        if (c == '\n') _line++;
        return c;
    }

    private FormatException Wrong(string what) => new($"line {_line}: {what}");

    private sealed record Row(string Table, Dictionary<string, string?> Values);
}
