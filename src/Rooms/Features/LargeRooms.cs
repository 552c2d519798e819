using System.Collections.Immutable;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Rooms with so many in them that nobody reads who comes and goes: newcomers who only listen are not shown to the others
/// (XEP-0045 §7.2.2 lets a service broadcast presence selectively), so that a join costs what is worth telling and not the
/// square of the room. Moderators are shown, and whoever was there before; whoever says something is shown from then on,
/// just before it is heard. Each is either known to everybody or to nobody but itself, so no client ever misses a leaving.
/// How many there are is told exactly (<c>muc#roominfo_occupants</c>).
/// </summary>
public sealed class LargeRooms : Feature
{
    public static readonly Number From = new(
        "muc#roomconfig_largeroom", "Number of occupants above which newcomers who only listen are not shown (0: as the service has it)", 0, 1_000_000);

    /// <summary>Presences told for one input when a room is not large any more: it becomes whole little by little.</summary>
    private const int Portion = 2_000;

    public override ImmutableArray<Option> Options => [From];

    /// <summary>Whether a newcomer with this role is held back.</summary>
    public static bool HoldsBack(Turn turn, Role role) => role != Role.Moderator && IsLarge(turn, turn.Room.Occupants.Count + 1);

    /// <summary>Somebody who was held back makes itself heard: all are told who it is, before they hear it.</summary>
    public static Occupant Show(Turn turn, Occupant occupant)
    {
        if (!occupant.IsHeldBack) return occupant;
        var shown = turn.Show(occupant);
        Presences.AnnounceToOthers(turn, shown, Notice.None);
        return shown;
    }

    /// <summary>In a room that is large no more those who were held back are shown, some with each thing that happens.</summary>
    public static void CatchUp(Turn turn)
    {
        var here = turn.Room.Occupants;
        if (here.HeldBack == 0 || IsLarge(turn, here.Count)) return;
        var most = Math.Max(1, Portion / here.Count);
        foreach (var occupant in here.All.Where(o => o.IsHeldBack).Take(most)) Show(turn, occupant);
    }

    // Once it is large it stays so until a quarter of that has gone: a room at the edge does not change with each who comes or goes.
    private static bool IsLarge(Turn turn, int count)
    {
        var from = turn.Config.Get(From) is > 0 and var own ? own : turn.Policy.LargeRooms;
        if (from == 0) return false;
        return count > from || (turn.Room.Occupants.HeldBack > 0 && count > from - (from / 4));
    }
}
