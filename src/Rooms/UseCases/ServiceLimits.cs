using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// What the service allows in any room, whoever owns it: XEP-0045 §14.6 (limits on rooms, joins and lengths), §10.1.3 (service
/// policies). The service's admins have no limits but lengths.
/// </summary>
internal static class ServiceLimits
{
    private const string NickChanges = "nick";

    /// <summary>Whether the sender may create one more room now.</summary>
    public static StanzaError? MayCreate(Turn turn)
    {
        if (IsAdmin(turn)) return null;
        if (turn.Policy.RoomAddresses?.IsMatch(turn.Room.Jid.Local) == false) return StanzaError.NotAllowed.Because("Rooms of this service are not named like this.");
        if (turn.Elsewhere.HasCreatedTooMany) return StanzaError.ResourceConstraint.Because("You have created many rooms. Please try again later.");
        return turn.Elsewhere.Rooms >= turn.Policy.MaxRooms ? StanzaError.ResourceConstraint.Because("There are as many rooms as this service may have.") : null;
    }

    /// <summary>Whether the sender may be called this.</summary>
    public static StanzaError? MayBeCalled(Turn turn, string nick) =>
        turn.Policy.DeniedNicks?.IsMatch(nick) == true && !IsAdmin(turn) ? StanzaError.NotAcceptable.Because("Nobody may be called this here.") : null;

    /// <summary>Whether the sender may be in one more room, and the service have one more occupant (§7.2.9). Another session in a room costs neither.</summary>
    public static StanzaError? MayEnter(Turn turn)
    {
        var ((rooms, occupants, _), policy) = (turn.Elsewhere, turn.Policy);
        if ((rooms < policy.MaxRoomsJoined && occupants < policy.MaxOccupantsInAll) || IsAdmin(turn) || turn.Room.Occupants.Has(turn.Sender.Bare)) return null;
        return rooms >= policy.MaxRoomsJoined
            ? StanzaError.ResourceConstraint.Because($"Nobody may be in more than {policy.MaxRoomsJoined} rooms at a time.")
            : StanzaError.ServiceUnavailable with { Type = "wait" };
    }

    /// <summary>Whether this occupant may take another nick now.</summary>
    public static StanzaError? MayChangeNick(Turn turn, Occupant me) =>
        turn.Policy.NickChanges is { } rate && !IsAdmin(turn) && !turn.TryTake(NickChanges, me.RealJid, rate)
            ? StanzaError.PolicyViolation with { Type = "wait", Text = "You change your nick too often. Please try again later." }
            : null;

    /// <summary>Whether this subject is short enough.</summary>
    public static StanzaError? MaySetSubject(Turn turn)
    {
        var length = 0;
        foreach (var element in turn.Stanza.Children)
            if (element.Name == Ns.Client + "subject") length += element.Value.Length;
        return length > turn.Policy.MaxSubjectLength
            ? StanzaError.PolicyViolation.Because($"A subject may have at most {turn.Policy.MaxSubjectLength} characters.")
            : null;
    }

    /// <summary>Whether the sender's rooms may not have this, so that it is not in the form.</summary>
    public static bool IsReserved(Turn turn, Option option) =>
        (option == PersistentRoom.Persistent && !turn.Policy.Persisters.Includes(turn.Sender.Bare, turn.Policy.Admins))
        || (option == PublicRoom.Public && !turn.Policy.Publishers.Includes(turn.Sender.Bare, turn.Policy.Admins));

    /// <summary>Whether this value of an option is longer than the service allows.</summary>
    public static bool IsTooLong(Turn turn, Option option, object value) => value is string text && text.Length > MaxLength(turn.Policy, option);

    private static int MaxLength(ServicePolicy policy, Option option)
    {
        if (option == About.Name) return policy.MaxRoomNameLength;
        if (option == About.Description) return policy.MaxDescriptionLength;
        return option == Password.Secret ? policy.MaxPasswordLength : int.MaxValue;
    }

    private static bool IsAdmin(Turn turn) => turn.Policy.Admins.Contains(turn.Sender.Bare);
}
