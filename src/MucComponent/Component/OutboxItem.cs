using System.Collections.Immutable;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>What waits in the outbox: a stanza and its addresses, bytes that are complete, or only the news of a delivery.</summary>
internal readonly record struct OutboxItem
{
    private const int AddressWeight = 64;

    public EncodedStanza? Stanza { get; init; }

    public ImmutableArray<Jid> To { get; init; }

    public byte[]? Whole { get; init; }

    /// <summary>To be told once the server has all that was before this.</summary>
    public Delivery? Delivery { get; init; }

    /// <summary>It was written once already, and the connection broke.</summary>
    public bool IsAgain { get; init; }

    /// <summary>How many stanzas the server gets.</summary>
    public int Copies => Whole is not null ? 1 : Stanza is not null ? To.Length : 0;

    /// <summary>In the measure of <see cref="Outbox.DefaultCapacity"/>.</summary>
    public long Weight =>
        Whole is not null ? Whole.Length : Stanza is not null ? Stanza.Head.Length + Stanza.Tail.Length + ((long)AddressWeight * To.Length) : 0;
}
