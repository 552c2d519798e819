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
    private static readonly Comparer<Jid> InOrder = Comparer<Jid>.Create(ByAddress);

    private readonly Lock _lock = new();
    private readonly Dictionary<Jid, Kept> _rooms = [];

    public Task OpenAsync(CancellationToken stop) => Task.CompletedTask;

    public Task TryAsync(CancellationToken stop) => Task.CompletedTask;

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
            var removed = _rooms.GetValueOrDefault(room, Kept.Nothing).Removed;
            if (!claim.Covers(holder)) return Task.FromException(new ClaimLostException(room));
            try
            {
                var exists = holder is not null;
                foreach (var change in changes)
                {
                    removed = Aside(change, removed, archive.Concat(stored.History).Concat(stored.Undelivered));
                    (stored, exists) = (stored.With(change), change.After(exists));
                    if (change is RoomDestroyed) archive = [];
                    archive = change switch
                    {
                        MessageKept { Message: { Archived: true } message } => archive.Insert(After(archive, message.Id), message),
                        MessageRetracted c => archive.ConvertAll(m => m.With(c)),
                        AuthorErased c => archive.ConvertAll(m => m.With(c)),
                        MessageRestored c => archive.ConvertAll(m => m.With(c)),
                        _ => archive,
                    };
                }
                claim.OnNothing = !exists;
            }
            catch (InvalidOperationException e)
            {
                return Task.FromException(e);
            }
            if (stored == StoredRoom.Nothing) _rooms.Remove(room);
            else _rooms[room] = new Kept(stored, archive, claim.OnNothing ? null : claim.Token) { Removed = removed };
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

    public Task<IReadOnlyList<RoomSummary>> SurveyAsync(Jid? after, int max, bool hidden, CancellationToken stop)
    {
        List<RoomSummary> all;
        lock (_lock)
        {
            all = [.. from kept in _rooms
                      let room = kept.Value.Stored.Room
                      where room is not null && (hidden || room.Listed)
                      select new RoomSummary(kept.Key, room.Name, room.Listed, room.Locked, room.Created, Nicks(kept.Value.Stored)) { Options = room.Options }
                          .ActiveIn(kept.Value.Stored.Delivered).ActiveIn(kept.Value.Newest)];
        }
        return Task.FromResult(Page(all, room => room.Jid, after, max));
    }

    public Task<StoreFigures> CountAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            var rooms = _rooms.Values.Select(kept => kept.Stored).Where(stored => stored.Room is not null).ToList();
            return Task.FromResult(new StoreFigures(rooms.Count, rooms.Count(r => !r.Sessions.IsEmpty), rooms.Sum(Nicks), rooms.Sum(r => r.Sessions.Count)));
        }
    }

    private static int Nicks(StoredRoom stored) => stored.Sessions.Values.Select(s => s.Nick).Distinct(StringComparer.Ordinal).Count();

    public Task<IReadOnlyList<Jid>> ListOccupiedAsync(Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(stored => !stored.Sessions.IsEmpty, after, max);

    public Task<IReadOnlyList<Jid>> ListEmptiedAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(stored => stored.Room?.Emptied <= by, after, max);

    public Task<IReadOnlyList<Jid>> ListDueAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop) =>
        RoomsAsync(stored => stored.Room?.Due <= by, after, max);

    public Task<IReadOnlyList<Jid>> ListTracesAsync(Jid person, Jid? after, int max, CancellationToken stop)
    {
        List<Jid> rooms;
        lock (_lock) rooms = [.. from kept in _rooms where IsIn(person, kept.Value) select kept.Key];
        return Task.FromResult(Page(rooms, room => room, after, max));
    }

    private static bool IsIn(Jid person, Kept kept) =>
        kept.Archive.Concat(kept.Stored.History).Concat(kept.Stored.Undelivered).Any(m => m.Author.Jid.Bare == person)
        || kept.Stored.Affiliations.ContainsKey(person) || kept.Stored.Sessions.Keys.Any(jid => jid.Bare == person)
        || (kept.Stored.Room?.Extra.Values.Any(text => text.Contains(person.ToString(), StringComparison.Ordinal)) ?? false);

    public Task<IReadOnlyList<RemovalRecord>> ListRemovalsAsync(int max, CancellationToken stop)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<RemovalRecord>>(
            [
                .. _rooms.Values.SelectMany(kept => kept.Removed).GroupBy(r => r.Aside.Removal)
                    .Select(g => new RemovalRecord(g.Key, g.Count(), g.Max(r => r.Aside.Until))).OrderByDescending(r => r.Removal).Take(max),
            ]);
        }
    }

    public Task<IReadOnlyList<RemovedMessage>> ReadRemovalAsync(Guid removal, RemovedMessage? after, int max, CancellationToken stop)
    {
        List<RemovedMessage> removed;
        lock (_lock) removed = [.. _rooms.SelectMany(kept => kept.Value.Removed.Where(r => r.Aside.Removal == removal), (kept, r) => new RemovedMessage(kept.Key, r.Id, r.Xml))];
        removed.Sort(InOrder);
        return Task.FromResult<IReadOnlyList<RemovedMessage>>([.. removed.Where(r => after is null || InOrder(r, after) > 0).Take(max)]);

        static int InOrder(RemovedMessage a, RemovedMessage b) => ByAddress(a.Room, b.Room) is not 0 and var order ? order : a.Id.CompareTo(b.Id);
    }

    public Task RemoveAsideAsync(DateTimeOffset now, CancellationToken stop)
    {
        lock (_lock)
            foreach (var (room, kept) in _rooms.ToList()) _rooms[room] = kept with { Removed = kept.Removed.RemoveAll(r => r.Aside.Until < now) };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DestroyedMessage>> ReadDestroyedAsync(Jid person, DestroyedMessage? after, int max, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<DestroyedMessage>>([]);

    public Task RemoveDestroyedAsync(Jid person, CancellationToken stop) => Task.CompletedTask;

    private Task<IReadOnlyList<Jid>> RoomsAsync(Func<StoredRoom, bool> which, Jid? after, int max)
    {
        List<Jid> rooms;
        lock (_lock) rooms = [.. from kept in _rooms where which(kept.Value.Stored) select kept.Key];
        return Task.FromResult(Page(rooms, room => room, after, max));
    }

    // Takes the first ones out of many without putting the rest in order.
    private static IReadOnlyList<T> Page<T>(IEnumerable<T> all, Func<T, Jid> address, Jid? after, int max) =>
        [.. all.Where(one => after is null || ByAddress(address(one), after) > 0).OrderBy(address, InOrder).Take(max)];

    public Task<ArchivePage?> ReadArchiveAsync(Jid room, ArchiveQuery query, CancellationToken stop)
    {
        Kept kept;
        lock (_lock) kept = _rooms.GetValueOrDefault(room, Kept.Nothing);
        return Task.FromResult(query.Over(query.Passing ? kept.Archive.Concat(kept.Stored.History).Concat(kept.Stored.Undelivered).DistinctBy(m => m.Id) : kept.Archive));
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

    private static ImmutableList<Removed> Aside(Change change, ImmutableList<Removed> removed, IEnumerable<MessageRecord> kept)
    {
        switch (change)
        {
            case RoomDestroyed:
                return [];
            case MessageRetracted { Aside: { } aside } c:
                var now = kept.FirstOrDefault(m => m.Id == c.Id && m.With(c) != m);
                return now is null ? removed : removed.RemoveAll(r => r.Id == c.Id).Add(new Removed(aside, c.Id, now.Xml));
            case MessageRestored c:
                return removed.RemoveAll(r => r.Id == c.Id);
            case AuthorErased c:
                var his = kept.Where(m => m.Author.Jid.Bare == c.Author && m.Id.CompareTo(c.UpTo) <= 0).Select(m => m.Id).ToHashSet();
                return removed.RemoveAll(r => his.Contains(r.Id));
            default:
                return removed;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // As the databases compare: byte by byte in UTF-8.
    private static int ByAddress(Jid a, Jid b) =>
        Encoding.UTF8.GetBytes(a.ToString()).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.ToString()));

    private sealed record Kept(StoredRoom Stored, ImmutableList<MessageRecord> Archive, Guid? Holder)
    {
        public static readonly Kept Nothing = new(StoredRoom.Nothing, [], null);

        public ImmutableList<Removed> Removed { get; init; } = [];

        /// <summary>The newest message; all zeros if there is none.</summary>
        public Guid Newest => Archive is [.., var newest] && (Stored.History.Last is not { } last || newest.Id > last.Id) ? newest.Id : Stored.History.Last?.Id ?? Guid.Empty;
    }

    /// <summary>A message as it was, put aside.</summary>
    private sealed record Removed(Aside Aside, Guid Id, string Xml);
}
