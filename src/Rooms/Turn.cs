using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// One input being handled. A rule changes the room only through the verbs here, and each verb notes the change to be
/// kept: no rule can forget to save. Nothing is visible to anybody until the whole turn is accepted.
/// </summary>
public sealed class Turn(Room room, Input input, FeatureList features, ServicePolicy policy)
{
    private readonly ImmutableArray<Change>.Builder _changes = ImmutableArray.CreateBuilder<Change>();
    private readonly ImmutableArray<Outgoing>.Builder _outgoing = ImmutableArray.CreateBuilder<Outgoing>();
    private readonly ImmutableArray<Read>.Builder _reads = ImmutableArray.CreateBuilder<Read>();
    private bool _recordChanged;
    private int _ids;

    /// <summary>The room as it is so far in this turn.</summary>
    public Room Room { get; private set; } = room;

    /// <summary>The room as it was when the turn began.</summary>
    public Room Before { get; } = room;

    public FeatureList Features => features;

    public ServicePolicy Policy => policy;

    public Stanza Stanza => input.Stanza;

    public DateTimeOffset Now => input.Now;

    /// <summary>The key of the message this turn may keep.</summary>
    public Guid Id => input.Id;

    /// <summary>Who speaks: a full JID, or a bare one where a server or service does.</summary>
    public Jid Sender { get; } = input.Stanza.From!;

    /// <summary>Who the sender is in the room, or null.</summary>
    public Occupant? Me => Room.Occupants.BySession(Sender);

    /// <summary>The sender's standing as the turn began: nobody loses it in the middle of one's own request.</summary>
    public Affiliation SenderAffiliation => Before.Affiliations.Get(Sender.Bare);

    /// <summary>Who the sender was in the room as the turn began, or null.</summary>
    public Occupant? MeBefore => Before.Occupants.BySession(Sender);

    public RoomConfig Config => Room.Config;

    /// <summary>An id for a stanza of the room's own; different for each call.</summary>
    public string NewId() => _ids++ == 0 ? input.Id.ToString() : $"{input.Id}-{_ids}";

    // --- what is told -----------------------------------------------------------------------------------

    public void Send(Stanza stanza, Jid to) => Send(stanza, [to]);

    public void Send(Stanza stanza, ImmutableArray<Jid> to)
    {
        if (!to.IsEmpty) _outgoing.Add(new Outgoing(stanza, to));
    }

    /// <summary>Answers the sender's iq.</summary>
    public void Reply(params ReadOnlySpan<XElement> payload) => Send(Stanza.Result(payload), Sender);

    /// <summary>Leaves a question that the sender may ask to be answered outside the turn.</summary>
    public void Ask(Read read) => _reads.Add(read);

    // --- the room itself --------------------------------------------------------------------------------

    public void Create()
    {
        Room = Room with { Exists = true, Locked = true, Created = Now, Tombstone = null };
        _recordChanged = true;
    }

    public void Unlock()
    {
        if (!Room.Locked) return;
        Room = Room with { Locked = false };
        _recordChanged = true;
    }

    /// <summary>Nobody is in the room since then, and it waits for its end; or (null) it does not.</summary>
    public void SetEmptied(DateTimeOffset? since)
    {
        if (Room.Emptied == since) return;
        Room = Room with { Emptied = since };
        _recordChanged = true;
    }

    public void Set(Option option, object value)
    {
        if (Config.Is(option, value)) return;
        Room = Room with { Config = Config.With(option, value) };
        // A history made shorter is shorter at once.
        Room = Room with { History = Room.History.Newest(Config.Get(History.Length)) };
        _recordChanged = true;
    }

    public void SetSubject(Subject subject)
    {
        Room = Room with { Subject = subject };
        _recordChanged = true;
    }

    /// <summary>Keeps something of a feature's with the room, or drops it (null).</summary>
    public void SetExtra(string name, string? value)
    {
        Room = Room with { Extra = value is null ? Room.Extra.Remove(name) : Room.Extra.SetItem(name, value) };
        _recordChanged = true;
    }

    /// <summary>Ends the room. What was said in this turn is still sent.</summary>
    public void Destroy(Tombstone? tombstone)
    {
        _changes.Clear();
        _recordChanged = false;
        _changes.Add(new RoomDestroyed(tombstone)
        {
            Archive = policy.KeepsDestroyedArchives ? new DestroyedArchive(Id, About.NameOf(Room), Now, Retention.Own(Config)) : null,
        });
        Room = new Room(Room.Jid, Room.Salt) { Tombstone = tombstone };
    }

    // --- its affiliations -------------------------------------------------------------------------------

    /// <summary>Sets the entry of a bare JID or domain; <c>none</c> without a nick is no entry at all. Roles do not change by this.</summary>
    public void SetAffiliation(AffiliationRecord record)
    {
        if (record is { Affiliation: Affiliation.None, Nick: null } && (record.Jid.IsDomain || Room.Affiliations.Entry(record.Jid.DomainJid) is null))
        {
            Room = Room with { Affiliations = Room.Affiliations.Without(record.Jid) };
            _changes.Add(new AffiliationRemoved(record.Jid));
        }
        else
        {
            Room = Room with { Affiliations = Room.Affiliations.With(record) };
            _changes.Add(new AffiliationChanged(record));
        }
        foreach (var occupant in Room.Occupants.All)
            if (Room.Affiliations.Get(occupant.RealJid) is var now && now != occupant.Affiliation)
                Room = Room with { Occupants = Room.Occupants.With(occupant with { Affiliation = now }) };
    }

    // --- its occupants ----------------------------------------------------------------------------------

    /// <summary>Adds a session under this nick: to the occupant who has it, or as a new one with this role.</summary>
    public Occupant Enter(string nick, Session session, Role role)
    {
        return Put(Room.Occupants.ByNick(nick) is { } there
            ? there.With(session)
            : new Occupant(Room.Jid, nick, Room.Affiliations.Get(session.Jid.Bare), role, [session]), session);
    }

    /// <summary>A session's presence is now this, and it is what the others see.</summary>
    public Occupant Update(Occupant occupant, Session session) => Put(occupant.With(session), session);

    public Occupant SetRole(Occupant occupant, Role role)
    {
        var changed = occupant with { Role = role };
        foreach (var session in changed.Sessions) Put(changed, session);
        return changed;
    }

    /// <summary>Takes one session out; with the last one the occupant is gone, and null is returned.</summary>
    public Occupant? Leave(Occupant occupant, Jid session)
    {
        var rest = occupant with { Sessions = occupant.Sessions.RemoveAll(s => s.Jid == session) };
        Room = Room with
        {
            Occupants = rest.Sessions.IsEmpty ? Room.Occupants.Without(occupant) : Room.Occupants.With(rest),
            Doubted = Room.Doubted.Remove(session),
        };
        _changes.Add(new SessionRemoved(session));
        return rest.Sessions.IsEmpty ? null : rest;
    }

    /// <summary>Takes somebody out with all sessions.</summary>
    public void Remove(Occupant occupant)
    {
        Room = Room with { Occupants = Room.Occupants.Without(occupant), Doubted = Room.Doubted.Except(occupant.SessionJids) };
        foreach (var session in occupant.Sessions) _changes.Add(new SessionRemoved(session.Jid));
    }

    /// <summary>Nobody knows whether these sessions are still there.</summary>
    public void Doubt(ImmutableArray<Jid> sessions) => Room = Room with { Doubted = [.. sessions] };

    private Occupant Put(Occupant occupant, Session session)
    {
        Room = Room with { Occupants = Room.Occupants.With(occupant) };
        _changes.Add(new SessionChanged(new SessionRecord(
            session.Jid, occupant.Nick, occupant.Role, session.Text, session.Since)));
        return occupant;
    }

    // --- what is said -----------------------------------------------------------------------------------

    /// <summary>Keeps a message that is being reflected: for newcomers, in the archive, in both or in neither.</summary>
    public void Keep(Stanza reflected, Occupant author, bool inHistory, bool archived)
    {
        if (!inHistory && !archived) return;
        var who = new Author(Sender, author.Affiliation, author.Role, Anonymity.IsNonAnonymous(Config));
        var record = new MessageRecord(Id, Now, reflected.From!, who, StanzaWriter.ToText(reflected), inHistory, archived);
        _changes.Add(new MessageKept(record));
        if (!inHistory) return;
        Room = Room with { History = Room.History.With(new Said(record), Config.Get(History.Length)) };
    }

    public void Trace(PrivateTrace trace) => Room = Room with { PrivateTraces = Room.PrivateTraces.With(trace, policy.PrivateTraces) };

    /// <summary>The finished turn.</summary>
    public Step ToStep()
    {
        if (_recordChanged) _changes.Insert(0, new RoomChanged(Room.ToRecord(About.NameOf(Room), PublicRoom.Listed(Room))));
        return new Step(Room, _changes.ToImmutable(), _outgoing.ToImmutable()) { Reads = _reads.ToImmutable() };
    }
}
