namespace MucComponent.Rooms;

/// <summary>The long-lived association with a room (XEP-0045 §5.2), from the least to the most.</summary>
public enum Affiliation
{
    Outcast,
    None,
    Member,
    Admin,
    Owner,
}

/// <summary>What somebody may do while in the room (XEP-0045 §5.1), from the least to the most.</summary>
public enum Role
{
    None,
    Visitor,
    Participant,
    Moderator,
}

/// <summary>The two ladders as the words of the protocol.</summary>
public static class Ladders
{
    public static string Word(this Affiliation affiliation) => affiliation switch
    {
        Affiliation.Outcast => "outcast",
        Affiliation.None => "none",
        Affiliation.Member => "member",
        Affiliation.Admin => "admin",
        _ => "owner",
    };

    public static string Word(this Role role) => role switch
    {
        Role.None => "none",
        Role.Visitor => "visitor",
        Role.Participant => "participant",
        _ => "moderator",
    };

    /// <summary>The affiliation of this word, or null if there is none.</summary>
    public static Affiliation? AffiliationOf(string? word) => word switch
    {
        "outcast" => Affiliation.Outcast,
        "none" => Affiliation.None,
        "member" => Affiliation.Member,
        "admin" => Affiliation.Admin,
        "owner" => Affiliation.Owner,
        _ => null,
    };

    /// <summary>The role of this word, or null if there is none.</summary>
    public static Role? RoleOf(string? word) => word switch
    {
        "none" => Role.None,
        "visitor" => Role.Visitor,
        "participant" => Role.Participant,
        "moderator" => Role.Moderator,
        _ => null,
    };
}
