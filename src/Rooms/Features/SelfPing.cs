using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Answers the ping by which clients find out whether they are still in (XEP-0410 §3.1), and any ping to the room itself
/// (XEP-0199).
/// </summary>
public sealed class SelfPing : Feature
{
    public override IEnumerable<string> Disco(Room room) => ["http://jabber.org/protocol/muc#self-ping-optimization", Ns.Ping.NamespaceName];

    public override ImmutableArray<XNamespace> Answers => [Ns.Ping];

    public override StanzaError? Answer(Turn turn, XElement payload)
    {
        if (turn.Stanza.Type != "get") return StanzaError.BadRequest;
        turn.Reply();
        return null;
    }
}
