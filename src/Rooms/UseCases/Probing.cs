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

        Presences.TellAbsent(turn, turn.Room.Affiliations.Entry(member)!, me, turn.Sender);
        return null;
    }
}
