using Microsoft.Data.Sqlite;
using MucComponent.Storage;

namespace MucComponent.Tests.Storage;

/// <summary>A SQLite file as another program opens it, past the store.</summary>
internal static class SqliteFile
{
    public static async Task<SqliteConnection> OpenAsync(string file)
    {
        await LoadSqliteAsync();
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    public static async Task ExecuteAsync(this SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    // The driver finds the system's library through the store.
    private static async Task LoadSqliteAsync()
    {
        var folder = new TemporaryFolder();
        await using (var store = new SqliteRoomStore(folder.Path)) await store.OpenAsync(default);
        folder.Delete();
    }
}
