using System.Collections.Immutable;
using MucComponent.Rooms.Reading;

namespace MucComponent.Rooms;

/// <summary>What a room answers to one input. The fields take effect in their order: keep, then send.</summary>
/// <param name="Room">The room as it is from now on.</param>
/// <param name="Changes">To be kept, in one transaction, before anybody learns of them.</param>
/// <param name="Outgoing">To be sent, in this order, once the changes are kept.</param>
public sealed record Step(Room Room, ImmutableArray<Change> Changes, ImmutableArray<Outgoing> Outgoing)
{
    /// <summary>To be looked up and answered after all that, outside the room's turn.</summary>
    public ImmutableArray<Read> Reads { get; init; } = [];
}
