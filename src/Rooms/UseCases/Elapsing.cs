using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// What ends by itself: bans and mutes that were given for a time. Whatever the room hears after that time ends them first; where
/// it hears nothing, the service sees to it.
/// </summary>
public static class Elapsing
{
    /// <summary>How the service has its room look at the clock: from its own address, where nobody else can speak from. A room does nothing else about it.</summary>
    public static Stanza Request(Jid room) => new(StanzaKind.Presence) { Type = "unsubscribed", From = room.DomainJid, To = room };

    public static void Elapse(Turn turn)
    {
        TimedBans.Elapse(turn);
        Mutes.Elapse(turn);
        Schedule(turn);
    }

    /// <summary>Notes when there is something to do next.</summary>
    internal static void Schedule(Turn turn) => turn.SetDue(Next(turn.Room));

    /// <summary>When there is something to do next, by what features keep; null if nothing.</summary>
    public static DateTimeOffset? Next(Room room)
    {
        var (ban, mute) = (Terms.Next(room, TimedBans.Name), Terms.Next(room, Mutes.Name));
        return ban is null || mute < ban ? mute : ban;
    }
}
