using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>Who may write to one occupant alone: XEP-0045 §7.5 (<c>muc#roomconfig_allowpm</c> with the registry's four values).</summary>
public sealed class PrivateMessages : Feature
{
    public static readonly Choice Allowed = new(
        "muc#roomconfig_allowpm", "Roles that may send private messages", "anyone",
        ("anyone", "Anyone"), ("participants", "Anyone with voice"), ("moderators", "Moderators only"), ("none", "Nobody"));

    public override ImmutableArray<Option> Options => [Allowed];

    public override IEnumerable<InfoField> Info(Room room) => [new("muc#roomconfig_allowpm", "list-single", room.Config.Get(Allowed))];

    public static StanzaError? MayWrite(RoomConfig config, Role role)
    {
        var least = config.Get(Allowed) switch
        {
            "anyone" => Role.Visitor,
            "participants" => Role.Participant,
            "moderators" => Role.Moderator,
            _ => (Role?)null,
        };
        return least is { } needed && role >= needed ? null : StanzaError.Forbidden;
    }
}
