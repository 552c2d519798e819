using System.Collections.Immutable;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// Before the way to the server: what rooms say to the service itself stays here, in its place between what they say to
/// others, and does not go over the wire.
/// </summary>
/// <param name="domain">The service's own address.</param>
/// <param name="received">Gets it. Must not wait.</param>
public sealed class OwnMail(Jid domain, IOutbox outbox, Action<Stanza> received) : IOutbox
{
    public ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null)
    {
        foreach (var one in outgoing)
            if (IsOwn(one)) return SendOthersAsync(outgoing, delivery, passage, stop);
        return outbox.SendAsync(outgoing, stop, delivery, passage);
    }

    public bool TrySend(Outgoing outgoing)
    {
        if (!IsOwn(outgoing)) return outbox.TrySend(outgoing);
        received(outgoing.Stanza);
        return true;
    }

    // What others are told is in the outbox before the service hears that it is done.
    private async ValueTask SendOthersAsync(ImmutableArray<Outgoing> outgoing, Delivery? delivery, Passage? passage, CancellationToken stop)
    {
        await outbox.SendAsync(outgoing.RemoveAll(IsOwn), stop, delivery, passage).ConfigureAwait(false);
        foreach (var one in outgoing)
            if (IsOwn(one)) received(one.Stanza);
    }

    private bool IsOwn(Outgoing outgoing) => outgoing.To is [var only] && only == domain;
}
