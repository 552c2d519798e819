using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Moving.Prosody;

/// <summary>A stanza as Prosody keeps it in a table: name, attributes, and the texts and elements in it, in their order.</summary>
internal static class ProsodyStanza
{
    // Between the namespace and the name of an attribute that has one.
    private static readonly char[] Separators = ['\u0001', '|'];

    // The archive's own, beside the stanza's.
    private static readonly HashSet<string> Foreign = ["stamp", "stamp_legacy"];

    /// <exception cref="FormatException">It is none.</exception>
    public static XElement Read(LuaTable table)
    {
        try
        {
            return Read(table, Ns.Client, 0);
        }
        catch (System.Xml.XmlException e)
        {
            throw new FormatException("a name that XML does not have", e);
        }
        catch (ArgumentException e)
        {
            throw new FormatException("a character that XML does not have", e);
        }
    }

    private static XElement Read(LuaTable table, XNamespace around, int depth)
    {
        if (depth > StanzaParser.MaxDepth) throw new FormatException("a stanza that is nested too deeply");
        var attributes = table.Table("attr");
        XNamespace ns = attributes?.Text("xmlns") ?? around;
        var xml = new XElement(ns + (table.Text("name") ?? throw new FormatException("an element without a name")));
        foreach (var name in attributes?.Named.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>())
        {
            if (name == "xmlns" || (depth == 0 && Foreign.Contains(name)) || attributes!.Text(name) is not { } value) continue;
            var parts = name.Split(Separators, 2);
            if (parts is [var only]) xml.SetAttributeValue(only.StartsWith("xml:", StringComparison.Ordinal) ? XNamespace.Xml + only[4..] : only, value);
            else xml.SetAttributeValue((parts[0] == "xml" ? XNamespace.Xml : (XNamespace)parts[0]) + parts[1], value);
        }
        foreach (var item in table.Items)
        {
            if (item is string text) xml.Add(text);
            else if (item is LuaTable child) xml.Add(Read(child, ns, depth + 1));
        }
        return xml;
    }
}
