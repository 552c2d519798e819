using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// What is meant to be and yet does not fit the picture a client makes of the room: answers to presence probes (§17.3), which
/// say how somebody is and not that it came. Conversation tests for rooms have them just so.
/// </summary>
public static class SimulationKnown
{
    /// <summary>Whether this input is left out.</summary>
    public static bool IsLeftOut(Room room, Stanza stanza) =>
        stanza is { Kind: StanzaKind.Presence, Type: "probe" } && (OfItself(room, stanza) || OfUnseen(room, stanza));

    // The answer to a probe of one's own nick has no 110.
    private static bool OfItself(Room room, Stanza probe) => room.Occupants.BySession(probe.From!)?.Jid == probe.To;

    // An occupant may ask after one who is not shown; of that one's leaving it is not told.
    private static bool OfUnseen(Room room, Stanza probe) =>
        room.Occupants.ByNick(probe.To!.Resource) is { } asked && (asked.IsHeldBack || !PresenceBroadcast.Shows(room.Config, asked.Role));
}
