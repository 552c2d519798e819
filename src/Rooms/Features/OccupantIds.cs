using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// An id for each person in the room that no nick change and no return alters (XEP-0421). In presences it is part of what
/// an occupant is; here it goes onto messages.
/// </summary>
public sealed class OccupantIds : Feature
{
    private static readonly XName ElementName = Ns.OccupantId + "occupant-id";

    public override IEnumerable<string> Disco(Room room) => [Ns.OccupantId.NamespaceName];

    public override Stanza Reflecting(Turn turn, Occupant author, Stanza message) => Mark(message, turn.Room, author);

    /// <summary>With the author's id in the place of whatever the client claimed (§4.2).</summary>
    public static Stanza Mark(Stanza message, Room room, Occupant author) =>
        message.Without(e => e.Name == ElementName).With(Element(author.Id(room)));

    public static XElement Element(string id) => new(ElementName, new XAttribute("id", id));

    /// <summary>The same as text.</summary>
    public static string Text(string id) => $"<occupant-id xmlns='{Ns.OccupantId.NamespaceName}' id='{XmlText.Escape(id)}'/>";
}
