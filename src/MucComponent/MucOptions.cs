using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent;

/// <summary>Where rooms are kept.</summary>
public enum StorageKind
{
    Sqlite,
    Postgres,
    Memory,
}

/// <summary>What a stop of the service means for those who are in its rooms.</summary>
public enum StopKind
{
    /// <summary>Nothing: they are in when it starts again.</summary>
    Quiet,

    /// <summary>They are told (332), and are out.</summary>
    Leave,
}

/// <summary>What the operator set, checked. Made by <see cref="Settings"/> from the environment.</summary>
public sealed record MucOptions
{
    /// <summary>The service's own JID and the domain of all its rooms: <c>MUC_DOMAIN</c>.</summary>
    public Jid Domain { get; init; } = Jid.Parse("conference.localhost");

    /// <summary>The XMPP server's host: <c>MUC_SERVER_HOST</c>.</summary>
    public string ServerHost { get; init; } = "127.0.0.1";

    /// <summary>Its component port: <c>MUC_SERVER_PORT</c>.</summary>
    public int ServerPort { get; init; } = 5347;

    /// <summary>The secret shared with the server: <c>MUC_SECRET</c> or the content of <c>MUC_SECRET_FILE</c>. Never logged.</summary>
    public string Secret { get; init; } = "";

    /// <summary><c>MUC_STORAGE</c>.</summary>
    public StorageKind Storage { get; init; } = StorageKind.Sqlite;

    /// <summary>Where the SQLite file lies: <c>MUC_DATA_DIR</c>.</summary>
    public string DataDir { get; init; } = "data";

    /// <summary>The connection string for Npgsql: <c>MUC_POSTGRES</c>. Never logged.</summary>
    public string? Postgres { get; init; }

    /// <summary>Bare JIDs that administer the service: <c>MUC_ADMINS</c>.</summary>
    public IReadOnlySet<Jid> Admins { get; init; } = new HashSet<Jid>();

    /// <summary>Above how many occupants newcomers who only listen are not shown to the others, 0 for never: <c>MUC_LARGE_ROOMS</c>.</summary>
    public int LargeRooms { get; init; }

    /// <summary>How long a temporary room lives on when nobody is in it any more: <c>MUC_EMPTY_ROOM_GRACE</c>.</summary>
    public TimeSpan EmptyRoomGrace { get; init; }

    /// <summary>How long messages are kept at most, null for ever: <c>MUC_ARCHIVE_RETENTION</c>.</summary>
    public TimeSpan? ArchiveRetention { get; init; }

    /// <summary>What the operator states of how data is handled (XEP-0504): <c>MUC_DATA_POLICY</c>.</summary>
    public ImmutableSortedDictionary<string, string> DataPolicy { get; init; } = ServicePolicy.NothingStated;

    /// <summary>Whether archives outlast their rooms in the database: <c>MUC_DESTROYED_ARCHIVES</c>.</summary>
    public bool KeepDestroyedArchives { get; init; }

    /// <summary><c>MUC_STOP</c>.</summary>
    public StopKind Stop { get; init; } = StopKind.Quiet;

    /// <summary>Who may use the service at all: <c>MUC_ALLOW</c>.</summary>
    public Who Allowed { get; init; } = Who.Anyone;

    /// <summary>Who of them may not: <c>MUC_DENY</c>.</summary>
    public Who Denied { get; init; } = Who.Nobody;

    /// <summary>A file with more of them, or null: <c>MUC_BANS_FILE</c>.</summary>
    public string? BansFile { get; init; }

    /// <summary>Lists that others keep, each a service with a node as its resource: <c>MUC_BLOCK_LISTS</c>.</summary>
    public IReadOnlyList<Jid> BlockLists { get; init; } = [];

    /// <summary>Whether whom these name is only logged: <c>MUC_BLOCK_LISTS_DRY_RUN</c>.</summary>
    public bool IsBlockListsDryRun { get; init; }

    /// <summary>Who may create rooms: <c>MUC_CREATE_ROOMS</c>.</summary>
    public Who Creators { get; init; } = Who.Anyone;

    /// <summary>Which owners may make rooms persistent: <c>MUC_PERSISTENT_ROOMS</c>.</summary>
    public Who Persisters { get; init; } = Who.Anyone;

    /// <summary>Which owners may have rooms listed: <c>MUC_PUBLIC_ROOMS</c>.</summary>
    public Who Publishers { get; init; } = Who.Anyone;

    /// <summary>For whom the rates do not hold: <c>MUC_UNLIMITED</c>.</summary>
    public Who Unlimited { get; init; } = Who.Nobody;

    /// <summary>Messages with a body of one person; null for no limit, as with all rates: <c>MUC_MESSAGE_RATE</c>.</summary>
    public Rate? MessageRate { get; init; }

    /// <summary><c>MUC_JOIN_RATE</c>.</summary>
    public Rate? JoinRate { get; init; }

    /// <summary>In one room: <c>MUC_NICK_RATE</c>.</summary>
    public Rate? NickRate { get; init; } = new(20, TimeSpan.FromSeconds(6));

    /// <summary>Of one session in one room: <c>MUC_PRESENCE_RATE</c>.</summary>
    public Rate? PresenceRate { get; init; } = new(20, TimeSpan.FromSeconds(1));

    /// <summary><c>MUC_INVITATION_RATE</c>.</summary>
    public Rate? InvitationRate { get; init; } = new(100, TimeSpan.FromHours(1) / 100);

    /// <summary><c>MUC_VOICE_REQUEST_RATE</c>.</summary>
    public Rate? VoiceRequestRate { get; init; } = new(100, TimeSpan.FromHours(1) / 100);

    /// <summary>Questions by iq: <c>MUC_REQUEST_RATE</c>.</summary>
    public Rate? RequestRate { get; init; }

    /// <summary>Rooms created by one person: <c>MUC_CREATION_RATE</c>.</summary>
    public Rate? CreationRate { get; init; } = new(1_000, TimeSpan.FromHours(1) / 100);

    /// <summary>Rooms that one person may be in at a time: <c>MUC_MAX_ROOMS_JOINED</c>.</summary>
    public int MaxRoomsJoined { get; init; } = 1_000;

    /// <summary>Occupants of one room: <c>MUC_MAX_OCCUPANTS</c>.</summary>
    public int MaxOccupants { get; init; } = 20_000;

    /// <summary>Occupants of all rooms: <c>MUC_MAX_OCCUPANTS_IN_ALL</c>.</summary>
    public int MaxOccupantsInAll { get; init; } = 2_000_000;

    /// <summary>Bytes of a stanza that comes in: <c>MUC_MAX_STANZA</c>.</summary>
    public int MaxStanzaBytes { get; init; } = 1024 * 1024;

    /// <summary>Lengths in UTF-16 code units: <c>MUC_MAX_NICK</c>.</summary>
    public int MaxNickLength { get; init; } = 128;

    /// <summary><c>MUC_MAX_SUBJECT</c>.</summary>
    public int MaxSubjectLength { get; init; } = 10_000;

    /// <summary><c>MUC_MAX_ROOM_NAME</c>.</summary>
    public int MaxRoomNameLength { get; init; } = 256;

    /// <summary><c>MUC_MAX_DESCRIPTION</c>.</summary>
    public int MaxDescriptionLength { get; init; } = 2_000;

    /// <summary><c>MUC_MAX_PASSWORD</c>.</summary>
    public int MaxPasswordLength { get; init; } = 1_000;

    /// <summary><c>MUC_LOG_LEVEL</c>: trace, debug, information, warning or error.</summary>
    public Microsoft.Extensions.Logging.LogLevel LogLevel { get; init; } = Microsoft.Extensions.Logging.LogLevel.Information;

    public override string ToString() => $"{Domain} on {ServerHost}:{ServerPort}, {Storage}";
}
