using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Whether what is said is kept in an archive, and that everybody knows: XEP-0045 §7.2.12 (170), §10.2.1 (170 and 171).</summary>
public sealed class Logging : Feature
{
    public static readonly Toggle Enabled = new("muc#roomconfig_enablelogging", "Keep messages in the archive?", false)
    {
        Aliases = ["muc#roomconfig_enablearchiving", "mam", "muc#roomconfig_mam"],
    };

    public override ImmutableArray<Option> Options => [Enabled];

    public override IEnumerable<int> EntryStatuses(RoomConfig config) => config.Get(Enabled) ? [170] : [];

    public override IEnumerable<int> ConfigStatuses(RoomConfig before, RoomConfig after) =>
        (before.Get(Enabled), after.Get(Enabled)) switch
        {
            (false, true) => [170],
            (true, false) => [171],
            _ => [],
        };
}
