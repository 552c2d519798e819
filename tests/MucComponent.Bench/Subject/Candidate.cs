using MucComponent.Tests.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Bench.Subject;

/// <summary>What is to be measured, and how it is started: afresh for each run, with nothing kept from before.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Command">Null for our own.</param>
/// <param name="Storage">Our own component's store.</param>
public sealed record Candidate(string Name, string? Command, StorageKind Storage) : IAsyncDisposable
{
    public const string Domain = "conference.localhost";
    public const string Secret = "bench";

    private PostgresCluster? _postgres;
    private string? _folder;

    /// <summary>Starts it; it will connect to this port.</summary>
    /// <param name="more">Further settings in its environment.</param>
    public async Task<ISubject> StartAsync(int port, string cpu, bool inProcess, IReadOnlyDictionary<string, string>? more = null)
    {
        var options = new MucOptions
        {
            Domain = Jid.Parse(Domain), ServerPort = port, Secret = Secret, Storage = Storage,
            DataDir = _folder = Directory.CreateTempSubdirectory("muc-bench-").FullName,
            Postgres = Storage == StorageKind.Postgres ? await NewDatabaseAsync() : null,
        };
        if (inProcess) return await InProcess.StartAsync(options);

        var settings = new Dictionary<string, string>
        {
            ["MUC_DOMAIN"] = Domain, ["MUC_SERVER_HOST"] = "127.0.0.1", ["MUC_SERVER_PORT"] = $"{port}", ["MUC_SECRET"] = Secret,
            ["MUC_STORAGE"] = $"{Storage}".ToLowerInvariant(), ["MUC_DATA_DIR"] = _folder, ["MUC_LOG_LEVEL"] = "warning",
            // As other yardsticks call them.
            ["BENCH_DOMAIN"] = Domain, ["BENCH_PORT"] = $"{port}", ["BENCH_SECRET"] = Secret,
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string>()) settings[name] = value;
        if (options.Postgres is not null) settings["MUC_POSTGRES"] = options.Postgres;
        return ChildProcess.Start(Command ?? $"dotnet '{Path.Combine(AppContext.BaseDirectory, "MucComponent.dll")}'", cpu, settings);
    }

    /// <summary>Throws away what the last run kept.</summary>
    public void CleanUp()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
        _folder = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    // One server for all runs, a database for each.
    private async Task<string> NewDatabaseAsync()
    {
        _postgres ??= await PostgresCluster.StartNewAsync(durable: true);
        return await _postgres.NewDatabaseAsync();
    }
}
