using System.Buffers;

namespace MucComponent.Xmpp;

/// <summary>What a <see cref="ComponentStream"/> makes of the server's bytes.</summary>
public abstract record StreamEvent;

/// <summary>The server's header is here; <paramref name="Answer"/> is to be sent.</summary>
public sealed record HeaderReceived(string Id, ReadOnlyMemory<byte> Answer) : StreamEvent;

/// <summary>The server took the handshake: from now on stanzas go both ways.</summary>
public sealed record Authenticated : StreamEvent;

/// <summary>One element of the first level, well-formed or not. The bytes are the caller's own, good until it lets them go.</summary>
public sealed record StanzaReceived(ReadOnlySequence<byte> Bytes) : StreamEvent;

/// <summary>An element that was not kept.</summary>
/// <param name="OpeningTag">From <c>&lt;</c> to <c>&gt;</c>, or empty if it was too long or there was none.</param>
public sealed record StanzaRefused(Refusal Reason, ReadOnlySequence<byte> OpeningTag) : StreamEvent;

/// <summary>The server ends the stream with an error. This is the last event, as is each of the following.</summary>
public sealed record StreamFailed(StreamError Error) : StreamEvent;

/// <summary>The server closed the stream.</summary>
public sealed record StreamClosed : StreamEvent;

/// <summary>The other side does not speak this protocol; <paramref name="Why"/> is a sentence for the operator.</summary>
public sealed record StreamBroken(string Why) : StreamEvent;
