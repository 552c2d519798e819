using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>What holds for every room of the service, whatever its owner sets. Each bound with its reason.</summary>
public sealed record ServicePolicy
{
    /// <summary>Bare JIDs that administer the service.</summary>
    public IReadOnlySet<Jid> Admins { get; init; } = new HashSet<Jid>();

    /// <summary>Whether only they may create rooms (XEP-0045 §7.2.11).</summary>
    public bool OnlyAdminsCreate { get; init; }

    /// <summary>Occupants of one room: what a presence costs grows with them.</summary>
    public int MaxOccupants { get; init; } = 20_000;

    /// <summary>How many owners and admins may enter beyond a full room, so that nobody can lock them out by stuffing it (XEP-0045 §7.2.9).</summary>
    public int ReservedForAdmins { get; init; } = 5;

    /// <summary>A nick's length in UTF-16 code units: a longer one speaks for its owner without voice (§14.6).</summary>
    public int MaxNickLength { get; init; } = 128;

    /// <summary>Entries of an affiliation list, so that the list stays one stanza.</summary>
    public int MaxAffiliations { get; init; } = 20_000;

    /// <summary>A room's vCard with its picture, in UTF-16 code units: it is kept with the room, and travels in one stanza (XEP-0486).</summary>
    public int MaxVCardLength { get; init; } = 128 * 1024;

    /// <summary>How long a room waits for its configuration before it opens as it is; nobody is waiting at the form any more.</summary>
    public TimeSpan LockedFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a destroyed room points to its successor.</summary>
    public TimeSpan TombstoneFor { get; init; } = TimeSpan.FromDays(31);

    /// <summary>Private messages whose bounce still finds its author.</summary>
    public int PrivateTraces { get; init; } = 64;
}
