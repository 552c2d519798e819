using System.Buffers.Binary;
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

    /// <summary>What is so in the other rooms.</summary>
    public Elsewhere Elsewhere => input.Elsewhere;

    /// <summary>What was found of the messages that the sender's request is about; null if nobody has looked yet (<see cref="Lookup"/>).</summary>
    public ImmutableArray<MessageRecord>? Found => input.Found;

    /// <summary>What the service has the room take over, or null.</summary>
    public Portion? Portion => input.Portion;

    /// <summary>The key of the message this turn may keep.</summary>
    public Guid Id => input.Id;

    /// <summary>
    /// The key of one more message that this turn may keep, so many places before that of <see cref="Id"/>. It is after those of earlier
    /// turns, which differ in the bits before the last 64.
    /// </summary>
    public Guid IdBefore(int places)
    {
        Span<byte> bytes = stackalloc byte[16];
        Id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) - (ulong)places);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Who speaks: a full JID, or a bare one where a server or service does.</summary>
    public Jid Sender { get; } = input.Stanza.From!;

    /// <summary>Who the sender is in the room, or null.</summary>
    public Occupant? Me => Room.Occupants.BySession(Sender);

    /// <summary>The service itself speaks, from its own address, where nobody else can speak from.</summary>
    public bool IsByService => Sender.IsDomainOf(Before.Jid);

    /// <summary>
    /// The sender's standing as the turn began: nobody loses it in the middle of one's own request. To the service itself
    /// every room belongs, and to its admins where that is wanted.
    /// </summary>
    public Affiliation SenderAffiliation => IsByService || OwnsAllRooms(Sender.Bare) ? Affiliation.Owner : Before.Affiliations.Get(Sender.Bare);

    /// <summary>
    /// The standing of whom something is to be done to: who has an owner's rights by the service is kicked, banned or muted by nobody
    /// below an owner either (§8.2, §9.1).
    /// </summary>
    public Affiliation StandingOf(Jid bare) => OwnsAllRooms(bare) ? Affiliation.Owner : Room.Affiliations.Get(bare);

    private bool OwnsAllRooms(Jid bare) => policy.AdminsOwnRooms && policy.Admins.Contains(bare);

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

    /// <summary>When the room next has something to do of itself; null if nothing.</summary>
    public void SetDue(DateTimeOffset? due)
    {
        if (Room.Due == due) return;
        Room = Room with { Due = due };
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

    // --- what comes from elsewhere ----------------------------------------------------------------------

    /// <summary>The room is what it was elsewhere, or is made so; who is in it stays.</summary>
    public void Become(RoomRecord record)
    {
        Room = Room.As(record, features.Options);
        Room = Room with { History = Room.History.Newest(Config.Get(History.Length)) };
        _recordChanged = true;
    }

    /// <summary>Takes an entry of its affiliation list over as it is.</summary>
    public void TakeOver(AffiliationRecord record)
    {
        Room = Room with { Affiliations = Room.Affiliations.With(record) };
        _changes.Add(new AffiliationChanged(record));
    }

    /// <summary>Takes over messages that were said elsewhere, at their places in the room's past.</summary>
    public void TakeOver(IReadOnlyCollection<MessageRecord> messages)
    {
        _changes.AddRange(messages.Select(m => new MessageKept(m)));
        if (!messages.Any(m => m.InHistory)) return;
        var past = Room.History.Concat(messages.Where(m => m.InHistory).Select(m => new Said(m))).OrderBy(said => said.Record.Id);
        Room = Room with { History = new([.. past.TakeLast(Config.Get(History.Length))]) };
    }

    /// <summary>There is no room, and this is what stayed of one.</summary>
    public void Bury(Tombstone tombstone)
    {
        _changes.Add(new RoomDestroyed(tombstone));
        Room = Room with { Tombstone = tombstone };
    }

    // --- its affiliations -------------------------------------------------------------------------------

    /// <summary>Sets the entry of a bare JID or domain; <c>none</c> without a nick is no entry at all. Roles do not change by this.</summary>
    public void SetAffiliation(AffiliationRecord record)
    {
        var before = Room.Affiliations.Entry(record.Jid)?.Affiliation ?? Affiliation.None;
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
        if (before != record.Affiliation) AffiliationVersions.Note(this, record.Jid, record.Affiliation);
        foreach (var occupant in Room.Occupants.All)
            if (Room.Affiliations.Get(occupant.RealJid) is var now && now != occupant.Affiliation)
                Room = Room with { Occupants = Room.Occupants.With(occupant with { Affiliation = now }) };
    }

    /// <summary>Drops the entry of a bare JID who is not in the room, as if there had never been one.</summary>
    public void ForgetAffiliation(Jid jid)
    {
        Room = Room with { Affiliations = Room.Affiliations.Without(jid) };
        _changes.Add(new AffiliationRemoved(jid));
    }

    // --- its occupants ----------------------------------------------------------------------------------

    /// <summary>Adds a session under this nick: to the occupant who has it, or as a new one with this role.</summary>
    /// <param name="heldBack">Whether the others are not to know of the new one (<see cref="LargeRooms"/>).</param>
    public Occupant Enter(string nick, Session session, Role role, bool heldBack = false)
    {
        return Put(Room.Occupants.ByNick(nick) is { } there
            ? there.With(session)
            : new Occupant(Room.Jid, nick, Room.Affiliations.Get(session.Jid.Bare), role, [session]) { IsHeldBack = heldBack }, session);
    }

    /// <summary>A session's presence is now this, and it is what the others see.</summary>
    public Occupant Update(Occupant occupant, Session session) => Put(occupant.With(session), session);

    public Occupant SetRole(Occupant occupant, Role role)
    {
        // Everybody knows the moderators.
        var changed = occupant with { Role = role, IsHeldBack = occupant.IsHeldBack && role != Role.Moderator };
        foreach (var session in changed.Sessions) Put(changed, session);
        return changed;
    }

    /// <summary>Holds this occupant back no longer. It is news as of now: whoever is told again what went by is told of this.</summary>
    public Occupant Show(Occupant occupant)
    {
        var shown = occupant.With(occupant.Shown.At(Now)) with { IsHeldBack = false };
        foreach (var session in shown.Sessions) Put(shown, session);
        return shown;
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
            session.Jid, occupant.Nick, occupant.Role, session.Text, session.Since) { IsHeldBack = occupant.IsHeldBack }));
        return occupant;
    }

    // --- what is said -----------------------------------------------------------------------------------

    /// <summary>Keeps a message that is being reflected: for newcomers, in the archive, in both or in neither.</summary>
    public void Keep(Stanza reflected, Occupant author, bool inHistory, bool archived) =>
        Keep(reflected, author.Affiliation, author.Role, inHistory, archived);

    /// <summary>Keeps what the sender has everybody told, who need not be in the room.</summary>
    /// <param name="id">Its key, if it is not <see cref="Id"/>.</param>
    public void Keep(Stanza reflected, Affiliation affiliation, Role role, bool inHistory, bool archived, Guid? id = null)
    {
        if (!inHistory && !archived) return;
        var who = new Author(Sender, affiliation, role, Anonymity.IsNonAnonymous(Config));
        var record = new MessageRecord(id ?? Id, Now, reflected.From!, who, StanzaWriter.ToText(reflected), inHistory, archived);
        _changes.Add(new MessageKept(record));
        if (!inHistory) return;
        Room = Room with { History = Room.History.With(new Said(record), Config.Get(History.Length)) };
    }

    /// <summary>The hats as they are from now on; the feature keeps them with the room (<see cref="SetExtra"/>).</summary>
    public void SetWardrobe(Wardrobe? hats) => Room = Room with { Wardrobe = hats };

    /// <summary>The same occupant, of whom something is to be seen anew that is kept elsewhere.</summary>
    public Occupant Renew(Occupant occupant)
    {
        var renewed = occupant with { };
        Room = Room with { Occupants = Room.Occupants.With(renewed) };
        return renewed;
    }

    /// <summary>How many messages this hour has seen; nobody keeps that.</summary>
    public void SetTally(Tally tally) => Room = Room with { Tally = tally };

    /// <summary>
    /// Does something that may be done only so often, if it may be done now. It counts only if the turn is accepted, and is not kept:
    /// who waits for a room to leave memory has waited long enough.
    /// </summary>
    /// <param name="what">A feature's own word for it.</param>
    public bool TryTake(string what, Jid who, Rate rate)
    {
        var due = Room.Paces.GetValueOrDefault((what, who));
        if (rate.Wait(due - Now) > TimeSpan.Zero) return false;
        var paces = Room.Paces;
        if (paces.Count >= policy.RememberedPaces) paces = paces.RemoveRange(paces.Where(p => p.Value <= Now).Select(p => p.Key));
        // Rather one too many than no end to them.
        if (paces.Count < policy.RememberedPaces) paces = paces.SetItem((what, who), Now + rate.After(due - Now));
        Room = Room with { Paces = paces };
        return true;
    }

    /// <summary>Anybody may do it again.</summary>
    public void ForgetTaken(string what) => Room = Room with { Paces = Room.Paces.RemoveRange(Room.Paces.Keys.Where(k => k.What == what)) };

    /// <summary>Makes a message a tombstone, if it is kept; nobody is told by this.</summary>
    public void Retract(MessageRetracted change)
    {
        _changes.Add(change);
        Room = Room with { History = Room.History.Select(said => said.With(said.Record.With(change))) };
    }

    /// <summary>Makes nameless tombstones of what somebody said.</summary>
    public void Erase(AuthorErased change)
    {
        _changes.Add(change);
        Room = Room with { History = Room.History.Select(said => said.With(said.Record.With(change))) };
    }

    /// <summary>Makes a tombstone again what it was.</summary>
    public void Restore(MessageRestored change)
    {
        _changes.Add(change);
        Room = Room with { History = Room.History.Select(said => said.With(said.Record.With(change))) };
    }

    public void Trace(PrivateTrace trace) => Room = Room with { PrivateTraces = Room.PrivateTraces.With(trace, policy.PrivateTraces) };

    /// <summary>The finished turn.</summary>
    public Step ToStep()
    {
        if (_recordChanged) _changes.Insert(0, new RoomChanged(Room.ToRecord(About.NameOf(Room), PublicRoom.Listed(Room))));
        return new Step(Room, _changes.ToImmutable(), _outgoing.ToImmutable()) { Reads = _reads.ToImmutable() };
    }
}
