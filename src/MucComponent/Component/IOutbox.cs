using System.Collections.Immutable;
using MucComponent.Rooms;

namespace MucComponent.Component;

/// <summary>Where stanzas wait for the socket. In order for each caller; bounded, and the caller waits for room in it.</summary>
public interface IOutbox
{
    ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop);

    /// <summary>Takes it if there is room now; otherwise it is dropped and counted (an answer nobody may wait for).</summary>
    bool TrySend(Outgoing outgoing);
}
