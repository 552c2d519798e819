using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Given;

/// <summary>A store that can do nothing: a test gives it the one thing it needs.</summary>
public abstract class NoRoomStore : IRoomStore
{
    public virtual Task OpenAsync(CancellationToken stop) => throw new NotSupportedException();

    public virtual Task TryAsync(CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<LoadedRoom> LoadAsync(Jid room, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task SaveAsync(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task DeliveredAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<RoomList> ListAsync(Jid? after, Jid? before, bool backwards, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<RoomSummary>> SurveyAsync(Jid? after, int max, bool hidden, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<StoreFigures> CountAsync(CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<Jid>> ListOccupiedAsync(Jid? after, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<Jid>> ListEmptiedAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<Jid>> ListDueAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<Jid>> ListTracesAsync(Jid person, Jid? after, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<RemovalRecord>> ListRemovalsAsync(int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<RemovedMessage>> ReadRemovalAsync(Guid removal, RemovedMessage? after, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task RemoveAsideAsync(DateTimeOffset now, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<DestroyedMessage>> ReadDestroyedAsync(Jid person, DestroyedMessage? after, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task RemoveDestroyedAsync(Jid person, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<int> RemoveExpiredAsync(DateTimeOffset now, TimeSpan? atMost, int max, CancellationToken stop) => throw new NotSupportedException();

    public virtual Task<ArchivePage?> ReadArchiveAsync(Jid room, ArchiveQuery query, CancellationToken stop) => throw new NotSupportedException();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
