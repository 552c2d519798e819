using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>
/// Puts what is moved where it belongs. It may break off anywhere: a room is either whole, or marked as unfinished and closed to
/// everybody but its owners, and the next run of the same import goes on with it. A room that is there already and is not
/// unfinished stays as it is.
/// </summary>
/// <param name="update">Bring rooms that are there already up to date as well: their configuration, affiliations, and what was said since.</param>
/// <param name="dryRun">Look at everything, and keep nothing.</param>
public sealed class Importer(IDestination destination, MovingReport report, bool update = false, bool dryRun = false)
{
    /// <summary>Changes kept at once, and characters in them: most rooms are kept in one piece.</summary>
    private const int MaxPending = 500;
    private const int MaxPendingLength = 4_000_000;

    private readonly List<Change> _pending = [];
    private readonly List<MessageRecord> _put = [];
    private int _pendingLength;
    private Room? _room;
    private MovedArchive? _archive;
    private bool _isSkipping;

    public async Task TakeAsync(IAsyncEnumerable<Moved> pieces, CancellationToken stop)
    {
        await foreach (var piece in pieces.WithCancellation(stop))
        {
            if (piece is MovedRoom or MovedTombstone or MovedArchive) await FinishAsync(stop);
            if (await TakeAsync(piece, stop)) report.Count(piece);
        }
        await FinishAsync(stop);
    }

    /// <returns>Whether it was taken over.</returns>
    private async Task<bool> TakeAsync(Moved piece, CancellationToken stop)
    {
        switch (piece)
        {
            case MovedRoom room:
                return await BeginAsync(room, stop);
            case MovedTombstone(var jid, var tombstone):
                return await BuryAsync(jid, tombstone, stop);
            case MovedArchive archive:
                _archive = archive;
                _isSkipping = !dryRun && !await destination.KeepDestroyedAsync(archive.Room, archive.Archive, [], stop);
                if (_isSkipping) report.LeftBehind(archive.Room.ToString(), "the archive of a destroyed room, which this storage does not keep");
                return !_isSkipping;
            case var _ when _isSkipping:
                return false;
            case MovedAffiliation(var affiliation):
                await AddAsync(new AffiliationChanged(affiliation), 0, stop);
                return true;
            case MovedSession when !destination.TakesSessions:
                report.LeftBehind(_room!.Moved.Jid.ToString(), "who was in a room, since the service runs and knows who is");
                return false;
            case MovedSession(var session):
                await AddAsync(new SessionChanged(session), session.Presence.Length, stop);
                return true;
            case MovedMessage(var message) when _archive is not null:
                _put.Add(message);
                _pendingLength += message.Xml.Length;
                if (_put.Count >= MaxPending || _pendingLength > MaxPendingLength) await PutAsideAsync(stop);
                return true;
            case MovedMessage(var message):
                if (_room is null) throw new FormatException("a message that belongs to no room");
                if (_room.Last.CompareTo(message.Id) < 0) _room.Last = message.Id;
                await AddAsync(new MessageKept(message), message.Xml.Length, stop);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(piece), piece, "an unknown kind of piece");
        }
    }

    private async Task<bool> BeginAsync(MovedRoom moved, CancellationToken stop)
    {
        var stored = await destination.SeeAsync(moved.Jid, stop);
        var isUnfinished = stored.Room?.Extra.ContainsKey(Portion.Unfinished) ?? false;
        _isSkipping = stored.Room is not null && !isUnfinished && !update;
        if (_isSkipping) report.AlreadyThere++;
        else if (_isSkipping = stored.Room is null && !destination.TakesSessions && !RoomConfig.FromStored([PersistentRoom.Persistent], moved.Record.Options).Get(PersistentRoom.Persistent))
            report.LeftBehind(moved.Jid.ToString(), "a temporary room, since nobody is in it");
        else _room = new Room(moved, stored.Room is not null);
        return !_isSkipping;
    }

    private async Task<bool> BuryAsync(Jid room, Tombstone tombstone, CancellationToken stop)
    {
        var stored = await destination.SeeAsync(room, stop);
        if (stored.Room is null && stored.Tombstone is null && (dryRun || await destination.PutAsync(room, new Portion([new RoomDestroyed(tombstone)], Updates: false), stop))) return true;
        report.AlreadyThere++;
        return false;
    }

    private async Task AddAsync(Change change, int length, CancellationToken stop)
    {
        if (_room is null) throw new FormatException("something that belongs to no room");
        _pending.Add(change);
        _pendingLength += length;
        if (_pending.Count < MaxPending && _pendingLength < MaxPendingLength) return;

        if (!_room.IsBegun) _pending.Insert(0, new RoomChanged(_room.UnfinishedRecord));
        _room.IsBegun = true;
        await PutAsync(_room, stop);
    }

    private async Task FinishAsync(CancellationToken stop)
    {
        if (_archive is not null) await PutAsideAsync(stop);
        if (_room is { } room && !_isSkipping)
        {
            // In this order: whatever comes after the room needs one, and what says that it is whole comes last.
            var whole = new RoomChanged(room.Moved.Record);
            if (room.IsBegun) _pending.Add(whole);
            else _pending.Insert(0, whole);
            await PutAsync(room, stop);
            if (!dryRun && !_isSkipping && (room.Moved.Delivered ?? room.Last) is var upTo && upTo != Guid.Empty) await destination.FinishAsync(room.Moved.Jid, upTo, stop);
        }
        (_room, _archive, _isSkipping) = (null, null, false);
    }

    private async Task PutAsync(Room room, CancellationToken stop)
    {
        if (room.WasThere) await WithoutThoseThereAsync(room, stop);
        if (!dryRun && _pending.Count > 0 && !await destination.PutAsync(room.Moved.Jid, new Portion([.. _pending], update), stop))
        {
            report.LeftBehind(room.Moved.Jid.ToString(), "all or the rest of a room that somebody made or destroyed at the same moment");
            _isSkipping = true;
        }
        _pending.Clear();
        _pendingLength = 0;
    }

    private async Task WithoutThoseThereAsync(Room room, CancellationToken stop)
    {
        List<Guid> ids = [.. _pending.OfType<MessageKept>().Select(kept => kept.Message.Id)];
        if (ids.Count == 0) return;
        var there = await destination.ListMessagesAsync(room.Moved.Jid, ids.Min(), ids.Max(), stop);
        report.MessagesThere += _pending.RemoveAll(change => change is MessageKept { Message.Id: var id } && there.Contains(id));
    }

    private async Task PutAsideAsync(CancellationToken stop)
    {
        if (_put.Count > 0 && !dryRun) await destination.KeepDestroyedAsync(_archive!.Room, _archive.Archive, [.. _put], stop);
        _put.Clear();
        _pendingLength = 0;
    }

    /// <summary>The room that is being taken over.</summary>
    private sealed class Room(MovedRoom moved, bool wasThere)
    {
        public MovedRoom Moved => moved;

        public bool WasThere => wasThere;

        /// <summary>A part of it is kept.</summary>
        public bool IsBegun { get; set; }

        /// <summary>The newest message.</summary>
        public Guid Last { get; set; }

        public RoomRecord UnfinishedRecord => moved.Record with { Locked = true, Listed = false, Emptied = null, Extra = moved.Record.Extra.SetItem(Portion.Unfinished, "1") };
    }
}
