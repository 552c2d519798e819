using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// How the room handles what is said in it, for whoever asks before entering (XEP-0504): how long it is kept, as it really
/// is, and what else the operator states of the service.
/// </summary>
public sealed class DataPolicy(ServicePolicy policy) : Feature
{
    public const string FormType = "urn:xmpp:data-policy:0";

    /// <summary>What an operator may state, with the field's type. How long things are kept is not stated: it is known.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Statements = new Dictionary<string, string>
    {
        ["access_policy"] = "list-multi",
        ["backup_frequency"] = "text-single",
        ["backup_retention"] = "text-single",
        ["data_deletion"] = "boolean",
        ["data_export"] = "boolean",
        ["encryption_at_rest"] = "boolean",
        ["extra_info"] = "text-multi",
        ["full_erasure"] = "boolean",
        ["tos"] = "text-single",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableArray<string> Accessors =
        ["admins", "moderators", "organization_member", "government", "advertisers", "partners", "none"];

    public override IEnumerable<DataForm> Forms(Room room) => [Form(Kept(room.Config), policy.DataPolicy)];

    /// <summary>The form of the whole service: the longest that anything is kept in a room of it.</summary>
    public static DataForm OfService(TimeSpan? retention, ImmutableSortedDictionary<string, string> statements) => Form(Hours(retention), statements);

    /// <summary>Reads statements: <c>name=value; name=value</c>, where several values of one name stand with spaces between them.</summary>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static ImmutableSortedDictionary<string, string> Read(string text)
    {
        var statements = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        foreach (var statement in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = statement.Split('=', 2, StringSplitOptions.TrimEntries) is [var n, { Length: > 0 } v]
                ? (n, v)
                : throw new FormatException($"\"{statement}\" is not of the form name=value");
            if (!Statements.TryGetValue(name, out var type)) throw new FormatException($"\"{name}\" is none of {string.Join(", ", Statements.Keys)}");
            if (!IsGood(name, type, value)) throw new FormatException($"\"{value}\" is no value of {name}");
            statements = statements.SetItem(name, value);
        }
        return statements.IsEmpty ? ServicePolicy.NothingStated : statements;
    }

    private static bool IsGood(string name, string type, string value) => name switch
    {
        "access_policy" => value.Split(' ') is var who && who.All(Accessors.Contains) && (who.Length == 1 || !who.Contains("none")),
        "tos" => Uri.TryCreate(value, UriKind.Absolute, out _),
        "backup_frequency" => IsHours(value),
        "backup_retention" => value is "infinite" or "unknown" || IsHours(value),
        _ => type != "boolean" || value is "true" or "false",
    };

    private static bool IsHours(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    // Without an archive only what newcomers get to see is kept, if there is such a thing: until newer messages displace it.
    private string Kept(RoomConfig config) =>
        config.Get(Logging.Enabled) || config.Get(History.Length) > 0 ? Hours(Retention.Of(config, policy)) : "0";

    // At most that long, so a begun hour counts.
    private static string Hours(TimeSpan? kept) =>
        kept is { } time ? Math.Ceiling(time.TotalHours).ToString("0", CultureInfo.InvariantCulture) : "infinite";

    private static DataForm Form(string kept, ImmutableSortedDictionary<string, string> statements) => new("result", FormType)
    {
        Fields =
        [
            new FormField("data_retention", "text-single", null) { Values = [kept] },
            .. statements.Select(s => new FormField(s.Key, Statements[s.Key], null)
            {
                Values = Statements[s.Key] == "list-multi" ? [.. s.Value.Split(' ')] : [s.Value],
            }),
        ],
    };
}
