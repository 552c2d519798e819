using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>All rooms in memory, as <see cref="IWholeStore"/> has them; there are no archives of destroyed ones.</summary>
public sealed partial class MemoryRoomStore : IWholeStore
{
    public Task<IReadOnlyList<Jid>> ListAllAsync(Jid? after, int max, CancellationToken stop) => RoomsAsync(_ => true, after, max);

    public Task<SeenRoom> SeeAsync(Jid room, CancellationToken stop)
    {
        lock (_lock)
        {
            var kept = _rooms.GetValueOrDefault(room, Kept.Nothing);
            var (archived, said) = (kept.Archive.LastOrDefault()?.Id ?? Guid.Empty, kept.Stored.History.Last?.Id ?? Guid.Empty);
            return Task.FromResult(new SeenRoom(kept.Stored, archived.CompareTo(said) > 0 ? archived : said));
        }
    }

    public Task<IReadOnlyList<MessageRecord>> ReadMessagesAsync(Jid room, Guid after, int max, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<MessageRecord>>([.. Messages(room, after, max)]);

    public Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop) =>
        Task.FromResult<IReadOnlySet<Guid>>(Messages(room, Guid.Empty, int.MaxValue).Select(m => m.Id).Where(id => id.CompareTo(first) >= 0 && id.CompareTo(last) <= 0).ToHashSet());

    public Task<IReadOnlyList<(Jid Room, DestroyedArchive Archive)>> ListDestroyedAsync(Guid after, int max, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<(Jid, DestroyedArchive)>>([]);

    public Task<IReadOnlyList<MessageRecord>> ReadDestroyedAsync(Guid archive, Guid after, int max, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<MessageRecord>>([]);

    public Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop) =>
        Task.FromResult(false);

    private IEnumerable<MessageRecord> Messages(Jid room, Guid after, int max)
    {
        Kept kept;
        lock (_lock) kept = _rooms.GetValueOrDefault(room, Kept.Nothing);
        var first = After(kept.Archive, after);
        return kept.Archive.GetRange(first, Math.Min(max, kept.Archive.Count - first)).Concat(kept.Stored.History.Where(m => m.Id.CompareTo(after) > 0))
            .DistinctBy(m => m.Id).OrderBy(m => m.Id).Take(max);
    }

    /// <summary>The place of the first that comes after this one.</summary>
    private static int After(ImmutableList<MessageRecord> messages, Guid id)
    {
        if (messages.IsEmpty || messages[^1].Id.CompareTo(id) <= 0) return messages.Count;
        var (low, high) = (0, messages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (messages[middle].Id.CompareTo(id) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
