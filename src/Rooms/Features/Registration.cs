using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Who may become a member by registering, and whether members keep to their nick: XEP-0045 §7.10, §7.2.2 (210).</summary>
public sealed class Registration : Feature
{
    public static readonly Toggle Open = new("muc#roomconfig_registration", "Allow anyone to register as a member?", false)
    {
        Aliases = ["x-muc#roomconfig_registration"],
    };

    public static readonly Toggle NicksLocked = new("muc#roomconfig_lockednicks", "Keep registered members to their nick?", false)
    {
        Aliases = ["x-muc#roomconfig_reservednick"],
    };

    public override ImmutableArray<Option> Options => [Open, NicksLocked];
}
