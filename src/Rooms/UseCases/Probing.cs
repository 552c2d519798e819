using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Presence probes among occupants: XEP-0045 §17.3.</summary>
public static class Probing
{
    public static StanzaError? Probe(Turn turn)
    {
        if (turn.Me is not { } me) return StanzaError.NotAcceptable with { Type = "cancel" };
        var nick = turn.Stanza.To!.Resource;
        if (turn.Room.Occupants.ByNick(nick) is { } occupant)
        {
            Presences.Tell(turn, occupant, me, turn.Sender);
            return null;
        }
        if (turn.Room.Affiliations.ReservedBy(nick) is not { } member) return StanzaError.ItemNotFound;

        turn.Send(
            new Stanza(StanzaKind.Presence)
            {
                From = turn.Stanza.To,
                Type = "unavailable",
                Children =
                [
                    Extended.X(new XElement(
                        Ns.MucUser + "item",
                        new XAttribute("affiliation", turn.Room.Affiliations.Get(member).Word()),
                        new XAttribute("role", Role.None.Word()),
                        new XAttribute("nick", nick),
                        Presences.MaySeeJids(turn.Config, me.Role) ? new XAttribute("jid", member.ToString()) : null)),
                ],
            },
            turn.Sender);
        return null;
    }
}
