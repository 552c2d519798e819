using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// The answer to a stanza that a room could not take, or could not keep what came of it: an error of type <c>wait</c>
/// (RFC 6120 §8.3.2), so that nobody believes it was done.
/// </summary>
internal static class Refusal
{
    /// <summary>
    /// What the server itself says while we are away, so that a client that asks whether it is still in takes it for what it
    /// is (XEP-0410 §3.2).
    /// </summary>
    public static readonly StanzaError Stopping = new("wait", "remote-server-timeout");

    /// <summary>Nothing where an error is not allowed, nor for a presence that is no join: to the one who sent it, an error from their own occupant JID would mean that they are out, and ejabberd would not tell us when they go.</summary>
    public static ImmutableArray<Outgoing> Of(Stanza stanza, StanzaError error) =>
        stanza.MayBeRefused && (stanza.Kind != StanzaKind.Presence || stanza.Has(Ns.Muc + "x"))
            ? [new Outgoing(RoomEngine.Refusal(stanza, error, stanza.To!.Bare), [stanza.From!])]
            : [];
}
