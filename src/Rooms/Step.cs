using System.Collections.Immutable;

namespace MucComponent.Rooms;

/// <summary>What a room answers to one input. The fields take effect in their order: keep, then send.</summary>
/// <param name="Room">The room as it is from now on.</param>
/// <param name="Changes">To be kept, in one transaction, before anybody learns of them.</param>
/// <param name="Outgoing">To be sent, in this order, once the changes are kept.</param>
public sealed record Step(Room Room, ImmutableArray<Change> Changes, ImmutableArray<Outgoing> Outgoing);
