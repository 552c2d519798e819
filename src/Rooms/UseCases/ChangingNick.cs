using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Changing one's nick: XEP-0045 §7.6. A session of several under one nick goes to the new one alone; one that goes where
/// its owner already is joins the sessions there.
/// </summary>
public static class ChangingNick
{
    /// <param name="muc">The <c>&lt;x xmlns='…muc'/&gt;</c> of a client that does not know it is in: it hears everything anew (§7.2.1).</param>
    public static StanzaError? Change(Turn turn, Occupant me, XElement? muc)
    {
        var nick = turn.Stanza.To!.Resource;
        if (Visitors.MayChangeNick(turn.Config, me.Role) is { } no) return no;
        if (Entering.NickRefused(turn, nick) is { } refused) return refused;
        if (Entering.LockedNick(turn) is { } locked && locked != nick) return StanzaError.NotAcceptable;
        if (Entering.NickTaken(turn, nick)) return StanzaError.Conflict;

        var session = new Session(turn.Sender, ChangingAvailability.Said(turn, me.Role), turn.Now);
        var there = turn.Room.Occupants.ByNick(nick);
        var rest = turn.Leave(me, turn.Sender);
        var now = turn.Enter(nick, session, me.Role);

        var renamed = new Notice { Statuses = [303], NewNick = nick };
        Presences.TellGone(turn, me, turn.Sender, renamed);
        if (rest is null) Presences.AnnounceGoneToOthers(turn, me with { Sessions = [session] }, there is null ? renamed : Notice.None);
        else if (rest.Shown != me.Shown) Presences.Announce(turn, rest, Notice.None);
        else Presences.TellOfOther(turn, rest, now, turn.Sender);

        Presences.AnnounceToOthers(turn, now, Notice.None);
        if (there is not null) Presences.AnnounceToSessions(turn, now, there.SessionJids);
        // With the nick of a moderator comes what moderators see (§7.2.4).
        if (now.Role == Role.Moderator && me.Role != Role.Moderator) Presences.TellWhoIsHere(turn, now, turn.Sender);
        if (muc is null) Presences.Acknowledge(turn, now, Notice.None);
        else Entering.Resync(turn, now, muc);
        return null;
    }
}
