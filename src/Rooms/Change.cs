using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// A fact worth keeping. A store applies a step's changes in their order and in one transaction; whatever loads the room
/// afterwards gets the same room (<see cref="StoredRoom.With"/> says what each of them means), with times to the microsecond.
/// </summary>
public abstract record Change;

/// <summary>The room's own record is now this; the first one creates the room.</summary>
public sealed record RoomChanged(RoomRecord Room) : Change;

/// <summary>The room is no more, and nothing about it is kept but the tombstone, if there is one, and what was archived, if that is wanted.</summary>
public sealed record RoomDestroyed(Tombstone? Tombstone) : Change
{
    /// <summary>Under which name a database keeps what was archived; null if it goes with the room.</summary>
    public DestroyedArchive? Archive { get; init; }
}

/// <summary>This entry of the affiliation list is now this one.</summary>
public sealed record AffiliationChanged(AffiliationRecord Affiliation) : Change;

/// <summary>This bare JID has no entry any more.</summary>
public sealed record AffiliationRemoved(Jid Jid) : Change;

/// <summary>A session came in, or its nick, role or presence changed.</summary>
public sealed record SessionChanged(SessionRecord Session) : Change;

/// <summary>This session (full JID) is out.</summary>
public sealed record SessionRemoved(Jid Jid) : Change;

/// <summary>
/// A message was said. Stores keep what is archived as long as the room, and the rest while it is among the newest
/// <see cref="StoredRoom.HistoryKept"/> for newcomers; and either no longer than <see cref="RoomRecord.Retention"/> says.
/// </summary>
public sealed record MessageKept(MessageRecord Message) : Change;

/// <summary>
/// A message was taken back and is a tombstone from now on (XEP-0424, "Tombstones"): newcomers do not get it, and nobody is told
/// again what it said. One that is a tombstone already stays as it is, and of one that is not kept nothing is.
/// </summary>
/// <param name="Author">Only if this bare JID said it; null whoever did.</param>
/// <param name="Children">XML of what stands in the message instead of what it said.</param>
public sealed record MessageRetracted(Guid Id, Jid? Author, string Children) : Change
{
    /// <summary>Under which name what it said is put aside for a while; null if it is gone for good.</summary>
    public Aside? Aside { get; init; }
}

/// <summary>A message that was taken back is again what it was, and no longer put aside.</summary>
/// <param name="Xml">As it was.</param>
public sealed record MessageRestored(Guid Id, string Xml) : Change;

/// <summary>
/// What this person said is a tombstone that does not even say whose it was: every message up to this one, also where it was
/// taken back before; and what was put aside of these is gone.
/// </summary>
/// <param name="Author">Bare.</param>
/// <param name="Xml">The whole tombstone, the same for all.</param>
public sealed record AuthorErased(Jid Author, Guid UpTo, string Xml) : Change;

/// <summary>The room itself, apart from its lists.</summary>
/// <param name="Salt">The room's secret for occupant ids and relayed ids.</param>
/// <param name="Options">The configuration by option name (<c>muc#roomconfig_…</c>), values as in a submitted form; only what differs from the default.</param>
/// <param name="Name">For lists of rooms; the room's local part where no name is set.</param>
/// <param name="Listed">Whether strangers may find it in the service's list: public and not locked.</param>
/// <param name="Locked">Created and not yet configured (XEP-0045 §10.1.1).</param>
/// <param name="Created">UTC.</param>
/// <param name="Subject">XML of the subject elements as sent, or null if none was ever set.</param>
/// <param name="SubjectFrom">The occupant JID that set it.</param>
/// <param name="SubjectAt">When, UTC.</param>
/// <param name="Extra">Whatever else features keep about the room, by name.</param>
public sealed record RoomRecord(
    string Salt,
    ImmutableSortedDictionary<string, ImmutableArray<string>> Options,
    string Name,
    bool Listed,
    bool Locked,
    DateTimeOffset Created,
    string? Subject,
    Jid? SubjectFrom,
    DateTimeOffset? SubjectAt,
    ImmutableSortedDictionary<string, string> Extra)
{
    /// <summary>Since when nobody is in it while it waits for its end, as temporary rooms do (XEP-0045 §7.14); UTC.</summary>
    public DateTimeOffset? Emptied { get; init; }

    /// <summary>When the room next has something to do of itself, as a ban that ends; null if nothing. UTC.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How long its messages are kept, where the room itself sets that; the service may set less.</summary>
    public TimeSpan? Retention { get; init; }
}

/// <summary>What stays of a destroyed room (XEP-0045 §10.9).</summary>
/// <param name="Alternate">The room to go to instead, or null.</param>
/// <param name="Until">UTC; after this the name is free.</param>
public sealed record Tombstone(string? Reason, Jid? Alternate, DateTimeOffset Until);

/// <summary>
/// The archive of a destroyed room: for the operator, who reads it from the database. Nobody reaches it through the service,
/// least of all whoever makes a room of the same address.
/// </summary>
/// <param name="Id">Its own; an address may be destroyed more than once.</param>
/// <param name="Name">The room's, as in lists of rooms.</param>
/// <param name="At">When it was destroyed, UTC.</param>
/// <param name="Retention">How long the room kept its messages, if it set that; it goes on to hold.</param>
public sealed record DestroyedArchive(Guid Id, string Name, DateTimeOffset At, TimeSpan? Retention);

/// <summary>One entry of the affiliation list.</summary>
/// <param name="Jid">A bare JID, or a domain for everybody there.</param>
/// <param name="Nick">The nick reserved for this person, or null.</param>
public sealed record AffiliationRecord(Jid Jid, Affiliation Affiliation, string? Nick, string? Reason);

/// <summary>One session of an occupant.</summary>
/// <param name="Jid">Full JID.</param>
/// <param name="Presence">XML of the presence's children as the others see them, without what the room adds.</param>
/// <param name="Since">When that presence came, UTC; keeps the sessions of one nick in order.</param>
public sealed record SessionRecord(Jid Jid, string Nick, Role Role, string Presence, DateTimeOffset Since)
{
    /// <summary>The others do not know of its occupant, as in large rooms.</summary>
    public bool IsHeldBack { get; init; }
}

/// <summary>One message said in the room: for newcomers, for the archive, or both.</summary>
/// <param name="Id">UUIDv7: its key, its order (a room's ids rise from one message to the next) and its stanza-id.</param>
/// <param name="At">The time in the id: UTC, to the millisecond.</param>
/// <param name="From">Its occupant JID.</param>
/// <param name="Xml">The whole stanza as reflected, without <c>to</c>.</param>
/// <param name="InHistory">Whether newcomers get to see it.</param>
/// <param name="Archived">Whether it can be read again later (XEP-0313).</param>
public sealed record MessageRecord(Guid Id, DateTimeOffset At, Jid From, Author Author, string Xml, bool InHistory, bool Archived)
{
    /// <summary>It was taken back: of what was said only the start tag is left, and in it what the change says. Not true of one that is kept first.</summary>
    public bool Retracted { get; init; }

    /// <summary>The message after this change.</summary>
    public MessageRecord With(MessageRetracted change) =>
        Id != change.Id || Retracted || (change.Author is { } author && author != Author.Jid.Bare)
            ? this
            : this with { Xml = $"{Xml[..(Xml.IndexOf('>', StringComparison.Ordinal) + 1)]}{change.Children}</message>", Retracted = true };

    /// <summary>The message after this change: said in the room by the service.</summary>
    public MessageRecord With(AuthorErased change) => Author.Jid.Bare != change.Author || Id.CompareTo(change.UpTo) > 0
        ? this
        : this with { From = From.Bare, Author = new Author(From.DomainJid, Affiliation.None, Role.None, Open: false), Xml = change.Xml, Retracted = true };

    /// <summary>The message after this change.</summary>
    public MessageRecord With(MessageRestored change) => Id != change.Id || !Retracted ? this : this with { Xml = change.Xml, Retracted = false };
}

/// <summary>What was taken away is put aside, in case it is to be undone.</summary>
/// <param name="Removal">What was taken away together, and can be given back together.</param>
/// <param name="Until">UTC; then it is gone.</param>
public sealed record Aside(Guid Removal, DateTimeOffset Until);

/// <summary>Who said something, as of then.</summary>
/// <param name="Jid">The real one, full.</param>
/// <param name="Open">Whether everybody in the room was shown that address.</param>
public sealed record Author(Jid Jid, Affiliation Affiliation, Role Role, bool Open);
