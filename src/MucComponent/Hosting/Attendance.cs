using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// What no room knows of the others: who is in how many of them, how many are in all, who has created how many, and how many rooms
/// there are. Known of the rooms in memory, and those are all that anybody is in, soon after the start; the others are counted then.
/// </summary>
public sealed class Attendance(TimeProvider clock, ServicePolicy policy)
{
    private readonly Lock _lock = new();

    // By hash, since addresses would be most of what an occupant at rest takes. Who shares one with somebody shares the count.
    private readonly Dictionary<int, int> _rooms = [];
    private readonly Paces<Jid>? _creations = policy.Creations is { } rate ? new(clock, rate) : null;
    private int _occupants;
    private int _all;

    /// <summary>What a room must know to let this one in.</summary>
    /// <param name="person">Bare.</param>
    public Elsewhere Of(Jid person)
    {
        lock (_lock) return new Elsewhere(_rooms.GetValueOrDefault(person.GetHashCode()), _occupants, _creations?.MayTake(person) == false) { Rooms = _all };
    }

    /// <summary>How many rooms there are, as far as known.</summary>
    public int Rooms
    {
        get { lock (_lock) return _all; }
    }

    /// <summary>The store has counted so many more than were known when it began; what came since counts too.</summary>
    public void Discover(int rooms)
    {
        lock (_lock) _all += rooms;
    }

    /// <summary>A room took a step.</summary>
    public void Note(Room before, Step step, Jid sender)
    {
        if (!before.Exists && step.Room.Exists) _creations?.TryTake(sender.Bare);
        if (before.Exists != step.Room.Exists)
            lock (_lock) _all += step.Room.Exists ? 1 : -1;
        if (ReferenceEquals(before.Occupants, step.Room.Occupants)) return;
        if (step.Changes.Any(c => c is RoomDestroyed))
        {
            Replace(before, step.Room);
            return;
        }
        lock (_lock)
        {
            _occupants += step.Room.Occupants.Count - before.Occupants.Count;
            foreach (var person in step.Changes.Select(PersonOf).OfType<Jid>().Distinct()) Count(before, step.Room, person);
        }
    }

    /// <summary>A room is another than was thought: loaded, or gone (null).</summary>
    public void Replace(Room? before, Room? after)
    {
        lock (_lock)
        {
            _occupants += (after?.Occupants.Count ?? 0) - (before?.Occupants.Count ?? 0);
            foreach (var person in People(before)) Add(person, -1);
            foreach (var person in People(after)) Add(person, +1);
        }
    }

    private static Jid? PersonOf(Change change) => change switch
    {
        SessionChanged c => c.Session.Jid.Bare,
        SessionRemoved c => c.Jid.Bare,
        _ => null,
    };

    private static HashSet<Jid> People(Room? room) => room is null ? [] : [.. room.Occupants.All.Select(o => o.RealJid)];

    private void Count(Room before, Room after, Jid person)
    {
        switch (before.Occupants.Has(person), after.Occupants.Has(person))
        {
            case (false, true):
                Add(person, +1);
                break;
            case (true, false):
                Add(person, -1);
                break;
        }
    }

    private void Add(Jid person, int rooms)
    {
        var hash = person.GetHashCode();
        var now = _rooms.GetValueOrDefault(hash) + rooms;
        if (now > 0) _rooms[hash] = now;
        else _rooms.Remove(hash);
    }
}
