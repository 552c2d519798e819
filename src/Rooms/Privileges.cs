using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// Who may do what to whom: XEP-0045 §5.1.1 (roles), §5.2.1 (affiliations) and the refusals of §8 to §10, in one place.
/// Each answer is null for yes, or the error that says no.
/// </summary>
public static class Privileges
{
    /// <summary>The role a newcomer gets from the affiliation (§5.1.2).</summary>
    public static Role DefaultRole(Affiliation affiliation, bool moderated) => affiliation switch
    {
        Affiliation.Owner or Affiliation.Admin => Role.Moderator,
        Affiliation.Member => Role.Participant,
        Affiliation.None => moderated ? Role.Visitor : Role.Participant,
        _ => Role.None,
    };

    /// <summary>
    /// The role after a change of affiliation: what an affiliation brings is gained at once; what it had brought is lost
    /// when it goes down (§5.1.2, the note).
    /// </summary>
    public static Role RoleAfter(Role role, Affiliation before, Affiliation after, bool moderated)
    {
        var implied = DefaultRole(after, moderated);
        return after < before ? implied : (Role)Math.Max((int)role, (int)implied);
    }

    /// <summary>Changing somebody's role (§8.2 to §8.5, §9.6 to §9.8).</summary>
    /// <param name="role">The role of who asks; that of an admin who is not in the room counts as moderator.</param>
    /// <param name="self">Whether who asks is the one whose role it is.</param>
    public static StanzaError? MayChangeRole(Role role, Affiliation affiliation, bool self, Role targetRole, Affiliation targetAffiliation, Role to)
    {
        var administers = affiliation >= Affiliation.Admin;
        if (role != Role.Moderator && !administers) return StanzaError.Forbidden;
        // §8.2: who kicks himself only leaves.
        if (to == targetRole || (self && to == Role.None)) return null;
        if (to == Role.Moderator) return administers ? null : StanzaError.Forbidden;
        if (to > targetRole) return null;
        if (targetAffiliation > affiliation) return StanzaError.NotAllowed;
        if (targetRole == Role.Moderator && !administers) return StanzaError.NotAllowed;
        if (to == Role.None) return null;
        // An admin or owner is a moderator by that fact, and cannot be less while in the room.
        if (targetAffiliation >= Affiliation.Admin) return StanzaError.NotAllowed;
        // §8.4: nobody takes the voice of his equals.
        return to == Role.Visitor && targetAffiliation >= affiliation ? StanzaError.NotAllowed : null;
    }

    /// <summary>Changing somebody's affiliation (§9.1 to §9.5, §10.3 to §10.8).</summary>
    /// <param name="self">Whether who asks is the one whose affiliation it is.</param>
    public static StanzaError? MayChangeAffiliation(Affiliation affiliation, bool self, Affiliation from, Affiliation to)
    {
        if (affiliation < Affiliation.Admin) return StanzaError.Forbidden;
        if (self && to == Affiliation.Outcast) return StanzaError.Conflict;
        if (affiliation == Affiliation.Owner || (self && to == from)) return null;
        // §9.1: a ban of somebody as high or higher; all else about admins and owners is for owners (§10.3 to §10.8).
        if (to == Affiliation.Outcast) return from >= Affiliation.Admin ? StanzaError.NotAllowed : null;
        return from >= Affiliation.Admin || to >= Affiliation.Admin ? StanzaError.Forbidden : null;
    }

    /// <summary>Reading an affiliation list (§9.2, §9.5, §10.5, §10.8): members read who else belongs to the room where JIDs are open anyway.</summary>
    /// <param name="open">Whether the room is non-anonymous and lets its members read.</param>
    public static StanzaError? MayReadAffiliations(Affiliation affiliation, Affiliation list, bool open) =>
        affiliation >= Affiliation.Admin || (affiliation == Affiliation.Member && list != Affiliation.Outcast && open) ? null : StanzaError.Forbidden;

    /// <summary>Reading a role list (§8.5, §9.8).</summary>
    public static StanzaError? MayReadRoles(Role role, Affiliation affiliation) =>
        role == Role.Moderator || affiliation >= Affiliation.Admin ? null : StanzaError.Forbidden;

    /// <summary>Configuring and destroying (§10.2, §10.9).</summary>
    public static StanzaError? MayConfigure(Affiliation affiliation) =>
        affiliation == Affiliation.Owner ? null : StanzaError.Forbidden;
}
