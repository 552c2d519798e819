using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>All that one room knows: an immutable value. What changes it goes through a <see cref="Turn"/>.</summary>
/// <param name="Jid">The room's bare JID.</param>
/// <param name="Salt">The room's secret, for occupant ids and for the ids of relayed requests.</param>
public sealed record Room(Jid Jid, string Salt)
{
    private static readonly RecentQueue<Said> NothingSaid = new([]);
    private static readonly RecentQueue<PrivateTrace> NoTraces = new([]);

    /// <summary>False before the first join, and again after the destruction.</summary>
    public bool Exists { get; init; }

    /// <summary>What is left of a destroyed room, while it is.</summary>
    public Tombstone? Tombstone { get; init; }

    /// <summary>Created and not yet configured: nobody but its owner gets in (XEP-0045 §10.1.1).</summary>
    public bool Locked { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Since when nobody is in this temporary room, which lives on for a while; null if it does not wait for its end.</summary>
    public DateTimeOffset? Emptied { get; init; }

    /// <summary>When it next has something to do of itself; null if nothing.</summary>
    public DateTimeOffset? Due { get; init; }

    public RoomConfig Config { get; init; } = RoomConfig.Default;

    public Affiliations Affiliations { get; init; } = Affiliations.Empty;

    public Occupants Occupants { get; init; } = Occupants.Nobody;

    public Subject? Subject { get; init; }

    /// <summary>The newest messages for newcomers, oldest first.</summary>
    public RecentQueue<Said> History { get; init; } = NothingSaid;

    /// <summary>The last private messages, so that a bounced one finds its author.</summary>
    public RecentQueue<PrivateTrace> PrivateTraces { get; init; } = NoTraces;

    /// <summary>When what people did lately would be due, had they not done it at once (<see cref="Rate"/>), by what and who. Not kept.</summary>
    public ImmutableDictionary<(string What, Jid Who), DateTimeOffset> Paces { get; init; } = ImmutableDictionary<(string, Jid), DateTimeOffset>.Empty;

    /// <summary>Sessions nobody has heard of since the service or its link came back. Not kept: after a load it is all of them.</summary>
    public ImmutableHashSet<Jid> Doubted { get; init; } = [];

    /// <summary>The messages of the hour in which one was counted last (<see cref="Features.Activity"/>). Not kept.</summary>
    public Features.Tally? Tally { get; init; }

    /// <summary>The room's hats; null where there are none.</summary>
    public Wardrobe? Wardrobe { get; init; }

    /// <summary>What features keep about the room, by name.</summary>
    public ImmutableSortedDictionary<string, string> Extra { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What somebody wrote as a nick, prepared as all nicks are (§17.1), or null if it cannot be one.</summary>
    public string? Nick(string text) => Jid.TryParse($"{Jid}/{text}", out var occupant) ? occupant.Resource : null;

    /// <summary>The occupant id here of this JID, with or without its resource (XEP-0421 §3): stable, and of no use in any other room.</summary>
    public string OccupantId(Jid jid) => OccupantIdScheme.IdOf(jid, Salt, Extra);

    /// <summary>A keyed hash that only this room can make.</summary>
    public string Sign(string text) => OccupantIdScheme.Sign(text, Salt);

    /// <summary>The room that a store knows, as it was.</summary>
    /// <param name="salt">The secret of the room if it is still to be created.</param>
    public static Room Restore(Jid jid, StoredRoom stored, IEnumerable<Option> options, string salt)
    {
        if (stored.Room is not { } record) return new Room(jid, salt) { Tombstone = stored.Tombstone };

        var room = new Room(jid, salt).As(record, options);
        room = room with
        {
            Affiliations = Affiliations.Of(stored.Affiliations.Values),
            // A store may keep more, for the day when the room is to show more.
            History = new([.. stored.History.TakeLast(room.Config.Get(Features.History.Length)).Select(m => new Said(m))]),
        };
        return room with { Occupants = RestoreOccupants(room, stored.Sessions.Values), Doubted = [.. stored.Sessions.Keys] };
    }

    /// <summary>The room with this as its own record; who belongs to it, is in it and what was said stay.</summary>
    public Room As(RoomRecord record, IEnumerable<Option> options)
    {
        var room = this with
        {
            Salt = record.Salt,
            Exists = true,
            Tombstone = null,
            Locked = record.Locked,
            Created = record.Created,
            Emptied = record.Emptied,
            Due = record.Due,
            Config = RoomConfig.FromStored(options, record.Options),
            Subject = record.Subject is null ? null : new Subject(Fragment.Read(record.Subject), record.SubjectFrom, record.SubjectAt ?? record.Created),
            Extra = record.Extra,
        };
        return room with { Wardrobe = Features.Hats.Read(room) };
    }

    /// <summary>Lets go of what is made when somebody enters: nothing has happened here for a while.</summary>
    public void Doze() => Occupants.Doze();

    /// <summary>Lets go of all that can be made again.</summary>
    public void Rest()
    {
        Doze();
        Occupants.Rest();
        Jid.Rest();
    }

    /// <summary>The room's own record as a store keeps it.</summary>
    public RoomRecord ToRecord(string name, bool listed) => new(
        Salt, Config.ToStored(), name, listed, Locked, Created,
        Subject is null ? null : Fragment.Write(Subject.Elements), Subject?.From, Subject?.At, Extra)
    {
        Emptied = Emptied,
        Due = Due,
        Retention = Features.Retention.Own(Config),
    };

    private static Occupants RestoreOccupants(Room room, IEnumerable<SessionRecord> sessions)
    {
        var occupants = Occupants.Nobody;
        foreach (var s in sessions)
        {
            var session = new Session(s.Jid, s.Presence, s.Since);
            occupants = occupants.With(occupants.ByNick(s.Nick) is { } there
                ? there.With(session)
                : new Occupant(room.Jid, s.Nick, room.Affiliations.Get(s.Jid.Bare), s.Role, [session]) { IsHeldBack = s.IsHeldBack });
        }
        return occupants;
    }
}

/// <summary>The subject as it was set (XEP-0045 §8.1).</summary>
/// <param name="Elements">One <c>&lt;subject/&gt;</c> for each language; empty ones if it was cleared.</param>
/// <param name="From">The occupant JID of who set it.</param>
public sealed record Subject(ImmutableArray<XElement> Elements, Jid? From, DateTimeOffset At);

/// <summary>A message that newcomers get to see. Of most nobody ever asks, so they are text until somebody does.</summary>
public sealed class Said(MessageRecord record)
{
    private WeakReference<Stanza>? _late;

    public MessageRecord Record => record;

    public DateTimeOffset At => record.At;

    /// <summary>The same, if it is no other.</summary>
    public Said With(MessageRecord now) => ReferenceEquals(now, record) ? this : new Said(now);

    /// <summary>As it is told later: what was reflected, and when that was (XEP-0203). Made once for all who come soon after one another.</summary>
    public Stanza Late
    {
        get
        {
            if (_late is not null && _late.TryGetTarget(out var made)) return made;
            if (!Stanza.TryFrom(StanzaParser.Parse(record.Xml), out var stanza)) throw new FormatException($"message {record.Id} is not a stanza");
            stanza = stanza.With(Delay.By(record.From.Bare, record.At));
            _late = new WeakReference<Stanza>(stanza);
            return stanza;
        }
    }
}

/// <summary>A private message that went by: enough to return a bounce to its author (XEP-0045 §7.5).</summary>
public sealed record PrivateTrace(string Id, Jid Author, Jid Recipient);

/// <summary>A run of elements as text, for the store.</summary>
internal static class Fragment
{
    public static string Write(ImmutableArray<XElement> elements) => StanzaWriter.ToText(elements);

    public static ImmutableArray<XElement> Read(string xml) =>
        xml.Length == 0 ? [] : [.. StanzaParser.Parse($"<x>{xml}</x>").Elements()];
}
