using System.Collections.Immutable;
using System.Text;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// Rooms that live as long as the process: for tests and for trying things out. No operator could read the archive of a
/// destroyed room here, so it goes with the room.
/// </summary>
public sealed partial class MemoryRoomStore : IRoomStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Jid, Kept> _rooms = [];

    public Task OpenAsync(CancellationToken stop) => Task.CompletedTask;

    public Task<LoadedRoom> LoadAsync(Jid room, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var kept = _rooms.GetValueOrDefault(room, Kept.Nothing);
            var claim = Claim.New();
            claim.OnNothing = kept.Stored.Room is null;
            if (!claim.OnNothing) _rooms[room] = kept with { Holder = claim.Token };
            return Task.FromResult(new LoadedRoom(kept.Stored, claim));
        }
    }

    public Task SaveAsync(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var (stored, archive, holder) = _rooms.GetValueOrDefault(room, Kept.Nothing);
            if (!claim.Covers(holder)) return Task.FromException(new ClaimLostException(room));
            try
            {
                var exists = holder is not null;
                foreach (var change in changes)
                {
                    (stored, exists) = (stored.With(change), change.After(exists));
                    if (change is RoomDestroyed) archive = [];
                    if (change is MessageKept { Message: { Archived: true } message }) archive = archive.Add(message);
                }
                claim.OnNothing = !exists;
            }
            catch (InvalidOperationException e)
            {
                return Task.FromException(e);
            }
            if (stored == StoredRoom.Nothing) _rooms.Remove(room);
            else _rooms[room] = new Kept(stored, archive, claim.OnNothing ? null : claim.Token);
        }
        return Task.CompletedTask;
    }

    public Task DeliveredAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop)
    {
        lock (_lock)
        {
            foreach (var (room, upTo) in deliveries)
                if (_rooms.TryGetValue(room, out var kept) && kept.Holder is not null) _rooms[room] = kept with { Stored = kept.Stored.DeliveredUpTo(upTo) };
        }
        return Task.CompletedTask;
    }

    public Task<RoomList> ListAsync(Jid? after, Jid? before, bool backwards, int max, CancellationToken stop)
    {
        List<ListedRoom> all;
        lock (_lock)
        {
            all = [.. from kept in _rooms
                      where kept.Value.Stored.Room is { Listed: true }
                      select new ListedRoom(kept.Key, kept.Value.Stored.Room!.Name)];
        }
        all.Sort((a, b) => ByAddress(a.Jid, b.Jid));

        var between = all.FindAll(r => (after is null || ByAddress(r.Jid, after) > 0) && (before is null || ByAddress(r.Jid, before) < 0));
        List<ListedRoom> page = [.. backwards ? between.TakeLast(max) : between.Take(max)];
        return Task.FromResult(new RoomList(page, all.Count, page.Count == 0 ? 0 : all.IndexOf(page[0])));
    }

    public Task<IReadOnlyList<Jid>> ListOccupiedAsync(Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(stored => !stored.Sessions.IsEmpty, after, max);

    public Task<IReadOnlyList<Jid>> ListEmptiedAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(stored => stored.Room?.Emptied <= by, after, max);

    private Task<IReadOnlyList<Jid>> RoomsAsync(Func<StoredRoom, bool> which, Jid? after, int max)
    {
        List<Jid> rooms;
        lock (_lock) rooms = [.. from kept in _rooms where which(kept.Value.Stored) select kept.Key];
        rooms.Sort(ByAddress);
        return Task.FromResult<IReadOnlyList<Jid>>([.. rooms.Where(room => after is null || ByAddress(room, after) > 0).Take(max)]);
    }

    public Task<ArchivePage?> ReadArchiveAsync(Jid room, ArchiveQuery query, CancellationToken stop)
    {
        Kept kept;
        lock (_lock) kept = _rooms.GetValueOrDefault(room, Kept.Nothing);
        return Task.FromResult(query.Over(kept.Archive));
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, TimeSpan? atMost, int max, CancellationToken stop)
    {
        var removed = 0;
        lock (_lock)
            foreach (var (room, kept) in _rooms.ToList())
            {
                var own = kept.Stored.Room?.Retention;
                var since = now - (own is null || atMost < own ? atMost : own);
                var expired = kept.Archive.Concat(kept.Stored.History).Where(m => m.At < since).Select(m => m.Id).Distinct().Order().Take(max - removed).ToHashSet();
                removed += expired.Count;
                if (expired.Count == 0) continue;
                _rooms[room] = kept with
                {
                    Archive = kept.Archive.RemoveAll(m => expired.Contains(m.Id)),
                    Stored = kept.Stored with
                    {
                        History = kept.Stored.History.Without(m => expired.Contains(m.Id)),
                        Undelivered = kept.Stored.Undelivered.Without(m => expired.Contains(m.Id)),
                    },
                };
            }
        return Task.FromResult(removed);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // As the databases compare: byte by byte in UTF-8.
    private static int ByAddress(Jid a, Jid b) =>
        Encoding.UTF8.GetBytes(a.ToString()).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.ToString()));

    private sealed record Kept(StoredRoom Stored, ImmutableList<MessageRecord> Archive, Guid? Holder)
    {
        public static readonly Kept Nothing = new(StoredRoom.Nothing, [], null);
    }
}
