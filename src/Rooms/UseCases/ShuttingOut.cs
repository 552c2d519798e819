using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// The service shuts people out of all its rooms: they are removed as by a kick (XEP-0045 §8.2, 307), with the reason. What they are
/// to the room stays as it is, since it is not the room that decided.
/// </summary>
public static class ShuttingOut
{
    private const string Reason = "You may not use this service.";

    private static readonly XName Item = Ns.MucAdmin + "item";

    /// <summary>How the service tells its room: from its own address, where nobody else can speak from.</summary>
    /// <param name="people">Bare JIDs.</param>
    public static Stanza Request(Jid room, IEnumerable<Jid> people) => new(StanzaKind.Presence)
    {
        Type = "unsubscribed", From = room.DomainJid, To = room,
        Children = [.. people.Select(p => new XElement(Item, new XAttribute("jid", p.ToString())))],
    };

    /// <summary>Does what the service asks for.</summary>
    public static void Them(Turn turn)
    {
        foreach (var item in turn.Stanza.Children)
            if (Jid.TryParse(item.Attribute("jid")?.Value, out var person))
                foreach (var occupant in turn.Room.Occupants.Of(person)) Removing.Remove(turn, occupant, 307, null, Reason);
    }
}
