using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Whose presence is shown to the others: XEP-0045 §5.1.1, §7.2.2 (<c>muc#roomconfig_presencebroadcast</c>). Those without a role
/// are the registered ones who are not there: newcomers may be told of them too (102 and 103).
/// </summary>
public sealed class PresenceBroadcast : Feature
{
    public static readonly Selection Roles = new(
        "muc#roomconfig_presencebroadcast", "Roles for which presence is broadcasted", ["moderator", "participant", "visitor"],
        ("moderator", "Moderator"), ("participant", "Participant"), ("visitor", "Visitor"), ("none", "Registered and absent"));

    public override ImmutableArray<Option> Options => [Roles];

    /// <summary>Whether the others are told of occupants with this role.</summary>
    public static bool Shows(RoomConfig config, Role role) => config.Get(Roles).Contains(role.Word());

    public override IEnumerable<int> ConfigStatuses(RoomConfig before, RoomConfig after) =>
        (Shows(before, Role.None), Shows(after, Role.None)) switch
        {
            (false, true) => [102],
            (true, false) => [103],
            _ => [],
        };
}
