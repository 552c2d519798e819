using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>How many may be in the room: XEP-0045 §7.2.9.</summary>
public sealed class MaxOccupants(ServicePolicy policy) : Feature
{
    public static readonly Number Maximum =
        new("muc#roomconfig_maxusers", "Maximum number of occupants", 0, 1_000_000, 10, 20, 30, 50, 100, 200, 500, 1_000);

    public override ImmutableArray<Option> Options => [Maximum];

    /// <summary>The room's own limit, or the service's where it has none.</summary>
    public int Of(RoomConfig config) =>
        config.Get(Maximum) is > 0 and var own ? Math.Min(own, policy.MaxOccupants) : policy.MaxOccupants;

    public override IEnumerable<InfoField> Info(Room room) =>
        [new("muc#roominfo_maxusers", "text-single", Of(room.Config).ToString(CultureInfo.InvariantCulture))];

    public override StanzaError? MayEnter(Turn turn, Entry entry)
    {
        var here = turn.Room.Occupants;
        // Another session of somebody who is in takes no place.
        if (here.ByNick(entry.Nick)?.RealJid == turn.Sender.Bare) return null;
        var places = Of(turn.Config) + (entry.Affiliation >= Affiliation.Admin ? policy.ReservedForAdmins : 0);
        return here.Count < places ? null : StanzaError.ServiceUnavailable with { Type = "wait" };
    }
}
