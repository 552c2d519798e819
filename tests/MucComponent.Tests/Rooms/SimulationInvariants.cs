using System.Globalization;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// What always holds, whatever the room hears. Here is what can be said of one step and of what the clients know after it; real
/// JIDs are in <see cref="SimulationAnonymity"/>, what is kept in <see cref="SimulationStore"/>.
/// </summary>
public static class SimulationInvariants
{
    public static void Check(SimulationMoment moment, IReadOnlyDictionary<Jid, SimulationClientView> views)
    {
        RefusedChangesNothing(moment);
        RoomIsSound(moment.After);
        AffiliationsTakeWhatTheyGave(moment);
        RequestsAreAnsweredOnce(moment);
        MessagesReachEverybodyOnce(moment);
        PrivateMessagesReachOne(moment);
        JoinsAreAnswered(moment, views);
        foreach (var outgoing in moment.Outgoing) StanzaIsTheRooms(moment, outgoing);
        foreach (var (session, view) in views) ViewAgrees(moment.After, session, view);
    }

    /// <summary>An error to the sender is all there is: nothing changed, nobody else hears.</summary>
    private static void RefusedChangesNothing(SimulationMoment moment)
    {
        if (moment.Refusal is null) return;
        if (moment.Outgoing is not [{ To: [_] }]) throw new SimulationException("Nobody but the sender hears of what was refused");
        // That somebody spoke is known all the same.
        if (!moment.Step.Changes.IsEmpty || moment.Before != moment.After with { Doubted = moment.Before.Doubted }) throw new SimulationException("What was refused changes nothing");
    }

    /// <summary>An owner; one nick for one occupant, of one person; roles and affiliations that go together (§5.1, §5.2, §17.1).</summary>
    private static void RoomIsSound(Room room)
    {
        if (!room.Exists)
        {
            if (!room.Occupants.IsEmpty) throw new SimulationException("Nobody is in a room that does not exist");
            return;
        }
        if (!room.Affiliations.Of(Affiliation.Owner).Any()) throw new SimulationException("A room has an owner");
        var isForsaken = room.Occupants.IsEmpty && !room.Config.Get(PersistentRoom.Persistent);
        if (isForsaken && room.Locked) throw new SimulationException("A locked room ends with its last occupant");
        if (isForsaken != room.Emptied is not null) throw new SimulationException("A temporary room waits for its end while nobody is in it, and no other room does");

        var sessions = new HashSet<Jid>();
        foreach (var occupant in room.Occupants.All)
        {
            if (occupant.Sessions.IsEmpty) throw new SimulationException($"An occupant has a session: {occupant.Nick}");
            if (!ReferenceEquals(room.Occupants.ByNick(occupant.Nick), occupant)) throw new SimulationException($"An occupant is found by its nick: {occupant.Nick}");
            foreach (var session in occupant.Sessions)
            {
                if (!sessions.Add(session.Jid)) throw new SimulationException($"A session is in the room under one nick: {session.Jid}");
                if (!ReferenceEquals(room.Occupants.BySession(session.Jid), occupant)) throw new SimulationException($"An occupant is found by its sessions: {session.Jid}");
                if (session.Jid.Bare != occupant.RealJid) throw new SimulationException($"A nick is one person's: {occupant.Nick}");
            }
            if (occupant.Affiliation != room.Affiliations.Get(occupant.RealJid)) throw new SimulationException($"An occupant has the affiliation of the list: {occupant.Nick}");
            if (occupant.Affiliation == Affiliation.Outcast) throw new SimulationException($"No outcast is in the room: {occupant.Nick}");
            if (occupant.Affiliation == Affiliation.None && room.Config.Get(MembersOnly.Only)) throw new SimulationException($"Only members are in a members-only room: {occupant.Nick}");
            if (occupant.Role == Role.None) throw new SimulationException($"Who is in has a role: {occupant.Nick}");
            if (occupant.Affiliation >= Affiliation.Admin && occupant.Role != Role.Moderator) throw new SimulationException($"Admins and owners are moderators: {occupant.Nick}");
            if (room.Affiliations.ReservedBy(occupant.Nick) is { } owner && owner != occupant.RealJid) throw new SimulationException($"A reserved nick is used by nobody else: {occupant.Nick}");
        }
        if (room.Occupants.Audience.Everyone.Length != sessions.Count || !sessions.SetEquals(room.Occupants.Audience.Everyone))
            throw new SimulationException("Everyone is every session, once");
    }

    /// <summary>What an affiliation had brought is lost with it (§5.1.2). Said of single items: of several, a later one may give a role.</summary>
    private static void AffiliationsTakeWhatTheyGave(SimulationMoment moment)
    {
        if (moment.Stanza.Child(Ns.MucAdmin + "query") is not { } query || query.Elements().Count() != 1) return;
        var moderated = Moderated.Silences(moment.After.Config);
        foreach (var now in moment.After.Occupants.All)
            if (moment.Before.Occupants.ByNick(now.Nick) is { } before && now.Affiliation < before.Affiliation && now.Role != Privileges.DefaultRole(now.Affiliation, moderated))
                throw new SimulationException($"What an affiliation brought is lost with it: {now.Nick} was {before.Affiliation}, is {now.Affiliation} and {now.Role}");
    }

    /// <summary>A get or set is answered once, or goes to one client that will answer it (RFC 6120 §8.2.3; XEP-0045 §17.4).</summary>
    private static void RequestsAreAnsweredOnce(SimulationMoment moment)
    {
        var iqs = moment.Outgoing.Where(o => o.Stanza.Kind == StanzaKind.Iq).SelectMany(o => o.To.Select(to => (o.Stanza, To: to))).ToList();
        if (!moment.IsRequest)
        {
            // The only iq that leaves without being an answer of the room is the answer of somebody else, on its way back.
            if (iqs.Count > (moment.Stanza is { Kind: StanzaKind.Iq, Type: "result" or "error" } ? 1 : 0)) throw new SimulationException("The room asks nobody of its own accord");
            return;
        }
        if (iqs is not [var (stanza, to)]) throw new SimulationException($"A request is answered exactly once, not {iqs.Count} times");
        var answered = stanza.Type is "result" or "error" && to == moment.Sender && stanza.Id == moment.Stanza.Id && stanza.From == moment.Stanza.To;
        var relayed = stanza.Type == moment.Stanza.Type && moment.Me is { } me && stanza.From == me.Jid
            && moment.Before.Occupants.ByNick(moment.Stanza.To!.Resource) is { } asked && (asked.RealJid == to || asked.Session(to) is not null);
        if (!answered && !relayed) throw new SimulationException($"A request is answered to its sender or relayed to whom it is for: {stanza.ToXml()} to {to}");
    }

    /// <summary>What is said reaches every session once, with its id and the room's; those without voice say nothing (§7.4, §8.1, XEP-0359).</summary>
    private static void MessagesReachEverybodyOnce(SimulationMoment moment)
    {
        var reflected = moment.Outgoing.Where(o => o.Stanza is { Type: "groupchat", From.IsBare: false } && !IsOld(o.Stanza)).ToList();
        var said = moment.Stanza is { Kind: StanzaKind.Message, Type: "groupchat", To.IsBare: true } && moment.Refusal is null;
        if (reflected.Count != (said ? 1 : 0)) throw new SimulationException($"What is said and not refused is reflected once, and nothing else: {reflected.Count} times");
        if (!said) return;

        var ((message, to), stanza) = (reflected[0], moment.Stanza);
        if (moment.Me is not { } author || message.From != author.Jid) throw new SimulationException("What is said is an occupant's");
        if (author.Role < Role.Participant) throw new SimulationException($"Nobody hears those without voice: {author.Nick}");
        var isSubject = stanza.Has(Ns.Client + "subject") && !stanza.Has(Ns.Client + "body");
        if (isSubject && author.Role < Role.Moderator && !moment.Before.Config.Get(SubjectChanges.ByParticipants))
            throw new SimulationException($"Participants change the subject only where they may: {author.Nick}");

        var everyone = moment.After.Occupants.All.SelectMany(o => o.SessionJids).ToHashSet();
        if (to.Length != everyone.Count || !everyone.SetEquals(to)) throw new SimulationException("What is said reaches every session once");
        if (message.Id is null || message.Id != (stanza.Id ?? message.Id)) throw new SimulationException("What is said keeps its id");
        if (message.Children.Where(e => e.Name == Ns.StanzaId + "stanza-id" && e.Attribute("by")?.Value == SimulationCast.Room.ToString()).Select(e => e.Attribute("id")?.Value).ToList()
            is not [var id] || id != moment.Input.Id.ToString()) throw new SimulationException("What is said has the room's own id, and no other in the room's name");
        OccupantIdIs(moment.After, author, message);
        if (message.Child(Ns.MucUser) is not null) throw new SimulationException("What is said holds nothing that only the room may say");
    }

    /// <summary>A private message reaches every session of one occupant once, if its author may write any (§7.5).</summary>
    private static void PrivateMessagesReachOne(SimulationMoment moment)
    {
        if (moment.Stanza is not { Kind: StanzaKind.Message, Type: not ("groupchat" or "error"), To.IsBare: false } || moment.Refusal is not null) return;
        if (moment.Me is not { } author) throw new SimulationException("Only occupants write to occupants");
        if (moment.Before.Occupants.ByNick(moment.Stanza.To.Resource) is not { } recipient || moment.Outgoing is not [var (message, to)]
            || message.From != author.Jid || !recipient.SessionJids.ToHashSet().SetEquals(to) || to.Length != recipient.Sessions.Length)
            throw new SimulationException("A private message reaches every session of its recipient once, and nobody else");
        var least = moment.Before.Config.Get(PrivateMessages.Allowed) switch { "anyone" => Role.Visitor, "participants" => Role.Participant, "moderators" => Role.Moderator, _ => (Role?)null };
        if (least is null || author.Role < least) throw new SimulationException($"Private messages come from those who may write them: {author.Nick}");
        OccupantIdIs(moment.After, author, message);
    }

    /// <summary>
    /// Who asks to come in is in, and has heard what was said last and the subject, or is refused; who only thinks it is in learns
    /// that it is not (§7.1, §7.2).
    /// </summary>
    private static void JoinsAreAnswered(SimulationMoment moment, IReadOnlyDictionary<Jid, SimulationClientView> views)
    {
        if (moment.Stanza is not { Kind: StanzaKind.Presence, Type: null } || moment.Me is not null || moment.Refusal is not null) return;
        var told = moment.Outgoing.Where(o => o.To.Contains(moment.Sender)).Select(o => o.Stanza).ToList();
        if (moment.Stanza.Child(Ns.Muc + "x") is not { } muc)
        {
            if (told is not [{ Type: "unavailable" }]) throw new SimulationException("Who only thinks it is in learns that it is not");
            return;
        }
        if (!views[moment.Sender].In) throw new SimulationException("Who asks to come in is in or refused");
        var messages = told.Where(s => s is { Kind: StanzaKind.Message, Type: "groupchat" }).ToList();
        if (messages is [] || !messages[^1].Has(Ns.Client + "subject") || messages[^1].Has(Ns.Client + "body")) throw new SimulationException("A newcomer hears the subject last");
        var most = Math.Min(
            moment.After.Config.Get(History.Length),
            int.TryParse(muc.Element(Ns.Muc + "history")?.Attribute("maxstanzas")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var wished) ? wished : int.MaxValue);
        if (messages.Count - 1 > most || !messages.SkipLast(1).All(IsOld)) throw new SimulationException("A newcomer hears no more than it asked for, stamped as old");
    }

    /// <summary>It comes from inside the room, and only one <c>&lt;x/&gt;</c> says who a presence is about (§7.2.2, §17.3).</summary>
    private static void StanzaIsTheRooms(SimulationMoment moment, Outgoing outgoing)
    {
        var stanza = outgoing.Stanza;
        if (stanza.From?.Bare != moment.Before.Jid || stanza.To is not null) throw new SimulationException($"What the room sends is from inside it: {stanza.ToXml()}");
        if (stanza.Kind != StanzaKind.Presence) return;
        if (stanza.Children.Count(e => e.Name == Ns.MucUser + "x") > 1) throw new SimulationException($"A presence has one x: {stanza.ToXml()}");
        if (stanza.Children.Count(e => e.Name.Namespace == Ns.OccupantId) > 1) throw new SimulationException($"A presence has one occupant id: {stanza.ToXml()}");
    }

    /// <summary>
    /// What a client knows is how it is. Exceptions: occupants whose role is not broadcast are seen by themselves alone
    /// (§7.2.2, <c>presencebroadcast</c>). JIDs that were not shown when a room became open are learnt with the next presence (§10.2.1, 172).
    /// </summary>
    private static void ViewAgrees(Room room, Jid session, SimulationClientView view)
    {
        if (room.Occupants.BySession(session) is not { } me)
        {
            if (view.In) throw new SimulationException($"Who is out was told so: {session}");
            return;
        }
        if (view.Nick != me.Nick) throw new SimulationException($"Everybody knows its own nick: {session} is {me.Nick}, not {view.Nick}");
        var shown = room.Config.Get(PresenceBroadcast.Roles);
        var seen = 0;
        foreach (var occupant in room.Occupants.All)
        {
            if (occupant != me && !shown.Contains(occupant.Role.Word())) continue;
            seen++;
            if (!view.Occupants.TryGetValue(occupant.Nick, out var known)) throw new SimulationException($"Everybody knows who is there: {session} does not know of {occupant.Nick}");
            if (known.Affiliation != occupant.Affiliation || known.Role != occupant.Role)
                throw new SimulationException($"Everybody knows what the others are: {session} takes {occupant.Nick} for {known.Affiliation}, {known.Role}, not {occupant.Affiliation}, {occupant.Role}");
            if (me.Role == Role.Moderator && known.Jid != occupant.Shown.Jid && occupant != me)
                throw new SimulationException($"Moderators know who the others are: {session} takes {occupant.Nick} for {known.Jid}, not {occupant.Shown.Jid}");
        }
        if (seen != view.Occupants.Count)
            throw new SimulationException($"Nobody sees who is not there: {session} sees {string.Join(", ", view.Occupants.Keys.Where(n => room.Occupants.ByNick(n) is not { } o || !shown.Contains(o.Role.Word())))}");
    }

    private static void OccupantIdIs(Room room, Occupant author, Stanza message)
    {
        if (message.Children.Where(e => e.Name == Ns.OccupantId + "occupant-id").Select(e => e.Attribute("id")?.Value).ToList() is not [var id] || id != author.Id(room))
            throw new SimulationException("A message has its author's occupant id, and no other");
    }

    private static bool IsOld(Stanza message) =>
        message.Children.Any(e => e.Name == Ns.Delay + "delay" && e.Attribute("from")?.Value == SimulationCast.Room.ToString());
}
