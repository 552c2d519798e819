using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// What was told is in the store: the changes of all steps so far, applied one after another, give the room as it is. The whole
/// of it is compared now and then, since it has to be read back from text; the lists every time.
/// </summary>
public sealed class SimulationStore(RoomEngine engine)
{
    private StoredRoom _stored = StoredRoom.Nothing;

    public void Keep(ImmutableArray<Change> changes) => _stored = changes.Aggregate(_stored, (stored, change) => stored.With(change));

    /// <summary>The room after a restart.</summary>
    public Room Reload(Room room) => Room.Restore(room.Jid, _stored, engine.Features.Options, room.Salt);

    public void CheckLists(Room room)
    {
        if (room.Exists != (_stored.Room is not null)) throw new SimulationException("The store knows whether the room exists");
        var sessions = 0;
        foreach (var occupant in room.Occupants.All)
            foreach (var session in occupant.Sessions)
            {
                sessions++;
                if (_stored.Sessions.GetValueOrDefault(session.Jid) is not { } kept || kept.Nick != occupant.Nick || kept.Role != occupant.Role)
                    throw new SimulationException($"The store knows every session: {session.Jid} as {occupant.Nick}, {occupant.Role}");
            }
        if (sessions != _stored.Sessions.Count) throw new SimulationException("The store knows no session that is out");
        if (_stored.Affiliations.Count != room.Affiliations.Count || room.Affiliations.All.Any(r => _stored.Affiliations.GetValueOrDefault(r.Jid) != r))
            throw new SimulationException("The store knows the affiliations");
    }

    public void CheckWhole(Room room)
    {
        // One made longer finds older messages again with the next load, one made shorter drops them then at the latest.
        var newest = Math.Min(room.History.Count, room.Config.Get(History.Length));
        var (told, kept) = (Picture(room, newest), Picture(Reload(room), newest));
        foreach (var (one, other) in told.Zip(kept))
            if (one != other) throw new SimulationException($"What is kept gives the same room again:\n  is   {one}\n  kept {other}");
        if (told.Count != kept.Count) throw new SimulationException("What is kept gives the same room again: one has more in it");
    }

    private static List<string> Picture(Room room, int newest) =>
    [
        $"{room.Exists} {room.Locked} {room.Created:O} {room.Emptied:O} {room.Salt} {room.Tombstone}",
        string.Join(' ', room.Config.ToStored().Select(o => $"{o.Key}={string.Join('|', o.Value)}")),
        string.Join(' ', room.Extra.Select(e => $"{e.Key}={e.Value}")),
        $"{room.Subject?.From} {room.Subject?.At:O} {StanzaWriter.ToText(room.Subject?.Elements ?? [])}",
        .. room.Affiliations.All.Select(a => a.ToString()).Order(StringComparer.Ordinal),
        .. room.Occupants.All.Select(o => Picture(room, o)).Order(StringComparer.Ordinal),
        .. room.History.TakeLast(newest).Select(h => h.Record.ToString()),
    ];

    private static string Picture(Room room, Occupant o) =>
        $"{o.Jid} {o.RealJid} {o.Id(room)} {o.Affiliation} {o.Role} shown as {o.Shown.Jid}: "
        + string.Join(", ", o.Sessions.Select(s => $"{s.Jid} {s.Since:O} {StanzaWriter.ToText(s.Presence)}").Order(StringComparer.Ordinal));
}
