using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace MucComponent.Storage;

/// <summary>Rooms in one SQLite file, the default: nothing to install or run beside the component.</summary>
/// <param name="folder">Where the file is, or will be made.</param>
public sealed class SqliteRoomStore(string folder) : SqlRoomStore
{
    /// <summary>How long to wait for a program that reads or copies the file, in seconds.</summary>
    private const int BusySeconds = 5;

    // What .NET passes on of the system's "would block" (EWOULDBLOCK) when a file is locked.
    private const int LockedOnLinux = 11, LockedOnMac = 35;

    private readonly string _file = Path.Combine(Path.GetFullPath(folder), "rooms.db");
    private FileStream? _lock;

    // Nothing is asked of it, but while it is open SQLite remembers how far its log is committed. Who opens the file as the first
    // one has to believe the log, in which a commit that could not be synced, and was refused, looks like any other.
    private DbConnection? _witness;

    // Under NORMAL a commit is not synced, a checkpoint still is: the file cannot break.
    private protected override (Statement Before, Statement After) Hurry { get; } =
        (new("PRAGMA synchronous = NORMAL"), new("PRAGMA synchronous = FULL"));

    // With the write lock from the beginning: a transaction that took it later could find it taken.
    private protected override string Begin =>
        "BEGIN IMMEDIATE; SELECT jid, claim FROM room WHERE jid IN (SELECT value FROM json_each(@rooms))";

    private protected override string Snapshot => "BEGIN";

    public override async Task OpenAsync(CancellationToken stop)
    {
        SystemSqlite.Load();
        _lock ??= TakeFolder();
        try
        {
            // SQLite gives the files beside it the same rights, and says best what keeps it from being there.
            if (!Path.Exists(_file)) await Private(_file, FileShare.ReadWrite).DisposeAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
        try
        {
            _witness ??= await ConnectAsync(stop);
            await using (var command = _witness.CreateCommand())
            {
                // Readers and the writer do not wait for each other, and a commit is one write to the log.
                command.CommandText = "PRAGMA journal_mode = WAL";
                await command.ExecuteScalarAsync(stop);
            }
            await Schema.ApplyAsync(_witness, "Sqlite", "BEGIN IMMEDIATE", stop);
        }
        catch (Exception e) when (Explain(e) is { } unavailable)
        {
            throw unavailable;
        }
    }

    public override async Task TryAsync(CancellationToken stop)
    {
        SystemSqlite.Load();
        await using var folder = TakeFolder();
        // Opened, it would be made.
        if (File.Exists(_file)) await base.TryAsync(stop);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_witness is not null) await _witness.DisposeAsync();
        if (_lock is not null) await _lock.DisposeAsync();
    }

    private protected override async Task<DbConnection> ConnectAsync(CancellationToken stop)
    {
        // Not pooled: a connection that failed must not come back.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _file,
            ForeignKeys = true,
            DefaultTimeout = BusySeconds,
            Pooling = false,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            await using var command = connection.CreateCommand();
            // In memory 16 MB of the file instead of 2, so that a busy room's pages need not be read again.
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384";
            await command.ExecuteNonQueryAsync(stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private protected override StoreUnavailableException? Explain(Exception e) => e switch
    {
        StoreUnavailableException known => known,
        SqliteException sqlite => sqlite.SqliteErrorCode switch
        {
            5 or 6 => Unavailable(sqlite, "is kept busy by another program"),
            7 => Unavailable(sqlite, "cannot be worked on: out of memory"),
            8 => Unavailable(sqlite, "cannot be written to; give this user the right to write it and its folder"),
            10 => Unavailable(sqlite, $"cannot be read or written ({sqlite.Message})"),
            11 or 26 => Unavailable(sqlite, "is damaged or no SQLite database; put it aside and bring back a copy"),
            13 => Unavailable(sqlite, "cannot grow: the disk is full"),
            14 => Unavailable(sqlite, "cannot be opened; it must be a file that this user may write, in a folder that this user may write"),
            _ => null,
        },
        _ => null,
    };

    private StoreUnavailableException Unavailable(SqliteException e, string what) => new($"MUC_DATA_DIR: {_file} {what}", e);

    private static FileStream Private(string file, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }

    /// <summary>Makes the folder and keeps other processes out of it for as long as this one lives, however it dies.</summary>
    private FileStream TakeFolder()
    {
        var folder = Path.GetDirectoryName(_file)!;
        try
        {
            // What people say and the rooms' passwords are nobody else's; a folder that is there stays as it is.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"MUC_DATA_DIR: cannot make the folder {folder} ({e.Message})", e);
        }
        try
        {
            return Private(_file + ".lock", FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreUnavailableException($"MUC_DATA_DIR: this user may not write in {folder}", e);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac)
        {
            throw new StoreUnavailableException($"MUC_DATA_DIR: {_file} is in use by another process; each needs a folder of its own", e) { IsInUse = true };
        }
        catch (IOException e)
        {
            throw new StoreUnavailableException($"MUC_DATA_DIR: cannot write in {folder} ({e.Message})", e);
        }
    }
}
