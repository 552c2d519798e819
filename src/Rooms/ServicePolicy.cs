using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>What holds for every room of the service, whatever its owner sets. Each bound with its reason.</summary>
public sealed record ServicePolicy
{
    /// <summary>Bare JIDs that administer the service.</summary>
    public IReadOnlySet<Jid> Admins { get; init; } = FrozenSet<Jid>.Empty;

    /// <summary>Whether they may do in every room what its owners may. Nobody sees it of them: their affiliation is what it is.</summary>
    public bool AdminsOwnRooms { get; init; }

    /// <summary>What a new room is set to where that differs from the options' own defaults; rooms that are there stay as they are.</summary>
    public IReadOnlyList<KeyValuePair<Option, object>> RoomDefaults { get; init; } = [];

    /// <summary>Who may create rooms (XEP-0045 §7.2.11).</summary>
    public Who Creators { get; init; } = Who.Anyone;

    /// <summary>Which owners may make their rooms persistent, since these stay for ever (§10.1.3).</summary>
    public Who Persisters { get; init; } = Who.Anyone;

    /// <summary>Which owners may have their rooms listed, for everybody to read (§6.3).</summary>
    public Who Publishers { get; init; } = Who.Anyone;

    /// <summary>What the part before the @ of a new room's address has to match, or null (§14.6); the service's admins may have others.</summary>
    public Regex? RoomAddresses { get; init; }

    /// <summary>What may not be found in a nick, or null (§14.6); the service's admins may have it.</summary>
    public Regex? DeniedNicks { get; init; }

    /// <summary>Rooms of the service: each is kept for as long as somebody wants it.</summary>
    public int MaxRooms { get; init; } = int.MaxValue;

    /// <summary>Where people without a client of their own enter a room, or null; <see cref="RoomInWebChat"/> in it stands for the room's address.</summary>
    public string? WebChat { get; init; }

    public const string RoomInWebChat = "{room}";

    /// <summary>How often one person may create a room; null for no limit. No room knows it: the host counts.</summary>
    public Rate? Creations { get; init; }

    /// <summary>Rooms that one person may be in at a time.</summary>
    public int MaxRoomsJoined { get; init; } = int.MaxValue;

    /// <summary>Occupants of one room: what a presence costs grows with them.</summary>
    public int MaxOccupants { get; init; } = 20_000;

    /// <summary>Above how many occupants newcomers who only listen are not shown to the others, where a room does not set it; 0 for never.</summary>
    public int LargeRooms { get; init; }

    /// <summary>Occupants of all rooms: each is some kilobytes of memory.</summary>
    public int MaxOccupantsInAll { get; init; } = int.MaxValue;

    /// <summary>How often one person may change the nick in a room (§7.6): everybody is told twice; null for no limit.</summary>
    public Rate? NickChanges { get; init; }

    /// <summary>Of how many people a room remembers when they did what they may not do all the time.</summary>
    public int RememberedPaces { get; init; } = 10_000;

    /// <summary>Lengths in UTF-16 code units of what everybody is told: a room's subject in all its languages, its name, its description; and its password.</summary>
    public int MaxSubjectLength { get; init; } = 10_000;

    public int MaxRoomNameLength { get; init; } = 256;

    public int MaxDescriptionLength { get; init; } = 2_000;

    public int MaxPasswordLength { get; init; } = 1_000;

    /// <summary>How many owners and admins may enter beyond a full room, so that nobody can lock them out by stuffing it (XEP-0045 §7.2.9).</summary>
    public int ReservedForAdmins { get; init; } = 5;

    /// <summary>A nick's length in UTF-16 code units: a longer one speaks for its owner without voice (§14.6).</summary>
    public int MaxNickLength { get; init; } = 128;

    /// <summary>Entries of an affiliation list, so that the list stays one stanza.</summary>
    public int MaxAffiliations { get; init; } = 20_000;

    /// <summary>A room's vCard with its picture, in UTF-16 code units: it is kept with the room, and travels in one stanza (XEP-0486).</summary>
    public int MaxVCardLength { get; init; } = 128 * 1024;

    /// <summary>A reason's length in UTF-16 code units: it is told to everybody, and the list of bans keeps it.</summary>
    public int MaxReasonLength { get; init; } = 1_000;

    /// <summary>How long a room waits for its configuration before it opens as it is; nobody is waiting at the form any more.</summary>
    public TimeSpan LockedFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a temporary room lives on when nobody is in it any more (§7.14); none, and it is gone with its last occupant.</summary>
    public TimeSpan EmptyRoomGrace { get; init; }

    /// <summary>How long messages are kept at most; null for ever. A room may set less.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>What the operator states of how data is handled, by field (XEP-0504).</summary>
    public ImmutableSortedDictionary<string, string> DataPolicy { get; init; } = NothingStated;

    /// <summary>No statement of the operator's.</summary>
    public static readonly ImmutableSortedDictionary<string, string> NothingStated = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether what was archived outlasts its room, for the operator to read.</summary>
    public bool KeepsDestroyedArchives { get; init; }

    /// <summary>How long a destroyed room points to its successor.</summary>
    public TimeSpan TombstoneFor { get; init; } = TimeSpan.FromDays(31);

    /// <summary>Names of options that only the service's admins may change (XEP-0045 §10.1.3, service policies): what a room costs may not be its owner's to decide.</summary>
    public IReadOnlySet<string> ReservedOptions { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Invitations that one person below admin may send within <see cref="InvitationsWithin"/>: they go to people who never asked.</summary>
    public int Invitations { get; init; } = 20;

    public TimeSpan InvitationsWithin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Invitations that can still be declined; kept with the room.</summary>
    public int RememberedInvitations { get; init; } = 200;

    /// <summary>Invitation tokens that a room has at a time (XEP-0488); kept with the room.</summary>
    public int InvitationTokens { get; init; } = 100;

    /// <summary>How long such a token lives at most, and where nobody asks for less: one that leaks is of no use for ever.</summary>
    public TimeSpan InvitationTokenFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Changes of affiliations that whoever knew the room before them is told of one by one (XEP-0463); kept with the room.</summary>
    public int AffiliationVersions { get; init; } = 200;

    /// <summary>Hats that a room has (XEP-0317); kept with the room.</summary>
    public int Hats { get; init; } = 50;

    /// <summary>Hats on all heads of a room; kept with the room.</summary>
    public int HatsWorn { get; init; } = 1_000;

    /// <summary>The length of a hat's title, and of its URI, in UTF-16 code units: they stand in each presence of who wears it.</summary>
    public int MaxHatLength { get; init; } = 256;

    /// <summary>Requests for voice, and for registration, that a room keeps: anybody can send them.</summary>
    public int PendingRequests { get; init; } = 100;

    /// <summary>People whose role outlasts their visit; kept with the room.</summary>
    public int KeptRoles { get; init; } = 500;

    /// <summary>Bans and mutes that end by themselves, of each kind; kept with the room.</summary>
    public int TimedSanctions { get; init; } = 500;

    /// <summary>What moderators did that admins can still read about; kept with the room.</summary>
    public int AuditedActions { get; init; } = 200;

    /// <summary>For how long they can: long enough to judge a dispute, and no longer.</summary>
    public TimeSpan AuditedFor { get; init; } = TimeSpan.FromDays(180);

    /// <summary>Private messages whose bounce still finds its author.</summary>
    public int PrivateTraces { get; init; } = 64;
}
