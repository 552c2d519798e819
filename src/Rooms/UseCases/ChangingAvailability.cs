using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Changing one's availability: XEP-0045 §7.7.</summary>
public static class ChangingAvailability
{
    public static void Change(Turn turn, Occupant me)
    {
        var occupant = turn.Update(me, new Session(turn.Sender, Said(turn, me.Role), turn.Now));
        Tell(turn, occupant);
        Presences.Acknowledge(turn, occupant, Notice.None);
    }

    /// <summary>Takes over what the presence says without answering it; the others hear of it only if it is news.</summary>
    internal static Occupant Note(Turn turn, Occupant me)
    {
        var said = Said(turn, me.Role);
        if (Enumerable.SequenceEqual<XNode>(said, me.Shown.Presence, XNode.EqualityComparer)) return me;
        var occupant = turn.Update(me, new Session(turn.Sender, said, turn.Now));
        Tell(turn, occupant);
        return occupant;
    }

    /// <summary>What the presence says that the room may pass on for this role: all but what only the room may say (§17.3).</summary>
    public static ImmutableArray<XElement> Said(Turn turn, Role role) =>
        turn.Stanza.Children.RemoveAll(e => OnlyTheRoomMaySay(e.Name.Namespace) || !Visitors.MayShow(turn.Config, role, e.Name));

    private static void Tell(Turn turn, Occupant occupant)
    {
        Presences.AnnounceToOthers(turn, occupant, Notice.None);
        Presences.AnnounceToSessions(turn, occupant, occupant.SessionJids.Remove(turn.Sender));
    }

    private static bool OnlyTheRoomMaySay(XNamespace ns) =>
        ns == Ns.Muc || ns == Ns.MucUser || ns == Ns.OccupantId || ns == Ns.Hats || ns == Ns.Delay;
}
