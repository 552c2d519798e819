using Microsoft.Data.Sqlite;
using MucComponent.Rooms;
using MucComponent.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Storage;

[TestFixture]
public sealed class SqliteRoomStoreTests : SqlRoomStoreContract
{
    private TemporaryFolder _folder = null!;

    private string Data => _folder.File("not/there/yet");

    private string Database => Path.Combine(Data, "rooms.db");

    protected override Task<IRoomStore> EmptyAsync()
    {
        _folder = new TemporaryFolder();
        return Task.FromResult<IRoomStore>(new SqliteRoomStore(Data));
    }

    protected override async ValueTask<IRoomStore> RestartedAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return new SqliteRoomStore(Data);
    }

    protected override void Delete() => _folder.Delete();

    protected override async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    [Test]
    public async Task A_folder_serves_one_process_at_a_time()
    {
        await using var second = new SqliteRoomStore(Data);

        Assert.That(() => second.OpenAsync(default), Throws.TypeOf<StoreUnavailableException>()
            .With.Message.EqualTo($"MUC_DATA_DIR: {Database} is in use by another process; each needs a folder of its own"));
        Assert.That(await Command.RunAsync("flock", "-n", Database + ".lock", "true"), Is.Not.Zero, "what other programs see");

        await Store.DisposeAsync();
        Assert.That(() => second.OpenAsync(default), Throws.Nothing);
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Nobody_else_reads_what_people_say()
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        Assert.That(File.GetUnixFileMode(Data) & Others, Is.EqualTo(UnixFileMode.None));
        var files = Directory.GetFiles(Data);
        Assert.That(files, Has.Length.GreaterThan(1));
        Assert.That(files.Where(file => (File.GetUnixFileMode(file) & Others) != UnixFileMode.None), Is.Empty);
    }

    [Test]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "");

        await RefusedAsync(_folder.File("file/data"), $"MUC_DATA_DIR: cannot make the folder {_folder.File("file/data")} (");
    }

    // Not even root may write there.
    [Test]
    public Task A_folder_that_cannot_be_written_is_named() => RefusedAsync("/proc", "MUC_DATA_DIR: cannot write in /proc (");

    [Test]
    public async Task A_file_that_is_no_database_is_named()
    {
        await File.WriteAllTextAsync(_folder.File("rooms.db"), string.Concat(Enumerable.Repeat("Double, double toil and trouble. ", 100)));

        await RefusedAsync(_folder.Path, $"MUC_DATA_DIR: {_folder.File("rooms.db")} is damaged or no SQLite database; put it aside and bring back a copy");
    }

    [Test]
    public async Task A_damaged_database_is_named()
    {
        await Store.DisposeAsync();
        await using (var file = File.OpenWrite(Database))
        {
            file.Position = 100; // Behind the header: the table of tables.
            file.Write(new byte[4000]);
        }

        await RefusedAsync(Data, $"MUC_DATA_DIR: {Database} is damaged or no SQLite database; put it aside and bring back a copy");
    }

    [Test]
    public async Task A_database_that_is_a_folder_is_named()
    {
        Directory.CreateDirectory(_folder.File("rooms.db"));

        await RefusedAsync(_folder.Path, $"MUC_DATA_DIR: {_folder.File("rooms.db")} cannot be opened; it must be a file that this user may write, in a folder that this user may write");
    }

    [Test]
    public async Task A_database_that_may_only_be_read_is_named()
    {
        await using var disk = await SmallDisk.MountAsync(_folder.File("disk"));
        await using (var store = new SqliteRoomStore(disk.Path)) await store.OpenAsync(default);
        await disk.MakeReadOnlyAsync();

        await RefusedAsync(disk.Path, $"MUC_DATA_DIR: cannot write in {disk.Path} (");
    }

    [Test]
    public async Task A_full_disk_keeps_nothing_and_hurts_nothing_and_all_goes_on_when_there_is_room_again()
    {
        await using var disk = await SmallDisk.MountAsync(_folder.File("disk"));
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[500_000]);
        await using var store = new SqliteRoomStore(disk.Path);
        await store.OpenAsync(default);
        var (expected, claim) = await store.LoadAsync(Coven, default);
        var random = new RandomChanges(9);

        await SaveOneAsync(Room("coven"));
        StoreUnavailableException? full = null;
        for (var i = 0; full is null; i++)
        {
            Assert.That(i, Is.LessThan(100), "it was never full");
            try
            {
                await SaveOneAsync(LongMessage());
            }
            catch (StoreUnavailableException e)
            {
                full = e;
            }
        }
        Assert.That(full.Message, Is.EqualTo($"MUC_DATA_DIR: {Path.Combine(disk.Path, "rooms.db")} cannot grow: the disk is full"));
        Assert.That(() => SaveOneAsync(LongMessage()), Throws.TypeOf<StoreUnavailableException>());
        Assert.That((await store.ListAsync(null, null, false, 10, default)).Count, Is.EqualTo(1));

        File.Delete(ballast);
        await SaveOneAsync(LongMessage());
        Assert.That((await store.LoadAsync(Coven, default)).Stored.History, Is.EqualTo(expected.History));

        MessageKept LongMessage() => new(random.Message(inHistory: true) with { Xml = new string('x', 20_000) });

        async Task SaveOneAsync(Change change)
        {
            await store.SaveAsync(Coven, claim, [change], default);
            expected = expected.With(change);
        }
    }

    private static async Task RefusedAsync(string folder, string message)
    {
        await using var store = new SqliteRoomStore(folder);

        Assert.That(() => store.OpenAsync(default), Throws.TypeOf<StoreUnavailableException>()
            .With.Message.StartsWith(message).And.Message.Not.Contains("\n"));
    }
}
