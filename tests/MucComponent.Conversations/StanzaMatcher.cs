using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>
/// Whether a received stanza is the one a script expects. The rules (<c>scansion/README.md</c> explains them): the stanza and
/// its children in <c>jabber:client</c> are compared leniently (what the script leaves out may be there), payloads in a
/// namespace of their own strictly (exactly these attributes, children, text, in this order), and
/// <c>scansion:strict</c> on an element changes that for it and everything in it.
/// </summary>
public static class StanzaMatcher
{
    private const string Any = "{scansion:any}";
    private const string Capture = "{scansion:capture:";

    private static readonly XName Strict = ScriptXml.Scansion + "strict";
    private static readonly XName Lang = XNamespace.Xml + "lang";

    // What a received stanza may have beyond what the script gives. Not `type` or `id`: their absence says something, and
    // Prosody's own rooms play Prosody's own scripts without that freedom.
    private static readonly XName[] AddedToStanzas = ["to", "from", Lang];
    private static readonly XName[] AddedToChildren = [Lang];

    /// <summary>The first difference in words, or null if it matches; what the script captures is put into <paramref name="captures"/>.</summary>
    public static string? Difference(XElement expected, XElement received, IDictionary<string, string> captures)
    {
        var found = new Dictionary<string, string>();
        var difference = Named(expected, received) ?? Compared(expected, received, IsStrict(expected, false), AddedToStanzas, found);
        if (difference is null)
            foreach (var (name, value) in found) captures[name] = value;
        return difference;
    }

    private static string? Named(XElement expected, XElement received) =>
        expected.Name == received.Name ? null : $"it is {Tag(received)}, not {Tag(expected)}";

    private static string? Compared(XElement expected, XElement received, bool strict, XName[] added, Dictionary<string, string> captures) =>
        Attributes(expected, received, added, captures)
        ?? Value(ScriptXml.Text(expected), ScriptXml.Text(received), $"the text of {Tag(expected)}", captures)
        ?? (strict ? ChildrenInOrder(expected, received, captures) : ChildrenSomewhere(expected, received, captures));

    private static string? Attributes(XElement expected, XElement received, XName[] added, Dictionary<string, string> captures)
    {
        foreach (var attribute in Own(expected))
        {
            var place = $"{Written(attribute.Name)} of {Tag(expected)}";
            if (received.Attribute(attribute.Name) is not { } there) return $"{place} is missing";
            if (Value(attribute.Value, there.Value, place, captures) is { } difference) return difference;
        }
        if (Said(expected) == false) return null;
        var extra = Own(received).FirstOrDefault(a => expected.Attribute(a.Name) is null && !added.Contains(a.Name));
        return extra is null ? null : $"{Tag(received)} has {Written(extra.Name)}='{extra.Value}', which the script leaves out";
    }

    private static string? Value(string expected, string received, string place, Dictionary<string, string> captures)
    {
        if (expected == received || expected == Any) return null;
        if (!expected.StartsWith(Capture, StringComparison.Ordinal) || !expected.EndsWith('}')) return $"{place} is '{received}', not '{expected}'";
        captures[expected[Capture.Length..^1]] = received;
        return null;
    }

    private static string? ChildrenInOrder(XElement expected, XElement received, Dictionary<string, string> captures)
    {
        var (wanted, there) = (expected.Elements().ToList(), received.Elements().ToList());
        for (var i = 0; i < Math.Max(wanted.Count, there.Count); i++)
        {
            if (i >= there.Count) return $"{Tag(wanted[i])} is missing in {Tag(expected)}";
            if (i >= wanted.Count) return $"{Tag(received)} has {ScriptXml.OnOneLine(there[i])}, which the script leaves out";
            if (wanted[i].Name != there[i].Name) return $"in {Tag(expected)}, child {i + 1} is {Tag(there[i])}, not {Tag(wanted[i])}";
            if (Compared(wanted[i], there[i], IsStrict(wanted[i], true), [], captures) is { } difference) return difference;
        }
        return null;
    }

    private static string? ChildrenSomewhere(XElement expected, XElement received, Dictionary<string, string> captures)
    {
        var left = received.Elements().ToList();
        foreach (var wanted in expected.Elements())
        {
            string? difference = null;
            var taken = left.Where(there => there.Name == wanted.Name).FirstOrDefault(there =>
            {
                var attempt = Compared(wanted, there, IsStrict(wanted, IsPayload(wanted)), AddedToChildren, captures);
                difference ??= attempt;
                return attempt is null;
            });
            if (taken is null) return difference ?? $"{Tag(wanted)} is missing in {Tag(expected)}";
            left.Remove(taken);
        }
        return null;
    }

    private static bool IsStrict(XElement expected, bool otherwise) => Said(expected) ?? otherwise;

    /// <summary>What the script itself says about strictness here, on this element or on one around it.</summary>
    private static bool? Said(XElement expected) =>
        expected.AncestorsAndSelf().Select(e => (bool?)e.Attribute(Strict)).FirstOrDefault(said => said is not null);

    private static bool IsPayload(XElement element) => element.Name.Namespace != ScriptXml.Client;

    private static IEnumerable<XAttribute> Own(XElement element) =>
        element.Attributes().Where(a => !a.IsNamespaceDeclaration && a.Name.Namespace != ScriptXml.Scansion);

    private static string Written(XName name) => name.Namespace == XNamespace.Xml ? "xml:" + name.LocalName : name.LocalName;

    private static string Tag(XElement element) =>
        IsPayload(element) && element.Parent?.Name.Namespace != element.Name.Namespace
            ? $"<{element.Name.LocalName} xmlns='{element.Name.NamespaceName}'>"
            : $"<{element.Name.LocalName}>";
}
