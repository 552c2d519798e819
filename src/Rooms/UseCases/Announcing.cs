using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Something for everybody who is in a room now, from those who run the service (XEP-0133 §4.23). The room says it; it is no
/// part of what was said in it, so newcomers and readers of the archive do not get it.
/// </summary>
public static class Announcing
{
    /// <summary>How the service has its room say this: from its own address, where nobody else can speak from.</summary>
    public static Stanza Request(Jid room, string text) => new(StanzaKind.Message)
    {
        Type = "groupchat",
        From = room.DomainJid,
        To = room,
        Children = [new XElement(Ns.Client + "body", text)],
    };

    public static StanzaError? ToAll(Turn turn)
    {
        turn.Send(turn.Stanza with { From = turn.Room.Jid, To = null, Id = turn.NewId() }, turn.Room.Occupants.Audience.Everyone);
        return null;
    }
}
