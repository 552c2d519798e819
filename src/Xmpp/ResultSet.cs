using System.Globalization;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>Which page of a long list somebody asks for (XEP-0059 §2).</summary>
public sealed record ResultSetRequest
{
    private static readonly XName Set = Ns.ResultSet + "set";

    /// <summary>How many items at most; 0 asks for the count alone (§2.7), null leaves it to the answerer.</summary>
    public int? Max { get; init; }

    /// <summary>The page after this item, or null (§2.2).</summary>
    public string? After { get; init; }

    /// <summary>The page before this item; empty for the last page (§2.5); or null.</summary>
    public string? Before { get; init; }

    /// <summary>The page that starts at this place, or null (§2.6).</summary>
    public int? Index { get; init; }

    /// <summary>
    /// Reads the <c>&lt;set/&gt;</c> in a query; null when there is none. False when a number in it is none: a
    /// <see cref="StanzaError.BadRequest"/>.
    /// </summary>
    public static bool TryFrom(XElement query, out ResultSetRequest? request)
    {
        request = null;
        if (query.Element(Set) is not { } set) return true;
        if (!TryReadNumber(set, "max", out var max) || !TryReadNumber(set, "index", out var index)) return false;
        request = new ResultSetRequest
        {
            Max = max,
            Index = index,
            // Without an id it says "from the start", as if it were not there.
            After = set.Element(Ns.ResultSet + "after")?.Value is { Length: > 0 } after ? after : null,
            Before = set.Element(Ns.ResultSet + "before")?.Value,
        };
        return true;
    }

    private static bool TryReadNumber(XElement set, string name, out int? number)
    {
        number = null;
        if (set.Element(Ns.ResultSet + name)?.Value.Trim() is not { } text) return true;
        if (text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;
        return true;
    }
}

/// <summary>Which page of a long list this is (XEP-0059 §2.2).</summary>
/// <param name="First">The id of the first item; null on an empty page.</param>
/// <param name="Last">The id of the last item; null on an empty page.</param>
public sealed record ResultSetPage(string? First, string? Last)
{
    /// <summary>A page without items.</summary>
    public static readonly ResultSetPage Empty = new(null, null);

    /// <summary>Where in the whole list the first item is, or null if it is not known.</summary>
    public int? Index { get; init; }

    /// <summary>How long the whole list is, or null if it is not known.</summary>
    public int? Count { get; init; }

    public XElement ToXml()
    {
        var set = new XElement(Ns.ResultSet + "set");
        if (First is not null)
            set.Add(new XElement(Ns.ResultSet + "first", Index is null ? null : new XAttribute("index", Index), First));
        if (Last is not null) set.Add(new XElement(Ns.ResultSet + "last", Last));
        if (Count is not null) set.Add(new XElement(Ns.ResultSet + "count", Count));
        return set;
    }
}
