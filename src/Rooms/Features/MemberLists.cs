using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Who may read the member list where JIDs are open: XEP-0045 §9.5 (<c>muc#roomconfig_getmemberlist</c>).</summary>
public sealed class MemberLists : Feature
{
    public static readonly Selection Readers = new(
        "muc#roomconfig_getmemberlist", "Roles that may retrieve the member list", ["moderator", "participant", "visitor"],
        ("moderator", "Moderator"), ("participant", "Participant"), ("visitor", "Visitor"));

    public override ImmutableArray<Option> Options => [Readers];

    /// <summary>Whether somebody with this role may; a member who is not in the room counts as participant.</summary>
    public static bool MayRead(RoomConfig config, Role role) =>
        config.Get(Readers).Contains((role == Role.None ? Role.Participant : role).Word());
}
