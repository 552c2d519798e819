using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Telemetry;

namespace MucComponent.Component;

/// <summary>Where stanzas wait for the socket. In order for each caller; bounded, and the caller waits for room in it.</summary>
public interface IOutbox
{
    /// <param name="delivery">Made known (<see cref="Outbox.Delivered"/>) once the server has all of this, and so all that came before.</param>
    /// <param name="passage">Told once all of it is written.</param>
    ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null);

    /// <summary>Takes it if there is room now; otherwise it is dropped and counted (an answer nobody may wait for).</summary>
    bool TrySend(Outgoing outgoing);
}
