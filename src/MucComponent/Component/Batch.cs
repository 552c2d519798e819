using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Telemetry;

namespace MucComponent.Component;

/// <summary>What waits in the outbox together: what one room says in one go, and the news of its delivery; or bytes that are complete.</summary>
/// <param name="Outgoing">Nothing in it that a server would not take.</param>
/// <param name="Delivery">To be told once the server has all of this.</param>
internal sealed record Batch(ImmutableArray<Outgoing> Outgoing, Delivery? Delivery = null)
{
    private const int AddressWeight = 64;

    private readonly long _weight = WeightOf(Outgoing);

    public byte[]? Whole { get; init; }

    /// <summary>To be told once all of this is written.</summary>
    public Passage? Passage { get; init; }

    /// <summary>Some of it went by <see cref="Multicast"/>.</summary>
    public bool IsMulticast { get; set; }

    /// <summary>It was written once already, and the connection broke.</summary>
    public bool IsAgain { get; init; }

    /// <summary>In the measure of <see cref="Outbox.DefaultCapacity"/>.</summary>
    public long Weight => (Whole?.Length ?? 0) + _weight;

    private static long WeightOf(ImmutableArray<Outgoing> outgoing)
    {
        var weight = 0L;
        foreach (var (stanza, to) in outgoing) weight += stanza.Encoded.Head.Length + stanza.Encoded.Tail.Length + ((long)AddressWeight * to.Length);
        return weight;
    }
}
