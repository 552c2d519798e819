using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>
/// Searching for rooms by what they are called and what they are about (XEP-0433), among those that strangers may find. The
/// protocol that it grew out of, which more clients speak, is the same in other namespaces.
/// </summary>
public sealed class ChannelSearch(IRoomStore store)
{
    /// <summary>Rooms on one page: below any server's limit for a stanza, even with the longest descriptions.</summary>
    public const int MaxPage = 50;

    /// <summary>Words looked for, and the characters of all of them: each is looked for in every room.</summary>
    private const int MaxTerms = 10, MaxLength = 200;

    private const int Portion = 500;

    /// <summary>What announces it (<c>urn:xmpp:channel-search:0:search</c> and its older name).</summary>
    public static readonly ImmutableArray<XNamespace> Namespaces = [.. Dialect.All.Select(d => d.Search)];

    private static readonly ImmutableArray<Option> Shown = [About.Description, About.Language, MembersOnly.Only, Password.Secret, Anonymity.Whois];

    private static readonly StanzaError Modify = StanzaError.FeatureNotImplemented with { Type = "modify" };

    /// <summary>Whether this is a request to search, or for the form to search with.</summary>
    public static bool Is(XElement payload) => payload.Name.LocalName == "search" && Namespaces.Contains(payload.Name.Namespace);

    /// <summary>What refuses a request while others are being answered ("Rate Limiting").</summary>
    public static StanzaError TooMany(XElement payload) => StanzaError.ResourceConstraint with
    {
        Detail = Dialect.Of(payload).Condition("rate-limit", new XAttribute("retry-after", 5)),
    };

    /// <summary>The form, or null if the request is a search.</summary>
    public static XElement? Form(XElement payload) =>
        payload.Element(DataForm.Name) is null && payload.Element(Ns.ResultSet + "set") is null ? new XElement(payload.Name, Dialect.Of(payload).Form.ToXml()) : null;

    /// <summary>Reads a request, or says what is wrong with it.</summary>
    public static StanzaError? Read(XElement payload, out ChannelQuery query)
    {
        var dialect = Dialect.Of(payload);
        query = new ChannelQuery(dialect);
        if (DataForm.From(payload.Element(DataForm.Name)) is not { Type: "submit" } form || form.FormType != dialect.Params) return StanzaError.BadRequest;
        if (!ResultSetRequest.TryFrom(payload, out var page)) return StanzaError.BadRequest;
        if (page?.Index is not null) return StanzaError.FeatureNotImplemented;
        if (!Yes("all", false, out var all) || !Yes("sinname", true, out var name) || !Yes("sindescription", true, out var description)
            || !Yes(form.Field("sinaddress") is null ? "sinaddr" : "sinaddress", true, out var address)) return StanzaError.BadRequest;
        if (!int.TryParse(form.Value("min_users") is { Length: > 0 } min ? min : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var users)) return StanzaError.BadRequest;
        var key = form.Value("key") ?? dialect.ByUsers;
        if (key != dialect.ByUsers && key != dialect.ByAddress) return Modify with { Detail = dialect.Condition("invalid-sort-key") };

        var words = form.Value("q")?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (all && words is { Length: > 0 })
            return StanzaError.BadRequest.Because("Everything cannot be searched for something.") with
            {
                Detail = dialect.Condition("conflicting-fields", new XElement(dialect.Errors + "var", "all"), new XElement(dialect.Errors + "var", "q")),
            };
        if (!all && (words is null || !(name || description || address)))
            return StanzaError.BadRequest with { Type = "cancel", Detail = dialect.Condition("no-search-conditions") };
        if (!all && (words is [] || words!.Length > MaxTerms || words.Sum(w => w.Length) > MaxLength))
            return StanzaError.BadRequest.Because($"Search for one word at least, and for {MaxTerms} words or {MaxLength} characters at most.") with
            {
                Detail = dialect.Condition("invalid-search-terms"),
            };
        if (!TryRead(page?.After, out var after) || !TryRead(page?.Before is "" ? null : page?.Before, out var before)) return StanzaError.BadRequest;

        query = query with
        {
            Terms = all ? [] : [.. words!],
            InName = name,
            InDescription = description,
            InAddress = address,
            MinUsers = users,
            Nothing = form.Values("types") is { IsEmpty: false } types && !types.Contains("xep-0045"),
            ByUsers = key == dialect.ByUsers,
            Max = Math.Min(page?.Max ?? MaxPage, MaxPage),
            After = after,
            Before = before,
            Backwards = page?.Before is not null,
        };
        return null;

        bool Yes(string field, bool otherwise, out bool value)
        {
            value = otherwise;
            return form.Value(field) is not { Length: > 0 } text || DataForm.TryParseBoolean(text, out value);
        }
    }

    /// <summary>The page that answers the query. Goes through all the rooms that may be found, and keeps no more than the page.</summary>
    public async Task<XElement> AnswerAsync(ChannelQuery query, CancellationToken stop)
    {
        var found = new SortedSet<FoundRoom>(query.ByUsers ? FoundRoom.ByUsers : FoundRoom.ByAddress);
        var count = 0;
        Jid? last = null;
        while (!query.Nothing)
        {
            var rooms = await store.SurveyAsync(last, Portion, hidden: false, stop).ConfigureAwait(false);
            foreach (var room in rooms)
            {
                var channel = new FoundRoom(room, RoomConfig.FromStored(Shown, room.Options));
                if (!query.Fits(channel)) continue;
                count++;
                if (!IsOnPage(channel)) continue;
                found.Add(channel);
                if (found.Count > query.Max) found.Remove(query.Backwards ? found.Min! : found.Max!);
            }
            if (rooms.Count < Portion) break;
            last = rooms[^1].Jid;
        }
        var page = found.Count == 0 ? ResultSetPage.Empty : new ResultSetPage(found.Min!.Place, found.Max!.Place);
        return new XElement(query.Dialect.Search + "result", found.Select(c => c.ToXml(query.Dialect)), (page with { Count = count }).ToXml());

        bool IsOnPage(FoundRoom channel) =>
            query.Max > 0
            && (query.After is null || found.Comparer.Compare(channel, query.After) > 0)
            && (query.Before is null || found.Comparer.Compare(channel, query.Before) < 0);
    }

    // A place in the list: enough to go on there, whatever has become of the room.
    private static bool TryRead(string? place, out FoundRoom? channel)
    {
        channel = null;
        if (place is null) return true;
        if (place.Split(' ', 2) is not [var users, var address] || !Jid.TryParse(address, out var jid)
            || !int.TryParse(users, NumberStyles.None, CultureInfo.InvariantCulture, out var n)) return false;
        channel = new FoundRoom(new RoomSummary(jid, "", true, false, default, n), RoomConfig.Default);
        return true;
    }
}

/// <summary>A search, read.</summary>
public sealed record ChannelQuery(Dialect Dialect)
{
    public ImmutableArray<string> Terms { get; init; } = [];

    public bool InName { get; init; }

    public bool InDescription { get; init; }

    public bool InAddress { get; init; }

    public int MinUsers { get; init; }

    /// <summary>Only other kinds of channels than rooms are wanted.</summary>
    public bool Nothing { get; init; }

    /// <summary>The fullest first; otherwise in the order of addresses.</summary>
    public bool ByUsers { get; init; }

    public int Max { get; init; }

    public FoundRoom? After { get; init; }

    public FoundRoom? Before { get; init; }

    public bool Backwards { get; init; }

    public bool Fits(FoundRoom channel)
    {
        if (channel.Room.Occupants < MinUsers) return false;
        foreach (var term in Terms)
            if (!(InName && Has(channel.Room.Name, term)) && !(InDescription && Has(channel.Config.Get(About.Description), term))
                && !(InAddress && Has(channel.Room.Jid.ToString(), term))) return false;
        return true;
    }

    private static bool Has(string text, string term) => text.Contains(term, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A room as it is found.</summary>
public sealed record FoundRoom(RoomSummary Room, RoomConfig Config)
{
    public static readonly IComparer<FoundRoom> ByAddress = Comparer<FoundRoom>.Create(static (a, b) => string.CompareOrdinal(a.Room.Jid.ToString(), b.Room.Jid.ToString()));

    public static readonly IComparer<FoundRoom> ByUsers = Comparer<FoundRoom>.Create(
        static (a, b) => b.Room.Occupants.CompareTo(a.Room.Occupants) is not 0 and var users ? users : ByAddress.Compare(a, b));

    /// <summary>Where it stands in either order.</summary>
    public string Place => $"{Room.Occupants.ToString(CultureInfo.InvariantCulture)} {Room.Jid}";

    /// <summary>"Result Item Format".</summary>
    public XElement ToXml(Dialect dialect)
    {
        var ns = dialect.Search;
        var isOpen = !Config.Get(MembersOnly.Only) && !Password.Protects(Config);
        return new XElement(
            ns + "item",
            new XAttribute("address", Room.Jid.ToString()),
            new XElement(ns + "name", Room.Name),
            Optional(ns + "description", Config.Get(About.Description)),
            Optional(ns + "language", Config.Get(About.Language)),
            new XElement(ns + "nusers", Room.Occupants.ToString(CultureInfo.InvariantCulture)),
            dialect.ServiceType is null ? null : new XElement(ns + "service-type", dialect.ServiceType),
            // Some look for the element, some for what it says.
            isOpen ? new XElement(ns + "is-open", "true") : null,
            Optional(ns + "anonymity-mode", Anonymity.IsNonAnonymous(Config) ? dialect.NonAnonymous : dialect.SemiAnonymous));
    }

    private static XElement? Optional(XName name, string text) => text.Length == 0 ? null : new XElement(name, text);
}

/// <summary>The words of one of the two protocols.</summary>
/// <param name="Params">The form's FORM_TYPE.</param>
/// <param name="ServiceType">What rooms are called; null where nobody is told.</param>
public sealed record Dialect(
    XNamespace Search, string Params, XNamespace Errors, string ByUsers, string ByAddress, string? ServiceType, string NonAnonymous, string SemiAnonymous)
{
    private const string Base = "urn:xmpp:channel-search:0";
    private const string Older = "https://xmlns.zombofant.net/muclumbus/search/1.0";

    public static readonly ImmutableArray<Dialect> All =
    [
        new($"{Base}:search", $"{Base}:search-params", $"{Base}:error", $"{{{Base}:order}}nusers", $"{{{Base}:order}}address", "xep-0045", $"{{{Base}:anonymity}}none", "muc_semianonymous"),
        new(Older, $"{Older}#params", Older, $"{{{Older}}}nusers", $"{{{Older}}}address", null, "", ""),
    ];

    public static Dialect Of(XElement payload) => All.First(d => d.Search == payload.Name.Namespace);

    /// <summary>"When sending the form template, the Search Service MUST include all fields it supports with their respective default values."</summary>
    public DataForm Form => DataForm.Form(
        Params,
        FormField.TextSingle("q", "Search for", null),
        FormField.Boolean("all", "Return all entries (ignore search terms)", false),
        FormField.Boolean("sinname", "Search in name", true),
        FormField.Boolean("sindescription", "Search in description", true),
        FormField.Boolean("sinaddr", "Search in address", true),
        FormField.TextSingle("min_users", "Minimum number of users", "0"),
        FormField.ListMulti("types", "Service types", ["xep-0045"], [new("xep-0045", "XEP-0045 Multi-User Chats")]),
        FormField.ListSingle("key", "Sort results by", ByUsers, [new(ByUsers, "Number of online users"), new(ByAddress, "Address")]));

    public XElement Condition(string name, params object[] content) => new(Errors + name, content);
}
