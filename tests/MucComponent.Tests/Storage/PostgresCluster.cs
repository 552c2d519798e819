using System.Diagnostics;
using MucComponent.Conversations;
using Npgsql;

namespace MucComponent.Tests.Storage;

/// <summary>
/// A real PostgreSQL of our own, thrown away afterwards: made by the installed package in a temporary folder, on loopback,
/// with a password. It runs as user postgres where the tests run as root, since PostgreSQL refuses root.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    public const string Password = "correct-horse";

    private static readonly SemaphoreSlim Starting = new(1);
    private static PostgresCluster? _shared;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"muc-postgres-{Guid.NewGuid():N}");
    private int _databases;

    private readonly bool _durable;

    private PostgresCluster(bool durable) => _durable = durable;

    public int Port { get; private set; }

    /// <summary>The one that tests share; each has a database of its own there (<see cref="NewDatabaseAsync"/>).</summary>
    public static async Task<PostgresCluster> SharedAsync()
    {
        await Starting.WaitAsync();
        try
        {
            return _shared ??= await StartNewAsync();
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>One for a test that stops it or breaks it.</summary>
    /// <param name="durable">Whether commits wait for the disk: no test pulls the plug of the machine, but a benchmark is to pay for it.</param>
    public static async Task<PostgresCluster> StartNewAsync(bool durable = false)
    {
        var cluster = new PostgresCluster(durable);
        try
        {
            await cluster.MakeAsync();
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public static async Task StopSharedAsync()
    {
        if (_shared is not null) await _shared.DisposeAsync();
        _shared = null;
    }

    /// <summary>A new, empty database: its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"muc{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async Task StartAsync()
    {
        if (Port == 0) Port = FreePort.Next();
        await RunAsync("pg_ctl", "-D", Path.Combine(_folder, "data"), "-l", Path.Combine(_folder, "log"), "-w", "-o",
            $"-h 127.0.0.1 -p {Port} -k {_folder} -c fsync={(_durable ? "on" : "off")}", "start");
    }

    /// <summary>Stops it as a crash would, sessions and all.</summary>
    public Task StopAsync() => RunAsync("pg_ctl", "-D", Path.Combine(_folder, "data"), "-w", "-m", "immediate", "stop");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(_folder, "data", "postmaster.pid"))) await StopAsync();
        NpgsqlConnection.ClearAllPools();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = "postgres",
        Password = Password,
        Timeout = 5,
    }.ConnectionString;

    private async Task MakeAsync()
    {
        Directory.CreateDirectory(_folder);
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "-R", "postgres", _folder);
        await RunAsync("initdb", "-D", Path.Combine(_folder, "data"), "-U", "postgres", "-A", "scram-sha-256",
            "--pwfile", password, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync");
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var isOurs = program == "chown";
        var command = new ProcessStartInfo(isOurs ? program : Installed(program))
        {
            // A server started here would keep our pipes open: what it says goes to its log.
            RedirectStandardError = program == "initdb",
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        };
        foreach (var argument in arguments) command.ArgumentList.Add(argument);
        if (Environment.IsPrivilegedProcess && !isOurs)
        {
            foreach (var (i, argument) in new[] { "-u", "postgres", "--", command.FileName }.Index()) command.ArgumentList.Insert(i, argument);
            command.FileName = "runuser";
        }
        using var process = Process.Start(command)!;
        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return;

        var log = Path.Combine(_folder, "log");
        var said = command.RedirectStandardError ? await process.StandardError.ReadToEndAsync() : File.Exists(log) ? await File.ReadAllTextAsync(log) : "";
        throw new InvalidOperationException($"{program} failed with {process.ExitCode}: {said}");
    }

    private static string Installed(string program)
    {
        var folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        folders = folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"these tests need PostgreSQL and there is no {program} here: apt-get install postgresql");
    }
}
