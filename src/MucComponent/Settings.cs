using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Logging;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent;

/// <summary>One environment variable: all that there is to say of it, and how it is read.</summary>
/// <param name="Default">As the operator would write it; null if there is none.</param>
/// <param name="Read">The options with this value; a <see cref="FormatException"/> says what is wrong with it, without showing a secret.</param>
public sealed record Setting(string Name, string Meaning, string? Default, string Example, Func<MucOptions, string, MucOptions> Read)
{
    /// <summary>The variable names a file, and the value is what is in it.</summary>
    public bool IsFile { get; init; }
}

/// <summary>What came of reading the environment.</summary>
/// <param name="Options">Null if there are mistakes.</param>
/// <param name="Mistakes">One line each; the service cannot start.</param>
/// <param name="Warnings">Likely oversights, one line each; the service can start.</param>
public sealed record SettingsResult(MucOptions? Options, IReadOnlyList<string> Mistakes, IReadOnlyList<string> Warnings);

/// <summary>
/// The operator's settings: environment variables, each declared once in <see cref="All"/>, all checked at start, all
/// mistakes told at once.
/// </summary>
public static class Settings
{
    /// <summary>Every variable there is, in the order of the reference.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        new("MUC_DOMAIN", "The service's own address and the domain of all its rooms: the component's name in the server's configuration.",
            "conference.localhost", "conference.example.org", Domain),
        new("MUC_SERVER_HOST", "Where the XMPP server listens for components: a host name or an IP address.",
            "127.0.0.1", "xmpp.example.org", ServerHost),
        new("MUC_SERVER_PORT", "The port it listens on.",
            "5347", "5347", ServerPort),
        new("MUC_SECRET", "The secret shared with the server. Required, unless MUC_SECRET_FILE is set.",
            null, "change-me", Secret),
        new("MUC_SECRET_FILE", "A file that holds the secret; a newline at its end does not count.",
            null, "/run/secrets/muc_secret", Secret) { IsFile = true },
        new("MUC_STORAGE", "Where rooms are kept: sqlite (a file), postgres, or memory (gone when the service stops).",
            "sqlite", "postgres", Storage),
        // Relative, because the one place where whoever starts the program can nearly always write is the folder they are in.
        new("MUC_DATA_DIR", "The folder of the SQLite file, made if it is missing; relative to where the service is started.",
            "data", "/var/lib/muc", (options, value) => options with { DataDir = value }),
        new("MUC_POSTGRES", "The PostgreSQL database: a URI, or a connection string for Npgsql. Required with MUC_STORAGE=postgres.",
            null, "postgresql://muc:PASSWORD@127.0.0.1:5432/muc", Postgres),
        new("MUC_ADMINS", "Who administers the service: bare JIDs, comma separated.",
            "", "juliet@example.org,romeo@example.org", Admins),
        new("MUC_EMPTY_ROOM_GRACE", "How long a temporary room lives on when nobody is in it any more; 0: it is gone at once.",
            "0", "5m", (options, value) => options with { EmptyRoomGrace = Duration.Read(value) }),
        new("MUC_ARCHIVE_RETENTION", "How long messages are kept at most, or forever; rooms may set less.",
            "forever", "90d", Retention),
        new("MUC_DESTROYED_ARCHIVES", "What becomes of the archive of a destroyed room: remove, or keep (in the database, for the operator alone).",
            "remove", "keep", DestroyedArchives),
        new("MUC_STOP", "What a stop means for those in the rooms: quiet (they are in when it starts again), or leave (they are told, and are out).",
            "quiet", "leave", Stop),
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
            if (!IsSet(setting.Name)) continue;
            var value = environment[setting.Name]!;
            try
            {
                options = setting.Read(options, setting.IsFile ? Content(value, readFile) : value.Trim());
            }
            catch (FormatException e)
            {
                mistakes.Add($"{setting.Name}: {e.Message}; example: {setting.Name}={setting.Example}");
            }
        }

        if (IsSet("MUC_SECRET") && IsSet("MUC_SECRET_FILE"))
            mistakes.Add("MUC_SECRET: MUC_SECRET_FILE is set too; set only one of them");
        if (!IsSet("MUC_SECRET") && !IsSet("MUC_SECRET_FILE"))
            mistakes.Add("MUC_SECRET: neither it nor MUC_SECRET_FILE is set; example: MUC_SECRET=change-me");
        if (options.Storage == StorageKind.Postgres && !IsSet("MUC_POSTGRES"))
            mistakes.Add($"MUC_POSTGRES: not set, although MUC_STORAGE is postgres; example: MUC_POSTGRES={Named("MUC_POSTGRES").Example}");

        var warnings = environment.Keys.Where(IsUnknown).Order(StringComparer.Ordinal)
            .Select(name => $"{name}: there is no such setting; did you mean {Nearest(name)}?").ToList();
        if (options.Storage != StorageKind.Postgres && IsSet("MUC_POSTGRES"))
            warnings.Add("MUC_POSTGRES: not used, since MUC_STORAGE is not postgres");
        if (options.Traces > 0 && options.Otlp is null)
            warnings.Add("MUC_TRACES: not used, since MUC_OTLP is not set");

        return new SettingsResult(mistakes.Count == 0 ? options : null, mistakes, warnings);

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
        name.StartsWith("MUC_", StringComparison.Ordinal) && All.All(setting => setting.Name != name);

    private static string Nearest(string name) => All.MinBy(setting => Distance(name, setting.Name))!.Name;

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
