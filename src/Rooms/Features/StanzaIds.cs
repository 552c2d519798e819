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
        return message
            .Without(e => e.Name == ElementName && Jid.TryParse(e.Attribute("by")?.Value, out var by) && by == turn.Room.Jid)
            .With(Element(turn));
    }

    /// <summary>The id of the message that this turn keeps.</summary>
    public static XElement Element(Turn turn) => Element(turn, turn.Id);

    /// <param name="id">The message's key.</param>
    public static XElement Element(Turn turn, Guid id) =>
        new(ElementName, new XAttribute("by", turn.Room.Jid.ToString()), new XAttribute("id", id.ToString()));
}
