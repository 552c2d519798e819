using System.Collections.Immutable;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Taking somebody out of the room: kicked (307), banned (301), no longer a member (321), not a member of what has become
/// a members-only room (322). All sessions of the nick go at once.
/// </summary>
public static class Removing
{
    public static void Remove(Turn turn, Occupant occupant, int status, Actor? actor, string? reason) =>
        Remove(turn, occupant, new Notice { Statuses = [status], Actor = actor, Reason = reason });

    /// <param name="notice">Why, with the status.</param>
    public static void Remove(Turn turn, Occupant occupant, Notice notice)
    {
        turn.Remove(occupant);
        Presences.AnnounceGone(turn, occupant, notice);
    }

    /// <summary>Everybody whom a changed configuration no longer admits has to go (§10.2).</summary>
    public static void NoLongerEntitled(Turn turn)
    {
        ImmutableArray<Occupant> gone = [.. turn.Room.Occupants.All.Where(o => !MembersOnly.Admits(turn.Config, o.Affiliation))];
        foreach (var occupant in gone) Remove(turn, occupant, 322, null, null);
    }
}
