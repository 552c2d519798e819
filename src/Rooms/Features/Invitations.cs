using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>Who may invite into a members-only room besides its admins: XEP-0045 §7.8.2 (<c>muc#roomconfig_allowinvites</c>).</summary>
public sealed class Invitations : Feature
{
    public static readonly Toggle ByMembers = new("muc#roomconfig_allowinvites", "Allow occupants to invite others?", false)
    {
        Aliases = ["{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites"],
    };

    public override ImmutableArray<Option> Options => [ByMembers];

    /// <summary>Whether this occupant may invite: with voice, and where that makes a member, only who may or is allowed to.</summary>
    public static StanzaError? MayInvite(RoomConfig config, Occupant inviter)
    {
        if (inviter.Affiliation >= Affiliation.Admin) return null;
        if (inviter.Role < Role.Participant) return StanzaError.Forbidden;
        return config.Get(MembersOnly.Only) && !config.Get(ByMembers) ? StanzaError.Forbidden : null;
    }

    // Told as what it comes to: in an open room everybody with voice may invite.
    public override IEnumerable<InfoField> Info(Room room)
    {
        var allowed = Toggle.Word(!room.Config.Get(MembersOnly.Only) || room.Config.Get(ByMembers));
        return
        [
            new("muc#roomconfig_allowinvites", "boolean", allowed),
            new("{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites", "boolean", allowed),
        ];
    }
}
