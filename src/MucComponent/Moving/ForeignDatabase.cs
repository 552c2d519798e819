using System.Data.Common;
using Microsoft.Data.Sqlite;
using MucComponent.Storage;
using Npgsql;

namespace MucComponent.Moving;

/// <summary>The database of another server, to be read and nothing else: a file of SQLite's, or PostgreSQL by its URI.</summary>
internal static class ForeignDatabase
{
    private static ReadOnlySpan<byte> Sqlite => "SQLite format 3\0"u8;

    /// <summary>Whether this names a database rather than a folder.</summary>
    public static bool IsNamed(string place) => File.Exists(place) || IsPostgres(place);

    /// <summary>Whether this is a file, but none of SQLite's.</summary>
    public static bool IsText(string place)
    {
        if (!File.Exists(place)) return false;
        using var file = File.OpenRead(place);
        Span<byte> beginning = stackalloc byte[Sqlite.Length];
        return file.ReadAtLeast(beginning, Sqlite.Length, throwOnEndOfStream: false) < Sqlite.Length || !beginning.SequenceEqual(Sqlite);
    }

    /// <exception cref="MovingException">It cannot be opened.</exception>
    public static async Task<DbConnection> OpenAsync(string place, CancellationToken stop)
    {
        DbConnection connection;
        if (IsPostgres(place))
        {
            // It may have a password in it, and is not shown.
            if (!PostgresUri.TryRead(place, out var settings)) throw new MovingException("this is no postgresql:// URI");
            connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings) { Pooling = false, Options = "-c default_transaction_read_only=on" }.ConnectionString);
        }
        else
        {
            SystemSqlite.Load();
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = place, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        }
        try
        {
            await connection.OpenAsync(stop);
            return connection;
        }
        catch (DbException e)
        {
            await connection.DisposeAsync();
            throw new MovingException($"the database cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Runs a query with the values <c>@p0</c>, <c>@p1</c> and so on.</summary>
    public static async Task<DbDataReader> QueryAsync(this DbConnection connection, string sql, CancellationToken stop, params string[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are ours.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{i}", values[i]);
            command.Parameters.Add(parameter);
        }
        try
        {
            return await command.ExecuteReaderAsync(stop);
        }
        catch (DbException e) when (e is SqliteException or PostgresException)
        {
            throw new MovingException($"the database is not what was expected: {e.Message}", e);
        }
    }

    /// <summary>The first column of all rows.</summary>
    public static async Task<List<string>> ListAsync(this DbConnection connection, string sql, CancellationToken stop, params string[] values)
    {
        var list = new List<string>();
        await using var rows = await connection.QueryAsync(sql, stop, values);
        while (await rows.ReadAsync(stop)) list.Add(rows.GetString(0));
        return list;
    }

    private static bool IsPostgres(string place) =>
        place.StartsWith("postgresql://", StringComparison.Ordinal) || place.StartsWith("postgres://", StringComparison.Ordinal);
}
