using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>An id for each reflected message, given by the room (XEP-0359): its key in the archive, and proof that it went by here.</summary>
public sealed class StanzaIds : Feature
{
    private static readonly XName ElementName = Ns.StanzaId + "stanza-id";

    public override IEnumerable<string> Disco(Room room) => [Ns.StanzaId.NamespaceName];

    public override Stanza Reflecting(Turn turn, Occupant author, Stanza message)
    {
        var room = turn.Room.Jid.ToString();
        return message
            .Without(e => e.Name == ElementName && e.Attribute("by")?.Value == room)
            .With(new XElement(ElementName, new XAttribute("by", room), new XAttribute("id", turn.Id.ToString())));
    }
}
