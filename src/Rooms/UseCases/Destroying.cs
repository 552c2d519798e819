using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Destroying a room: XEP-0045 §10.9; and the end of a temporary room when nobody is left in it (§7.14).</summary>
public static class Destroying
{
    public static StanzaError? Request(Turn turn, XElement destroy)
    {
        if (Privileges.MayConfigure(turn.SenderAffiliation) is { } no) return no;
        Jid? venue = null;
        if (destroy.Attribute("jid") is { } address && !Jid.TryParse(address.Value, out venue)) return StanzaError.JidMalformed;

        var told = new XElement(
            Ns.MucUser + "destroy",
            venue is null ? null : new XAttribute("jid", venue.ToString()),
            destroy.Element(Ns.MucOwner + "reason") is { } reason ? new XElement(Ns.MucUser + "reason", reason.Value) : null,
            destroy.Element(Ns.MucOwner + "password") is { } password ? new XElement(Ns.MucUser + "password", password.Value) : null);
        // The name of a room that moved goes on to say where it went; without a new address the name is free at once.
        var stone = venue is null ? null : new Tombstone((string?)destroy.Element(Ns.MucOwner + "reason"), venue, turn.Now + turn.Policy.TombstoneFor);
        Destroy(turn, told, stone);
        turn.Reply();
        return null;
    }

    /// <summary>Sends everybody out with the reason and ends the room. Nobody is told of the others: there is no room to be out of.</summary>
    public static void Destroy(Turn turn, XElement destroy, Tombstone? tombstone)
    {
        foreach (var occupant in turn.Room.Occupants.All)
            foreach (var session in occupant.SessionJids)
                Presences.TellGone(turn, occupant, session, new Notice { Destroy = destroy });
        turn.Destroy(tombstone);
    }

    /// <summary>
    /// A temporary room ends when the last one leaves, or when it becomes temporary with nobody in it; where the service gives
    /// it a grace, only when nobody has come back by then. A locked one has nothing that is worth waiting for.
    /// </summary>
    public static void IfForsaken(Turn turn)
    {
        if (!turn.Room.Exists) return;
        if (!turn.Room.Occupants.IsEmpty || turn.Config.Get(PersistentRoom.Persistent)) turn.SetEmptied(null);
        else if (turn.Room.Locked || turn.Policy.EmptyRoomGrace == TimeSpan.Zero) turn.Destroy(null);
        else turn.SetEmptied(turn.Room.Emptied ?? turn.Now);
    }

    /// <summary>Whether nobody came back in time: whatever the room hears next, it is no more.</summary>
    public static bool IsOverdue(Room room, ServicePolicy policy, DateTimeOffset now) => now - room.Emptied >= policy.EmptyRoomGrace;
}
