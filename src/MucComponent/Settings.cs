using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms.Features;
using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent;

/// <summary>One environment variable: all that there is to say of it, and how it is read.</summary>
/// <param name="Default">As the operator would write it; null if there is none.</param>
/// <param name="Read">The options with this value; a <see cref="FormatException"/> says what is wrong with it, without showing a secret.</param>
public sealed record Setting(string Name, string Meaning, string? Default, string Example, Func<MucOptions, string, MucOptions> Read)
{
    /// <summary>The variable that names a file with the value instead; a line break at the file's end does not count.</summary>
    public string FileName => Name + "_FILE";

    /// <summary>Never shown; every character of it counts.</summary>
    public bool IsSecret { get; init; }
}

/// <summary>What came of reading the environment.</summary>
/// <param name="Options">Null if there are mistakes.</param>
/// <param name="Mistakes">One line each; the service cannot start.</param>
/// <param name="Warnings">Likely oversights, one line each; the service can start.</param>
public sealed record SettingsResult(MucOptions? Options, IReadOnlyList<string> Mistakes, IReadOnlyList<string> Warnings)
{
    /// <summary>What could be read, with defaults for what could not: for who needs only a part of it.</summary>
    public required MucOptions Readable { get; init; }
}

/// <summary>
/// The operator's settings: environment variables, each declared once in <see cref="All"/>, all checked at start, all
/// mistakes told at once.
/// </summary>
public static class Settings
{
    // First, since the settings below are read by them.
    private static readonly ImmutableArray<Option> OptionsOfRooms = FeatureList.Standard(new ServicePolicy()).Options;

    /// <summary>Every variable there is, in the order of the reference.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        new("MUC_DOMAIN", "The service's own address and the domain of all its rooms: the component's name in the server's configuration.",
            "conference.localhost", "conference.example.org", Domain),
        new("MUC_SERVER_HOST", "Where the XMPP server listens for components: a host name or an IP address.",
            "127.0.0.1", "xmpp.example.org", ServerHost),
        new("MUC_SERVER_PORT", "The port it listens on.",
            "5347", "5347", ServerPort),
        new("MUC_SECRET", "The secret shared with the server. Required; better in a file, by MUC_SECRET_FILE.",
            null, "change-me", Secret) { IsSecret = true },
        new("MUC_STORAGE", "Where rooms are kept: sqlite (a file), postgres, or memory (gone when the service stops).",
            "sqlite", "postgres", Storage),
        // Relative, because the one place where whoever starts the program can nearly always write is the folder they are in.
        new("MUC_DATA_DIR", "The folder of the SQLite file, made if it is missing; relative to where the service is started.",
            "data", "/var/lib/muc", (options, value) => options with { DataDir = value }),
        new("MUC_POSTGRES", "The PostgreSQL database: a URI, or a connection string for Npgsql. Required with MUC_STORAGE=postgres.",
            null, "postgresql://muc:PASSWORD@127.0.0.1:5432/muc", Postgres) { IsSecret = true },
        new("MUC_ADMINS", "Who administers the service: bare JIDs, comma separated.",
            "", "juliet@example.org,romeo@example.org", Admins),
        new("MUC_CONTACTS", "Whom people turn to, besides the admins: kind=URI, semicolons between them; kinds are abuse, admin, feedback, sales, security, status, support.",
            "", "abuse=mailto:abuse@example.org; support=xmpp:help@muc.example.org?join", (options, value) => options with { Contacts = Contacts.Read(value) }),
        new("MUC_WEBCHAT", "Where people enter rooms with a browser, for clients to show: a URL in which {room} stands for the room's address.",
            "", "https://chat.example.org/#/join/{room}", WebChat),
        new("MUC_LARGE_ROOMS", "Above how many occupants newcomers who only listen are not shown to the others, where a room does not set it; 0: never.",
            "0", "1000", LargeRooms),
        new("MUC_ADMINS_OWN_ROOMS", "Whether those may do in every room what its owners may: yes or no. Nobody is shown it.",
            "no", "yes", (options, value) => options with { Policy = options.Policy with { AdminsOwnRooms = YesOrNo(value) } }),
        new("MUC_ROOM_DEFAULTS", "What new rooms are set to: options as OPTION=VALUE (with or without muc#roomconfig_), with commas or line breaks between them, and | between several values of one.",
            "", "persistentroom=1,whois=anyone", Defaults),
        new("MUC_RESERVED_OPTIONS", "Options of rooms that only the service's admins may change: their names, with commas between them.",
            "", "maxusers,enablelogging", Reserved),
        new("MUC_ROOMS", "Rooms that have to be there, as JSON (in a file, by MUC_ROOMS_FILE); made or brought up to date at the start.",
            null, """{"lobby": {"owners": ["juliet@example.org"], "options": {"roomname": "Lobby"}}}""", Declared),
        Bound("MUC_RESERVED_PLACES", "How many owners and admins may enter a full room.", "10", 1_000,
            policy => policy.ReservedForAdmins, (policy, n) => policy with { ReservedForAdmins = n }, least: 0),
        Bound("MUC_MAX_AFFILIATIONS", "How many entries the lists of one room may have together.", "5000", 100_000,
            policy => policy.MaxAffiliations, (policy, n) => policy with { MaxAffiliations = n }),
        Bound("MUC_MAX_REASON", "How long the reason of a kick, a ban and the like may be, in characters.", "300", 100_000,
            policy => policy.MaxReasonLength, (policy, n) => policy with { MaxReasonLength = n }),
        Bound("MUC_MAX_VCARD", "How long a room's vCard with its picture may be, in characters.", "65536", 400_000,
            policy => policy.MaxVCardLength, (policy, n) => policy with { MaxVCardLength = n }),
        Bound("MUC_PENDING_REQUESTS", "How many requests for voice, and for registration, a room keeps.", "50", 10_000,
            policy => policy.PendingRequests, (policy, n) => policy with { PendingRequests = n }),
        Time("MUC_LOCKED_FOR", "How long a new room waits for its configuration before it opens as it is.", "5m", "1h",
            (policy, time) => policy with { LockedFor = time }),
        Time("MUC_TOMBSTONE_FOR", "How long a destroyed room points to the room that its owner named instead.", "31d", "365d",
            (policy, time) => policy with { TombstoneFor = time }),
        new("MUC_EMPTY_ROOM_GRACE", "How long a temporary room lives on when nobody is in it any more; 0: it is gone at once.",
            "0", "5m", (options, value) => options with { EmptyRoomGrace = Duration.Read(value) }),
        new("MUC_ARCHIVE_RETENTION", "How long messages are kept at most, or forever; rooms may set less.",
            "forever", "90d", Retention),
        new("MUC_DESTROYED_ARCHIVES", "What becomes of the archive of a destroyed room: remove, or keep (in the database, for the operator alone).",
            "remove", "keep", DestroyedArchives),
        new("MUC_DATA_POLICY", "What rooms say of how data is handled, besides how long it is kept: name=value, semicolons between them, with the names of XEP-0504.",
            "", "tos=https://example.org/terms; backup_retention=720; encryption_at_rest=true", (options, value) => options with { DataPolicy = DataPolicy.Read(value) }),
        new("MUC_STOP", "What a stop means for those in the rooms: quiet (they are in when it starts again), or leave (they are told, and are out).",
            "quiet", "leave", Stop),
        new("MUC_ALLOW", "Who may use the service: anyone, or bare JIDs and whole domains, comma separated (and the admins).",
            "anyone", "example.org,partner.example", (options, value) => options with { Allowed = Whoever(value) }),
        new("MUC_DENY", "Who may not use the service: bare JIDs and whole domains, comma separated.",
            "", "spam.example,tybalt@example.org", (options, value) => options with { Denied = Listed(value) }),
        new("MUC_BANS_FILE", "A file with more who may not, read again when it changes: a bare JID or a domain on each line, remarks after #.",
            "", "/etc/muc/bans", (options, value) => options with { BansFile = value }),
        new("MUC_BLOCK_LISTS", "Block lists that others keep (RTBL): PubSub services with their nodes, SERVICE/NODE, comma separated.",
            "", "xmppbl.org/muc_bans_sha256", BlockLists),
        new("MUC_BLOCK_LISTS_DRY_RUN", "Whether whom these lists name is only logged and not shut out: yes or no.",
            "no", "yes", (options, value) => options with { IsBlockListsDryRun = YesOrNo(value) }),
        new("MUC_CREATE_ROOMS", "Who may create rooms: anyone, admins, or bare JIDs and whole domains (and the admins).",
            "anyone", "example.org", (options, value) => options with { Policy = options.Policy with { Creators = Whoever(value) } }),
        new("MUC_ROOM_ADDRESSES", "How new rooms may be named: a regular expression for all that stands before the @ (admins may name theirs otherwise).",
            "", "[a-z0-9.-]{3,40}", (options, value) => options with { Policy = options.Policy with { RoomAddresses = Pattern($"^(?:{value})$", value) } }),
        new("MUC_DENIED_NICKS", "Which nicks nobody but the admins may have: a regular expression for a part of them, in any case.",
            "", "^(admin|support)|https?:", (options, value) => options with { Policy = options.Policy with { DeniedNicks = Pattern(value, value) } }),
        new("MUC_PERSISTENT_ROOMS", "Which owners may make their rooms persistent: anyone, admins, or bare JIDs and whole domains.",
            "anyone", "example.org", (options, value) => options with { Policy = options.Policy with { Persisters = Whoever(value) } }),
        new("MUC_PUBLIC_ROOMS", "Which owners may have their rooms listed: anyone, admins, or bare JIDs and whole domains.",
            "anyone", "admins", (options, value) => options with { Policy = options.Policy with { Publishers = Whoever(value) } }),
        new("MUC_UNLIMITED", "For whom the rates below and the rooms joined do not count, besides the admins: bare JIDs and whole domains.",
            "", "bridge@example.org", (options, value) => options with { Unlimited = Listed(value) }),
        new("MUC_MESSAGE_RATE", "Messages with a body that one person may send to all rooms together.",
            "off", "30,5/s", (options, value) => options with { MessageRate = Rates.Read(value) }),
        new("MUC_JOIN_RATE", "How often one person may enter rooms.",
            "off", "500,2/s", (options, value) => options with { JoinRate = Rates.Read(value) }),
        new("MUC_NICK_RATE", "How often one person may change the nick in a room.",
            "20,10/m", "5/m", (options, value) => options with { Policy = options.Policy with { NickChanges = Rates.Read(value) } }),
        new("MUC_PRESENCE_RATE", "How often a client's change of availability is told in a room; of what comes faster the newest waits.",
            "20,1/s", "5,10/m", (options, value) => options with { PresenceRate = Rates.Read(value) }),
        new("MUC_INVITATION_RATE", "Invitations that one person may send through all rooms together.",
            "100/h", "20/d", (options, value) => options with { InvitationRate = Rates.Read(value) }),
        new("MUC_VOICE_REQUEST_RATE", "Requests for voice, and other forms in messages, that one person may send.",
            "100/h", "20/h", (options, value) => options with { VoiceRequestRate = Rates.Read(value) }),
        new("MUC_REQUEST_RATE", "Questions (iq) that one person may ask the service and its rooms.",
            "off", "200,20/s", (options, value) => options with { RequestRate = Rates.Read(value) }),
        new("MUC_CREATION_RATE", "Rooms that one person may create.",
            "1000,100/h", "10,5/h", (options, value) => options with { Policy = options.Policy with { Creations = Rates.Read(value) } }),
        new("MUC_MAX_ROOMS", "Rooms of the service; then only the admins make more. They are counted at each start.",
            "off", "10000", (options, value) => options with { Policy = options.Policy with { MaxRooms = value.Equals("off", StringComparison.OrdinalIgnoreCase) ? int.MaxValue : Number(value, 1, 100_000_000) } }),
        Bound("MUC_MAX_ROOMS_JOINED", "Rooms that one person may be in at a time.", "100", 1_000_000,
            policy => policy.MaxRoomsJoined, (policy, n) => policy with { MaxRoomsJoined = n }),
        Bound("MUC_MAX_OCCUPANTS", "Occupants of one room; its owner may set less.", "2000", 1_000_000,
            policy => policy.MaxOccupants, (policy, n) => policy with { MaxOccupants = n }),
        Bound("MUC_MAX_OCCUPANTS_IN_ALL", "Occupants of all rooms together.", "50000", 100_000_000,
            policy => policy.MaxOccupantsInAll, (policy, n) => policy with { MaxOccupantsInAll = n }),
        new("MUC_MAX_STANZA", "Bytes of a stanza that comes in.",
            "1048576", "262144", (options, value) => options with { MaxStanzaBytes = Number(value, 10_000, 10_000_000) }),
        Bound("MUC_MAX_NICK", "Characters of a nick.", "32", Jid.MaxPartBytes,
            policy => policy.MaxNickLength, (policy, n) => policy with { MaxNickLength = n }),
        Bound("MUC_MAX_SUBJECT", "Characters of a subject, in all its languages.", "1000", 100_000,
            policy => policy.MaxSubjectLength, (policy, n) => policy with { MaxSubjectLength = n }),
        Bound("MUC_MAX_ROOM_NAME", "Characters of a room's name.", "64", 256,
            policy => policy.MaxRoomNameLength, (policy, n) => policy with { MaxRoomNameLength = n }),
        Bound("MUC_MAX_DESCRIPTION", "Characters of a room's description.", "500", 2_000,
            policy => policy.MaxDescriptionLength, (policy, n) => policy with { MaxDescriptionLength = n }),
        Bound("MUC_MAX_PASSWORD", "Characters of a room's password.", "100", 1_000,
            policy => policy.MaxPasswordLength, (policy, n) => policy with { MaxPasswordLength = n }),
        new("MUC_MULTICAST", "Whether the server may expand what goes to many, where it offers that (XEP-0033): auto (at the domain above MUC_DOMAIN), off, or the domain of the users it does it for.",
            "auto", "example.org", Multicast),
        new("MUC_CONTROL", "Where the running service takes the program's commands: the path of a socket, or off. By default it is the file control in MUC_DATA_DIR.",
            "", "/run/muc/control", (options, value) => options with { Control = value }),
        new("MUC_LOG_LEVEL", "How much is logged: trace, debug, information, warning or error.",
            "information", "debug", Level),
        new("MUC_LOG_FORMAT", "How the log is written: text (a sentence on a line), or json (an object on a line).",
            "text", "json", Format),
        new("MUC_OTLP", "Where metrics are sent, by OTLP: the address of a collector. Without it they are not.",
            "", "http://127.0.0.1:4318", Otlp),
        new("MUC_OTLP_PROTOCOL", "How it is spoken there: http (its usual port is 4318), or grpc (4317).",
            "http", "grpc", Protocol),
        new("MUC_TRACES", "The share of the stanzas whose way through the service is traced and sent there too: from 0 to 1.",
            "0", "0.01", Traces),
    ];

    /// <summary>The settings in this process's environment.</summary>
    public static SettingsResult Read() => Read(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value), File.ReadAllText);

    /// <summary>The settings in an environment; an empty value is as good as none.</summary>
    public static SettingsResult Read(IReadOnlyDictionary<string, string?> environment, Func<string, string> readFile)
    {
        var options = new MucOptions();
        var mistakes = new List<string>();
        foreach (var setting in All)
        {
            var (inFile, isSet) = (IsSet(setting.FileName), IsSet(setting.Name));
            if (inFile && isSet) mistakes.Add($"{setting.Name}: {setting.FileName} is set too; set only one of them");
            if (inFile) Read(setting, setting.FileName, () => Content(environment[setting.FileName]!.Trim(), readFile));
            if (isSet) Read(setting, setting.Name, () => environment[setting.Name]!.Trim());
        }

        if (!IsGiven("MUC_SECRET"))
            mistakes.Add("MUC_SECRET: neither it nor MUC_SECRET_FILE is set; example: MUC_SECRET=change-me");
        if (options.Storage == StorageKind.Postgres && !IsGiven("MUC_POSTGRES"))
            mistakes.Add($"MUC_POSTGRES: not set, although MUC_STORAGE is postgres; example: MUC_POSTGRES={Named("MUC_POSTGRES").Example}");

        var warnings = environment.Keys.Where(IsUnknown).Order(StringComparer.Ordinal)
            .Select(name => $"{name}: there is no such setting; did you mean {Nearest(name, All.Select(setting => setting.Name))}?").ToList();
        if (options.Storage != StorageKind.Postgres && IsGiven("MUC_POSTGRES"))
            warnings.Add("MUC_POSTGRES: not used, since MUC_STORAGE is not postgres");
        if (options.Traces > 0 && options.Otlp is null)
            warnings.Add("MUC_TRACES: not used, since MUC_OTLP is not set");

        return new SettingsResult(mistakes.Count == 0 ? options : null, mistakes, warnings) { Readable = options };

        void Read(Setting setting, string variable, Func<string> text)
        {
            try
            {
                var value = text();
                options = setting.Read(options, setting.IsSecret ? value : value.Trim());
            }
            catch (FormatException e)
            {
                mistakes.Add($"{variable}: {e.Message}; example: {variable}={(variable == setting.Name ? setting.Example : $"/run/secrets/{setting.Name.ToLowerInvariant()}")}");
            }
        }

        bool IsGiven(string name) => IsSet(name) || IsSet(name + "_FILE");

        bool IsSet(string name) => !string.IsNullOrWhiteSpace(environment.GetValueOrDefault(name));
    }

    private static MucOptions Domain(MucOptions options, string value) =>
        Jid.TryParse(value, out var jid) && jid.IsDomain
            ? options with { Domain = jid }
            : throw new FormatException($"\"{value}\" is not a domain");

    private static MucOptions ServerHost(MucOptions options, string value) =>
        Uri.CheckHostName(value) != UriHostNameType.Unknown
            ? options with { ServerHost = value }
            : throw new FormatException($"\"{value}\" is not a host name or IP address (the port goes into MUC_SERVER_PORT)");

    private static MucOptions ServerPort(MucOptions options, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? options with { ServerPort = port }
            : throw new FormatException($"\"{value}\" is not a port number");

    private static MucOptions LargeRooms(MucOptions options, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? options with { LargeRooms = from }
            : throw new FormatException($"\"{value}\" is not a number of occupants");

    private static MucOptions Secret(MucOptions options, string value) => options with { Secret = value };

    private static MucOptions Storage(MucOptions options, string value) => options with
    {
        Storage = value.ToLowerInvariant() switch
        {
            "sqlite" => StorageKind.Sqlite,
            "postgres" or "postgresql" => StorageKind.Postgres,
            "memory" => StorageKind.Memory,
            _ => throw new FormatException($"\"{value}\" is none of sqlite, postgres and memory"),
        },
    };

    // A connection string holds a password, so it is not shown, however wrong it is.
    private static MucOptions Postgres(MucOptions options, string value) =>
        PostgresUri.TryRead(value, out var connectionString)
            ? options with { Postgres = connectionString }
            : throw new FormatException("neither a postgresql:// URI nor a connection string with a Host, as Npgsql knows them");

    private static MucOptions Admins(MucOptions options, string value)
    {
        var admins = new HashSet<Jid>();
        foreach (var text in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Jid.TryParse(text, out var jid) || !jid.IsBare || jid.IsDomain) throw new FormatException($"\"{text}\" is not a bare JID");
            admins.Add(jid);
        }
        return options with { Admins = admins };
    }

    private static MucOptions BlockLists(MucOptions options, string value)
    {
        var lists = new List<Jid>();
        foreach (var text in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Jid.TryParse(text, out var jid) || jid.IsBare) throw new FormatException($"\"{text}\" is not SERVICE/NODE");
            lists.Add(jid);
        }
        return options with { BlockLists = [.. lists.Distinct()] };
    }

    private static MucOptions WebChat(MucOptions options, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
            ? options with { Policy = options.Policy with { WebChat = value } }
            : throw new FormatException($"\"{value}\" is not the URL of a web page");

    // Without backtracking, so that no name can make it take long.
    private static Regex Pattern(string pattern, string value)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"\"{value}\" is not a regular expression ({e.Message.TrimEnd('.')})");
        }
    }

    private static Who Whoever(string value) => value.ToLowerInvariant() switch
    {
        "anyone" => Who.Anyone,
        "admins" => Who.Admins,
        _ => Listed(value),
    };

    private static Who Listed(string value)
    {
        var jids = new List<Jid>();
        foreach (var text in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Jid.TryParse(text, out var jid) || !jid.IsBare) throw new FormatException($"\"{text}\" is neither a bare JID nor a domain");
            jids.Add(jid);
        }
        return Who.Of(jids);
    }

    private static int Number(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"\"{value}\" is not a whole number from {least} to {most}");

    private static bool YesOrNo(string value) => value.ToLowerInvariant() switch
    {
        "yes" or "true" or "1" => true,
        "no" or "false" or "0" => false,
        _ => throw new FormatException($"\"{value}\" is neither yes nor no"),
    };

    private static MucOptions Defaults(MucOptions options, string value) => options with
    {
        Policy = options.Policy with { RoomDefaults = [.. Words(value).Select(text => RoomOptions.Read(OptionsOfRooms, text))] },
    };

    private static MucOptions Reserved(MucOptions options, string value) => options with
    {
        Policy = options.Policy with { ReservedOptions = Words(value).Select(name => RoomOptions.Known(OptionsOfRooms, name).Name).ToFrozenSet(StringComparer.Ordinal) },
    };

    private static MucOptions Declared(MucOptions options, string value) => options with { Rooms = DeclaredRoom.Read(value, options.Domain, OptionsOfRooms) };

    private static string[] Words(string value) => value.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A bound of <see cref="ServicePolicy"/>, with its default there.</summary>
    private static Setting Bound(
        string name, string meaning, string example, int most, Func<ServicePolicy, int> get, Func<ServicePolicy, int, ServicePolicy> set, int least = 1) =>
        new(name, meaning, get(new MucOptions().Policy).ToString(CultureInfo.InvariantCulture), example, (options, value) =>
            options with { Policy = set(options.Policy, Number(value, least, most)) });

    private static Setting Time(string name, string meaning, string @default, string example, Func<ServicePolicy, TimeSpan, ServicePolicy> set) =>
        new(name, meaning, @default, example, (options, value) => options with { Policy = set(options.Policy, Duration.Read(value)) });

    private static MucOptions Retention(MucOptions options, string value)
    {
        if (value.Equals("forever", StringComparison.OrdinalIgnoreCase)) return options with { ArchiveRetention = null };
        var time = Duration.Read(value);
        return time > TimeSpan.Zero ? options with { ArchiveRetention = time } : throw new FormatException($"\"{value}\" would keep nothing; forever keeps all");
    }

    private static MucOptions DestroyedArchives(MucOptions options, string value) => options with
    {
        KeepDestroyedArchives = value.ToLowerInvariant() switch
        {
            "remove" => false,
            "keep" => true,
            _ => throw new FormatException($"\"{value}\" is neither remove nor keep"),
        },
    };

    private static MucOptions Stop(MucOptions options, string value) => options with
    {
        Stop = value.ToLowerInvariant() switch
        {
            "quiet" => StopKind.Quiet,
            "leave" => StopKind.Leave,
            _ => throw new FormatException($"\"{value}\" is neither quiet nor leave"),
        },
    };

    private static MucOptions Multicast(MucOptions options, string value) => options with
    {
        Multicast = value.ToLowerInvariant() is "auto" or "off" ? value.ToLowerInvariant()
            : Jid.TryParse(value, out var jid) && jid.IsDomain ? jid.ToString()
            : throw new FormatException($"\"{value}\" is neither auto nor off nor a domain"),
    };

    private static MucOptions Level(MucOptions options, string value) => options with
    {
        LogLevel = value.ToLowerInvariant() switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "information" or "info" => LogLevel.Information,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => throw new FormatException($"\"{value}\" is none of trace, debug, information, warning and error"),
        },
    };

    private static MucOptions Format(MucOptions options, string value) => options with
    {
        LogFormat = value.ToLowerInvariant() switch
        {
            "text" => LogFormat.Text,
            "json" => LogFormat.Json,
            _ => throw new FormatException($"\"{value}\" is neither text nor json"),
        },
    };

    // It may hold a token, so it is not shown.
    private static MucOptions Otlp(MucOptions options, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? options with { Otlp = uri }
            : throw new FormatException("not an address that begins with http:// or https://");

    private static MucOptions Protocol(MucOptions options, string value) => options with
    {
        OtlpProtocol = value.ToLowerInvariant() switch
        {
            "http" => OtlpProtocol.Http,
            "grpc" => OtlpProtocol.Grpc,
            _ => throw new FormatException($"\"{value}\" is neither http nor grpc"),
        },
    };

    private static MucOptions Traces(MucOptions options, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? options with { Traces = share }
            : throw new FormatException($"\"{value}\" is not a number from 0 to 1");

    private static string Content(string file, Func<string, string> readFile)
    {
        string content;
        try
        {
            content = readFile(file).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"cannot read \"{file}\": {Why(e)}", e);
        }
        return content.Length > 0 ? content : throw new FormatException($"there is nothing in \"{file}\"");
    }

    // The exceptions' own messages name the file again.
    private static string Why(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => "this user may not",
        _ => e.Message,
    };

    private static Setting Named(string name) => All.Single(setting => setting.Name == name);

    private static bool IsUnknown(string name) =>
        name.StartsWith("MUC_", StringComparison.Ordinal) && All.All(setting => setting.Name != name && setting.FileName != name);

    /// <summary>The one of these names that is most like this one.</summary>
    public static string Nearest(string name, IEnumerable<string> names) => names.MinBy(other => Distance(name, other))!;

    /// <summary>How many letters to insert, delete or replace to get from one to the other (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)), row[j]);
        }
        return row[^1];
    }
}
