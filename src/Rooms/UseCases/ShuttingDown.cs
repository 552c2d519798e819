using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// The service stops and sends everybody out: XEP-0045 §11.2 (332). Only where its operator wants that; otherwise a stop is
/// nothing that anybody in a room notices.
/// </summary>
public static class ShuttingDown
{
    /// <summary>How the service tells its room: from its own address, where nobody else can speak from.</summary>
    public static Stanza Request(Jid room) => new(StanzaKind.Presence) { Type = "unavailable", From = room.DomainJid, To = room };

    /// <summary>The service tells its room that it goes. Nobody is told of the others, who are told themselves.</summary>
    public static void Everybody(Turn turn)
    {
        foreach (var occupant in turn.Room.Occupants.All)
        {
            turn.Remove(occupant);
            foreach (var session in occupant.SessionJids) Presences.TellGone(turn, occupant, session, new Notice { Statuses = [332] });
        }
    }

    /// <summary>Whether this tells somebody that they are out because the service stops.</summary>
    public static bool IsFarewell(Stanza stanza) =>
        stanza is { Kind: StanzaKind.Presence, Type: "unavailable" }
        && stanza.Child(Ns.MucUser + "x") is { } x && x.Elements(Ns.MucUser + "status").Any(s => (string?)s.Attribute("code") == "332");
}
