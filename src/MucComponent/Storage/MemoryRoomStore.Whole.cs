using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>All rooms in memory, as <see cref="IWholeStore"/> has them; there are no archives of destroyed ones.</summary>
public sealed partial class MemoryRoomStore : IWholeStore
{
    public Task<IReadOnlyList<Jid>> ListAllAsync(Jid? after, int max, CancellationToken stop) => RoomsAsync(_ => true, after, max);

    public Task<IReadOnlyList<MessageRecord>> ReadMessagesAsync(Jid room, Guid after, int max, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<MessageRecord>>([.. Messages(room).Where(m => m.Id.CompareTo(after) > 0).Take(max)]);

    public Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop) =>
        Task.FromResult<IReadOnlySet<Guid>>(Messages(room).Select(m => m.Id).Where(id => id.CompareTo(first) >= 0 && id.CompareTo(last) <= 0).ToHashSet());

    public Task<IReadOnlyList<(Jid Room, DestroyedArchive Archive)>> ListDestroyedAsync(Guid after, int max, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<(Jid, DestroyedArchive)>>([]);

    public Task<IReadOnlyList<MessageRecord>> ReadDestroyedAsync(Guid archive, Guid after, int max, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<MessageRecord>>([]);

    public Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop) =>
        Task.FromResult(false);

    private IOrderedEnumerable<MessageRecord> Messages(Jid room)
    {
        lock (_lock)
        {
            var kept = _rooms.GetValueOrDefault(room, Kept.Nothing);
            return kept.Archive.Concat(kept.Stored.History).DistinctBy(m => m.Id).OrderBy(m => m.Id);
        }
    }
}
