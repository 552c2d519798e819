using System.Collections.Immutable;
using MucComponent.Operations;
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

/// <summary>How the log is written.</summary>
public enum LogFormat
{
    /// <summary>A sentence on a line, for people.</summary>
    Text,

    /// <summary>An object on a line, for programs.</summary>
    Json,
}

/// <summary>How OTLP is spoken.</summary>
public enum OtlpProtocol
{
    /// <summary>Protocol buffers in HTTP requests.</summary>
    Http,
    Grpc,
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

    /// <summary>No contacts.</summary>
    public static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> NoContacts = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>Whom to turn to, URIs by kind (XEP-0157): <c>MUC_CONTACTS</c>.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Contacts { get; init; } = NoContacts;

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

    /// <summary>For whom the rates do not hold: <c>MUC_UNLIMITED</c>.</summary>
    public Who Unlimited { get; init; } = Who.Nobody;

    /// <summary>Messages with a body of one person; null for no limit, as with all rates: <c>MUC_MESSAGE_RATE</c>.</summary>
    public Rate? MessageRate { get; init; }

    /// <summary><c>MUC_JOIN_RATE</c>.</summary>
    public Rate? JoinRate { get; init; }

    /// <summary>Of one session in one room: <c>MUC_PRESENCE_RATE</c>.</summary>
    public Rate? PresenceRate { get; init; } = new(20, TimeSpan.FromSeconds(1));

    /// <summary><c>MUC_INVITATION_RATE</c>.</summary>
    public Rate? InvitationRate { get; init; } = new(100, TimeSpan.FromHours(1) / 100);

    /// <summary><c>MUC_VOICE_REQUEST_RATE</c>.</summary>
    public Rate? VoiceRequestRate { get; init; } = new(100, TimeSpan.FromHours(1) / 100);

    /// <summary>Questions by iq: <c>MUC_REQUEST_RATE</c>.</summary>
    public Rate? RequestRate { get; init; }

    /// <summary>Bytes of a stanza that comes in: <c>MUC_MAX_STANZA</c>.</summary>
    public int MaxStanzaBytes { get; init; } = 1024 * 1024;


    /// <summary>Rules and bounds for all rooms: those of its parts that have a setting of their own.</summary>
    public ServicePolicy Policy { get; init; } = new()
    {
        NickChanges = new(20, TimeSpan.FromSeconds(6)),
        Creations = new(1_000, TimeSpan.FromHours(1) / 100),
        MaxRoomsJoined = 1_000,
        MaxOccupantsInAll = 2_000_000,
    };

    /// <summary>Rooms that have to be there: <c>MUC_ROOMS</c>.</summary>
    public IReadOnlyList<DeclaredRoom> Rooms { get; init; } = [];

    /// <summary>Where the running service takes commands: <c>MUC_CONTROL</c>, with <c>off</c> for nowhere; empty for the usual place.</summary>
    public string Control { get; init; } = "";

    /// <summary>The path of the control socket, or null.</summary>
    public string? ControlPath => Control switch
    {
        "" => Path.Combine(DataDir, "control"),
        "off" => null,
        var path => path,
    };

    /// <summary>Of which domain's services one may do the fan-out (XEP-0033): <c>MUC_MULTICAST</c>, <c>auto</c> for the domain above ours, <c>off</c>, or a domain.</summary>
    public string Multicast { get; init; } = MulticastAuto;

    public const string MulticastAuto = "auto";

    /// <summary>The domain whose users the fan-out of a multicast service would go to, or null.</summary>
    public Jid? MulticastHost => Multicast switch
    {
        "off" => null,
        MulticastAuto => Domain.Domain.Split('.', 2) is [_, var above] ? Jid.Parse(above) : null,
        var domain => Jid.Parse(domain),
    };

    /// <summary><c>MUC_LOG_LEVEL</c>: trace, debug, information, warning or error.</summary>
    public Microsoft.Extensions.Logging.LogLevel LogLevel { get; init; } = Microsoft.Extensions.Logging.LogLevel.Information;

    /// <summary><c>MUC_LOG_FORMAT</c>.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>Where metrics and traces go, by OTLP; null for nowhere: <c>MUC_OTLP</c>.</summary>
    public Uri? Otlp { get; init; }

    /// <summary><c>MUC_OTLP_PROTOCOL</c>.</summary>
    public OtlpProtocol OtlpProtocol { get; init; } = OtlpProtocol.Http;

    /// <summary>The share of the stanzas whose way is traced, from 0 to 1: <c>MUC_TRACES</c>.</summary>
    public double Traces { get; init; }

    public override string ToString() => $"{Domain} on {ServerHost}:{ServerPort}, {Storage}";
}
