using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Entering a room: XEP-0045 §7.2. The order of what a newcomer hears is §7.1's: the others, itself, history, subject.</summary>
public static class Entering
{
    /// <summary>A join from a session that is not in the room.</summary>
    public static StanzaError? Enter(Turn turn, XElement muc)
    {
        if (turn.Room.Tombstone is { } stone && stone.Until > turn.Now) return Gone(stone);
        var wanted = turn.Stanza.To!.Resource;
        if (NickRefused(turn, wanted) is { } refused) return refused;
        if (ServiceLimits.MayEnter(turn) is { } full) return full;
        if (!turn.Room.Exists) return Creating.Create(turn, muc);
        if (turn.Room.Locked && turn.SenderAffiliation != Affiliation.Owner) return StanzaError.ItemNotFound;

        var nick = LockedNick(turn) ?? wanted;
        if (InvitationTokens.Redeem(turn, muc) is { } expired) return expired;
        // The token may just have made a member.
        var affiliation = turn.Room.Affiliations.Get(turn.Sender.Bare);
        var entry = new Entry(muc, nick, turn.SenderAffiliation > affiliation ? turn.SenderAffiliation : affiliation);
        if (entry.Affiliation == Affiliation.Outcast) return StanzaError.Forbidden;
        foreach (var feature in turn.Features.All)
            if (feature.MayEnter(turn, entry) is { } no) return no;
        if (NickTaken(turn, nick)) return StanzaError.Conflict;

        Admit(turn, entry, nick == wanted ? [] : [210]);
        return null;
    }

    /// <summary>
    /// A join from a session that is in already: it lost track, and hears everything again as if it had just come
    /// (§7.2.1). The others hear of it only what is new to them.
    /// </summary>
    public static void Resync(Turn turn, Occupant me, XElement muc)
    {
        var occupant = ChangingAvailability.Note(turn, me);
        var versions = AffiliationVersions.Tell(turn, muc, occupant.Role);
        Avatar.Tell(turn);
        Presences.TellWhoIsHere(turn, occupant, turn.Sender);
        Presences.Acknowledge(turn, occupant, new Notice { OwnStatuses = EntryStatuses(turn), Versions = versions });
        TellWhatWasSaid(turn, muc);
    }

    /// <summary>
    /// Presence from somebody who only thinks it is in: it is told at once that it is not, and joins again (§7.2.18).
    /// </summary>
    public static void TellNotIn(Turn turn) =>
        turn.Send(
            new Stanza(StanzaKind.Presence)
            {
                From = turn.Stanza.To,
                Type = "unavailable",
                Children =
                [
                    Extended.X(
                        Extended.Status(307), Extended.Status(333),
                        new XElement(Ns.MucUser + "item", new XAttribute("affiliation", turn.SenderAffiliation.Word()), new XAttribute("role", "none")),
                        Extended.Status(110)),
                ],
            },
            turn.Sender);

    /// <summary>What is wrong with this nick, or null (§17.1, §14.6).</summary>
    public static StanzaError? NickRefused(Turn turn, string nick)
    {
        if (nick.Length == 0) return StanzaError.JidMalformed;
        if (!Precis.IsNick(nick)) return StanzaError.JidMalformed.Because("A nick needs something to be seen, and no space before or after it.");
        return nick.Length > turn.Policy.MaxNickLength
            ? StanzaError.NotAcceptable.Because($"A nick may have at most {turn.Policy.MaxNickLength} characters.")
            : ServiceLimits.MayBeCalled(turn, nick);
    }

    /// <summary>Whether the nick is in use by somebody else or reserved for somebody else (§7.2.8).</summary>
    /// <param name="by">Who wants it; the sender if not given.</param>
    public static bool NickTaken(Turn turn, string nick, Jid? by = null)
    {
        var me = by ?? turn.Sender.Bare;
        return (turn.Room.Occupants.ByNick(nick) is { } there && !there.Is(me))
            || (turn.Room.Affiliations.ReservedBy(nick) is { } owner && owner != me);
    }

    /// <summary>The nick a registered member is kept to, or null (§7.2.2, §7.10).</summary>
    public static string? LockedNick(Turn turn) =>
        turn.Config.Get(Registration.NicksLocked) ? turn.Room.Affiliations.Entry(turn.Sender.Bare)?.Nick : null;

    /// <summary>Lets somebody in whom nothing keeps out any more.</summary>
    internal static void Admit(Turn turn, Entry entry, ImmutableArray<int> statuses)
    {
        var before = turn.Room.Occupants.ByNick(entry.Nick);
        var role = before?.Role ?? NewRole(turn, entry);
        var session = new Session(turn.Sender, ChangingAvailability.Said(turn, role), turn.Now);
        var occupant = turn.Enter(entry.Nick, session, role, before is null && LargeRooms.HoldsBack(turn, role));

        var versions = AffiliationVersions.Tell(turn, entry.Muc, occupant.Role);
        Avatar.Tell(turn);
        Presences.TellWhoIsHere(turn, occupant, turn.Sender);
        Presences.AnnounceToOthers(turn, occupant, Notice.None);
        if (before is not null) Presences.AnnounceToSessions(turn, occupant, before.SessionJids);
        Presences.Acknowledge(turn, occupant, new Notice { OwnStatuses = [.. EntryStatuses(turn), .. statuses], Versions = versions });
        TellWhatWasSaid(turn, entry.Muc);
        foreach (var feature in turn.Features.All) feature.Entered(turn, occupant);
        if (before is not null) Verifying.FormerSessions(turn, before);
    }

    private static Role NewRole(Turn turn, Entry entry) => turn.Features.All.Aggregate(
        Privileges.DefaultRole(entry.Affiliation, Moderated.Silences(turn.Config)), (role, feature) => feature.EntryRole(turn, entry, role));

    private static void TellWhatWasSaid(Turn turn, XElement muc)
    {
        Features.History.Tell(turn, muc);
        ChangingSubject.Tell(turn, turn.Sender);
    }

    private static ImmutableArray<int> EntryStatuses(Turn turn) =>
        [.. turn.Features.All.SelectMany(f => f.EntryStatuses(turn.Config))];

    /// <summary>Where a destroyed room has gone, as long as its tombstone stands.</summary>
    internal static StanzaError Gone(Tombstone stone) =>
        StanzaError.Gone with { Text = stone.Reason, Address = stone.Alternate is { } venue ? $"xmpp:{venue}?join" : null };
}
