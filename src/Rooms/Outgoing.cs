using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>One stanza and everybody it goes to. It stays one until the socket: serialised once, <c>to</c> spliced in.</summary>
/// <param name="Stanza">With <c>from</c>, without <c>to</c>.</param>
/// <param name="To">In the order they are written; empty sends nothing.</param>
public sealed record Outgoing(Stanza Stanza, ImmutableArray<Jid> To);
