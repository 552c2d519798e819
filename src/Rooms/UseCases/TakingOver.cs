using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Taking over what a room was elsewhere, in portions, at the word of the service (an import while it runs). A room that nobody is
/// in becomes what it was there; one that people are in is changed as its owner would, by the rules and with everybody told, and
/// only what was said joins its past in silence.
/// </summary>
public static class TakingOver
{
    /// <summary>How the service hands a portion to its room: from its own address, where nobody else can speak from.</summary>
    public static XElement Payload => new(Ns.Portion + "portion");

    /// <summary><c>conflict</c>: the room is there already and stays as it is; <c>item-not-found</c>: it is gone since the portion before.</summary>
    public static StanzaError? Take(Turn turn, Portion portion)
    {
        if (!turn.IsByService) return StanzaError.Forbidden;
        var isThere = turn.Room.Exists && !Portion.IsUnfinished(turn.Room);
        if (portion.Changes is [RoomDestroyed { Tombstone: { } tombstone }])
        {
            if (turn.Room.Exists || turn.Room.Tombstone is not null) return StanzaError.Conflict;
            turn.Bury(tombstone);
        }
        else if (isThere && !portion.Updates) return StanzaError.Conflict;
        else if (!turn.Room.Exists && portion.Changes is not [RoomChanged, ..]) return StanzaError.ItemNotFound;
        else if (isThere && !turn.Room.Occupants.IsEmpty) Update(turn, portion.Changes);
        else Become(turn, portion.Changes);
        turn.TakeOver([.. portion.Changes.OfType<MessageKept>().Select(kept => kept.Message)]);
        turn.Reply();
        return null;
    }

    private static void Become(Turn turn, ImmutableArray<Change> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case RoomChanged { Room: var record }:
                    turn.Become(record);
                    break;
                case AffiliationChanged { Affiliation: var affiliation }:
                    turn.TakeOver(affiliation);
                    break;
            }
        }
        Elapsing.Schedule(turn);
    }

    private static void Update(Turn turn, ImmutableArray<Change> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case AffiliationChanged { Affiliation: var record } when turn.Room.Affiliations.Entry(record.Jid) != record:
                    Affiliate(turn, record);
                    break;
                case RoomChanged { Room: var record } when !record.Extra.ContainsKey(Portion.Unfinished):
                    Configuring.Replace(turn, RoomConfig.FromStored(turn.Features.Options, record.Options));
                    if (record.Subject is not null && record.SubjectAt > (turn.Room.Subject?.At ?? DateTimeOffset.MinValue)) SetSubject(turn, record, record.SubjectAt.Value);
                    break;
            }
        }
    }

    private static void Affiliate(Turn turn, AffiliationRecord record)
    {
        var isTaken = record.Nick is not null && turn.Room.Affiliations.ReservedBy(record.Nick) is { } other && other != record.Jid;
        ChangingAffiliations.Apply(turn, record.Jid, record.Affiliation, isTaken ? "" : record.Nick ?? "", null, record.Reason, invite: false);
    }

    private static void SetSubject(Turn turn, RoomRecord record, DateTimeOffset at)
    {
        turn.SetSubject(new Subject(Fragment.Read(record.Subject!), record.SubjectFrom, at));
        foreach (var session in turn.Room.Occupants.Audience.Everyone) ChangingSubject.Tell(turn, session);
    }
}
