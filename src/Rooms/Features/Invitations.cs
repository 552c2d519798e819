using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Who may invite besides the admins: XEP-0045 §7.8.2 (<c>muc#roomconfig_allowinvites</c>). What was sent is remembered for a
/// while: so a decline or a bounce finds its inviter, and nobody writes to strangers through the room by declining what was
/// never offered, or by inviting without end.
/// </summary>
public sealed class Invitations : Feature
{
    public static readonly Toggle ByMembers = new("muc#roomconfig_allowinvites", "Allow occupants to invite others?", false)
    {
        Aliases = ["{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites"],
    };

    private const string Name = "invitations";

    public override ImmutableArray<Option> Options => [ByMembers];

    /// <summary>Whether this occupant may send so many: with voice, where that makes a member only who is allowed to, and not without end.</summary>
    public static StanzaError? MayInvite(Turn turn, Occupant inviter, int count)
    {
        if (inviter.Affiliation >= Affiliation.Admin) return null;
        if (inviter.Role < Role.Participant) return StanzaError.Forbidden;
        if (turn.Config.Get(MembersOnly.Only) && !turn.Config.Get(ByMembers)) return StanzaError.Forbidden;
        var recent = Read(turn.Room).Count(i => i.Inviter.Bare == inviter.RealJid && turn.Now < i.At + turn.Policy.InvitationsWithin);
        return recent + count <= turn.Policy.Invitations ? null : StanzaError.ResourceConstraint;
    }

    public static void Remember(Turn turn, Invitation invitation) =>
        Write(turn, Read(turn.Room).RemoveAll(i => i.IsSame(invitation)).Add(invitation));

    public static void Forget(Turn turn, Invitation invitation) => Write(turn, Read(turn.Room).Remove(invitation));

    /// <summary>The newest invitation that fits, or null.</summary>
    public static Invitation? Find(Room room, Func<Invitation, bool> fits) => Read(room).LastOrDefault(fits);

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

    private static ImmutableArray<Invitation> Read(Room room) =>
    [
        .. Rows.Read(room, Name).Select(row => new Invitation(
            Jid.Parse(row[0]), Jid.Parse(row[1]), Jid.Parse(row[2]), DateTimeOffset.FromUnixTimeSeconds(long.Parse(row[3], CultureInfo.InvariantCulture)), row[4])),
    ];

    private static void Write(Turn turn, ImmutableArray<Invitation> invitations) => Rows.Write(
        turn, Name,
        invitations.Select(i => new[] { i.Invited.ToString(), i.From.ToString(), i.Inviter.ToString(), i.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), i.Id }),
        turn.Policy.RememberedInvitations);
}

/// <summary>An invitation that was sent.</summary>
/// <param name="Invited">As the inviter wrote it.</param>
/// <param name="From">Who invites, by the address that the invited sees.</param>
/// <param name="Inviter">Who that is: the session it came from.</param>
/// <param name="Id">The message's.</param>
public sealed record Invitation(Jid Invited, Jid From, Jid Inviter, DateTimeOffset At, string Id)
{
    /// <summary>Whether both are from the same person to the same.</summary>
    public bool IsSame(Invitation other) => Invited.Bare == other.Invited.Bare && Inviter.Bare == other.Inviter.Bare;
}
