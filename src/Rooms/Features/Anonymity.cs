using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Who may see real JIDs: XEP-0045 §7.2.3 (non-anonymous rooms), §7.2.4 (semi-anonymous ones), §10.2.1 (172 and 173).</summary>
public sealed class Anonymity : Feature
{
    public static readonly Choice Whois = new(
        "muc#roomconfig_whois", "Who may discover real JIDs?", "moderators", ("moderators", "Moderators only"), ("anyone", "Anyone"));

    public override ImmutableArray<Option> Options => [Whois];

    public static bool IsNonAnonymous(RoomConfig config) => config.Get(Whois) == "anyone";

    public override IEnumerable<string> Disco(Room room) => [IsNonAnonymous(room.Config) ? "muc_nonanonymous" : "muc_semianonymous"];

    public override IEnumerable<int> EntryStatuses(RoomConfig config) => IsNonAnonymous(config) ? [100] : [];

    public override IEnumerable<int> ConfigStatuses(RoomConfig before, RoomConfig after) =>
        (IsNonAnonymous(before), IsNonAnonymous(after)) switch
        {
            (false, true) => [172],
            (true, false) => [173],
            _ => [],
        };
}
