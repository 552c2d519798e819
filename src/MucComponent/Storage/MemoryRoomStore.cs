using System.Collections.Concurrent;
using MucComponent.Rooms;
using MucComponent.Xmpp;
namespace MucComponent.Storage;
public sealed class MemoryRoomStore : IRoomStore
{
    private readonly ConcurrentDictionary<Jid, StoredRoom> _rooms = new();
    public Task OpenAsync(CancellationToken stop) => Task.CompletedTask;
    public Task<LoadedRoom> LoadAsync(Jid room, CancellationToken stop) => Task.FromResult(new LoadedRoom(_rooms.GetValueOrDefault(room, StoredRoom.Nothing), new Claim(Guid.NewGuid())));
    public Task SaveAsync(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop) { _rooms[room] = changes.Aggregate(_rooms.GetValueOrDefault(room, StoredRoom.Nothing), (s, c) => s.With(c)); return Task.CompletedTask; }
    public Task<RoomList> ListAsync(Jid? after, Jid? before, bool backwards, int max, CancellationToken stop) => Task.FromResult(new RoomList([], 0, 0));
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
public static class RoomStores { public static IRoomStore Create(MucOptions o, object? l) => new MemoryRoomStore(); }
