using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Exiting a room: XEP-0045 §7.14, by unavailable presence to whatever address in it.</summary>
public static class Exiting
{
    public static void Exit(Turn turn, Occupant me)
    {
        var notice = new Notice { Farewell = ChangingAvailability.Said(turn, me.Role) };
        SessionLeaves(turn, me, turn.Sender, notice);
    }

    /// <summary>Takes one session out. Only with the last one is the occupant gone for the others.</summary>
    public static void SessionLeaves(Turn turn, Occupant me, Jid session, Notice notice)
    {
        var rest = turn.Leave(me, session);
        // §10.1.3: whoever goes away from the first form takes the room along, and is told so.
        if (turn.Room is { Locked: true, Occupants.IsEmpty: true }) notice = notice with { Destroy = new XElement(Ns.MucUser + "destroy") };
        Presences.TellGone(turn, me, session, notice);
        if (rest is null) Presences.AnnounceGoneToOthers(turn, me, notice);
        else if (rest.Shown != me.Shown) Presences.Announce(turn, rest, Notice.None);
    }
}
