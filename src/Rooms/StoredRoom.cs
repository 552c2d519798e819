using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>A room as a store knows it: what a load returns, and what each <see cref="Change"/> means.</summary>
public sealed record StoredRoom(
    RoomRecord? Room,
    Tombstone? Tombstone,
    ImmutableDictionary<Jid, AffiliationRecord> Affiliations,
    ImmutableDictionary<Jid, SessionRecord> Sessions,
    RecentQueue<MessageRecord> History)
{
    /// <summary>The turn (<see cref="Input.Id"/>) up to which the server has all that the room said; empty before the first.</summary>
    public Guid Delivered { get; init; }

    /// <summary>The messages after that: maybe nobody heard them. The newest <see cref="HistoryKept"/>, in order.</summary>
    public RecentQueue<MessageRecord> Undelivered { get; init; } = NoMessages;

    /// <summary>How many messages for newcomers a load returns at most, the newest, in order. An option's upper bound.</summary>
    public const int HistoryKept = 200;

    private static readonly RecentQueue<MessageRecord> NoMessages = new([]);

    public static readonly StoredRoom Nothing = new(
        null, null, ImmutableDictionary<Jid, AffiliationRecord>.Empty, ImmutableDictionary<Jid, SessionRecord>.Empty, NoMessages);

    /// <summary>The room after one change: the definition that every store is tested against.</summary>
    public StoredRoom With(Change change) => change switch
    {
        RoomChanged c => this with { Room = c.Room, Tombstone = null },
        RoomDestroyed c => Nothing with { Tombstone = c.Tombstone },
        AffiliationChanged c => this with { Affiliations = Affiliations.SetItem(c.Affiliation.Jid, c.Affiliation) },
        AffiliationRemoved c => this with { Affiliations = Affiliations.Remove(c.Jid) },
        SessionChanged c => this with { Sessions = Sessions.SetItem(c.Session.Jid, c.Session) },
        SessionRemoved c => this with { Sessions = Sessions.Remove(c.Jid) },
        MessageKept { Message: var m } => this with
        {
            History = m.InHistory ? With(History, m) : History,
            Undelivered = m.Id.CompareTo(Delivered) > 0 ? With(Undelivered, m) : Undelivered,
        },
        MessageRetracted c => this with { History = History.Select(m => m.With(c)), Undelivered = Undelivered.Select(m => m.With(c)) },
        AuthorErased c => this with { History = History.Select(m => m.With(c)), Undelivered = Undelivered.Select(m => m.With(c)) },
        MessageRestored c => this with { History = History.Select(m => m.With(c)), Undelivered = Undelivered.Select(m => m.With(c)) },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "an unknown kind of change"),
    };

    // What comes from elsewhere may be older than what is there.
    private static RecentQueue<MessageRecord> With(RecentQueue<MessageRecord> messages, MessageRecord message) =>
        messages.Last?.Id.CompareTo(message.Id) > 0
            ? new([.. messages.Append(message).OrderBy(m => m.Id).TakeLast(HistoryKept)])
            : messages.With(message, HistoryKept);

    /// <summary>The room after the server has got all that it said up to this turn.</summary>
    public StoredRoom DeliveredUpTo(Guid turn) =>
        turn.CompareTo(Delivered) <= 0 ? this : this with { Delivered = turn, Undelivered = Undelivered.Without(m => m.Id.CompareTo(turn) <= 0) };
}
