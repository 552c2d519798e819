using BenchmarkDotNet.Attributes;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Bench.Micro;

/// <summary>
/// Changes → the store. One message is one room's commit with nobody else waiting: the price of the disk. Of a hundred rooms
/// at once each has its own message, and they share commits: figures are for one message.
/// </summary>
public class Saving
{
    private const int Rooms = 100;

    private readonly List<(Jid Room, Claim Claim)> _rooms = [];
    private PostgresCluster? _postgres;
    private IRoomStore _store = null!;
    private string _folder = "";

    [Params(StorageKind.Memory, StorageKind.Sqlite, StorageKind.Postgres)]
    public StorageKind Store { get; set; }

    // BenchmarkDotNet does not wait for tasks of these two where it runs in process.
    [GlobalSetup]
    public void Open() => OpenAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Close() => CloseAsync().GetAwaiter().GetResult();

    [Benchmark]
    public Task OneMessage() => SaveAsync(0);

    [Benchmark(OperationsPerInvoke = Rooms)]
    public Task AHundredRooms() => Task.WhenAll(Enumerable.Range(0, Rooms).Select(SaveAsync));

    private async Task OpenAsync()
    {
        _folder = Directory.CreateTempSubdirectory("muc-bench-").FullName;
        if (Store == StorageKind.Postgres) _postgres = await PostgresCluster.StartNewAsync(durable: true);
        _store = RoomStores.Create(new MucOptions { Storage = Store, DataDir = _folder, Postgres = _postgres is null ? null : await _postgres.NewDatabaseAsync() });
        await _store.OpenAsync(CancellationToken.None);
        var created = Stanzas.Engine.Handle(new Room(Jid.Parse(Stanzas.Room), "salt"), Stanzas.Input(Stanzas.Parse(Stanzas.Join))).Changes;
        for (var i = 0; i < Rooms; i++)
        {
            var room = Jid.Parse($"bench{i}@conference.localhost");
            var claim = (await _store.LoadAsync(room, CancellationToken.None)).Claim;
            await _store.SaveAsync(room, claim, created, CancellationToken.None);
            _rooms.Add((room, claim));
        }
    }

    private async Task CloseAsync()
    {
        await _store.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task SaveAsync(int room)
    {
        var id = Guid.CreateVersion7();
        var author = new Author(Jid.Parse("u0@localhost/r"), Affiliation.Owner, Role.Moderator, false);
        var message = new MessageRecord(id, DateTimeOffset.UtcNow, _rooms[room].Room.WithResource("n0"), author, Text, InHistory: true, Archived: false);
        return _store.SaveAsync(_rooms[room].Room, _rooms[room].Claim, [new MessageKept(message)], CancellationToken.None);
    }

    private static readonly string Text = Stanzas.Parse(Stanzas.Message).ToXml().ToString();
}
