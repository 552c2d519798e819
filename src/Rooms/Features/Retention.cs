using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>
/// How long what was said is kept: the room's own choice, within what the service allows. From then on nobody is shown it any
/// more, in the archive (XEP-0313) or as history (XEP-0045 §7.2.13); the store removes it a little later.
/// </summary>
public sealed class Retention : Feature
{
    public static readonly Number Days = new(
        "muc#roomconfig_archiveretention", "Days for which messages are kept (0: as long as the service keeps them)", 0, 36_500);

    public override ImmutableArray<Option> Options => [Days];

    /// <summary>The room's own, or null if it sets none.</summary>
    public static TimeSpan? Own(RoomConfig config) => config.Get(Days) is > 0 and var days ? TimeSpan.FromDays(days) : null;

    /// <summary>What was said before this time is not kept any more; null if all is.</summary>
    public static DateTimeOffset? Since(Turn turn) => turn.Now - Of(turn.Config, turn.Policy);

    /// <summary>How long messages are kept: the room's own choice or the service's, whichever is less; null for ever.</summary>
    public static TimeSpan? Of(RoomConfig config, ServicePolicy policy) =>
        Own(config) is { } own && !(policy.Retention < own) ? own : policy.Retention;
}
