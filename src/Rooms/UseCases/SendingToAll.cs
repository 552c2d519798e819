using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>A message to all occupants: XEP-0045 §7.4. Reflected to everybody, its author included, with the same id.</summary>
public static class SendingToAll
{
    public static StanzaError? Send(Turn turn)
    {
        if (turn.Found is { } found)
        {
            Retraction.Apply(turn, found);
            return null;
        }
        if (turn.Me is not { } me) return StanzaError.NotAcceptable;
        if (ChangingSubject.IsChange(turn.Stanza)) return ChangingSubject.Change(turn, me);
        foreach (var feature in turn.Features.All)
            if (feature.MaySpeak(turn, me) is { } no) return no;

        Reflect(turn, me, inHistory: true);
        return null;
    }

    /// <summary>Tells everybody what the sender says, in the room's words: who it is, and nothing that only the room may claim.</summary>
    /// <param name="inHistory">Whether newcomers are to see it, if it is worth that.</param>
    internal static void Reflect(Turn turn, Occupant me, bool inHistory)
    {
        me = LargeRooms.Show(turn, me);
        var message = turn.Stanza with
        {
            From = me.Jid,
            To = null,
            Id = turn.Stanza.Id ?? turn.NewId(),
            Children = turn.Stanza.Children.RemoveAll(e =>
                e.Name.Namespace == Ns.MucUser || (e.Name == Delay.ElementName && e.Attribute("from")?.Value == turn.Room.Jid.ToString())),
        };
        foreach (var feature in turn.Features.All) message = feature.Reflecting(turn, me, message);
        turn.Keep(message, me, inHistory && Features.History.Keeps(turn.Config, message), Archive.Belongs(turn.Config, message));
        Retraction.Apply(turn, me, message);
        turn.Send(message, turn.Room.Occupants.Audience.Everyone);
        Mentions.Tell(turn, message);
    }
}
