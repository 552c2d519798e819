using System.Collections.Immutable;

namespace MucComponent.Rooms;

/// <summary>A portion of a room that comes from elsewhere, for the room to take over in its turn (<see cref="UseCases.TakingOver"/>).</summary>
/// <param name="Changes">
/// The room's record, affiliations, and messages that are not there yet; or a tombstone alone. A room of several
/// portions begins with its record marked as unfinished, and ends with it as it is.
/// </param>
/// <param name="Updates">Whether a room that is there already is meant, too.</param>
public sealed record Portion(ImmutableArray<Change> Changes, bool Updates)
{
    /// <summary>Says in <see cref="RoomRecord.Extra"/> that the room is not yet whole; nobody gets in but its owners.</summary>
    public const string Unfinished = "unfinished-import";

    /// <summary>Whether this room is not yet whole.</summary>
    public static bool IsUnfinished(Room room) => room.Extra.ContainsKey(Unfinished);
}
