using System.Data.Common;
using System.Globalization;

namespace MucComponent.Storage;

/// <summary>
/// The numbered scripts that make the tables (<c>Storage/Sqlite/001_….sql</c>), each applied once and in order. A released
/// script is never edited: what changes comes as the next number.
/// </summary>
internal static class Schema
{
    /// <summary>Brings the database up to date in one transaction, and writes to it in any case, to prove that it can.</summary>
    /// <param name="database">The folder of the scripts.</param>
    /// <param name="begin">Begins the transaction and keeps others from doing the same until it ends.</param>
    /// <exception cref="StoreUnavailableException">A newer version of the program has made it.</exception>
    public static async Task ApplyAsync(DbConnection connection, string database, string begin, CancellationToken stop)
    {
        await RunAsync(begin);
        await RunAsync("CREATE TABLE IF NOT EXISTS muc_schema (version integer NOT NULL, opened integer NOT NULL)");

        await RunAsync("INSERT INTO muc_schema SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM muc_schema)");
        var version = Convert.ToInt32(await RunAsync("SELECT version FROM muc_schema"), CultureInfo.InvariantCulture);

        var scripts = Scripts(database);
        if (version > scripts.Count)
            throw new StoreUnavailableException($"the database is of version {version}, made by a newer release; this one knows up to {scripts.Count}");
        foreach (var script in scripts.Skip(version)) await RunAsync(script);
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE muc_schema SET version = {scripts.Count}, opened = opened + 1"));
        await RunAsync("COMMIT");

        async Task<object?> RunAsync(string sql)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are ours.
            command.CommandText = sql;
#pragma warning restore CA2100
            return await command.ExecuteScalarAsync(stop);
        }
    }

    private static List<string> Scripts(string database)
    {
        var assembly = typeof(Schema).Assembly;
        return [.. from name in assembly.GetManifestResourceNames()
                   where name.StartsWith(database + "/", StringComparison.Ordinal)
                   orderby name
                   select Read(name)];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
