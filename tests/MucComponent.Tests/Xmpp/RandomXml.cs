using System.Text;
using System.Xml.Linq;

namespace MucComponent.Tests.Xmpp;

/// <summary>Elements of every shape that can stand in a stanza, the same ones for the same seed.</summary>
public sealed class RandomXml(int seed)
{
    private static readonly string[] Namespaces = ["jabber:client", "urn:a", "urn:b", "urn:it's<&>", "", "urn:xmpp:forward:0"];
    private static readonly string[] Names = ["x", "body", "ns0", "größe", "_", "a.b-c"];
    private static readonly string[] Texts =
        ["plain", " ", "\n", "\r", "\r\n", "\t", "&", "<", ">", "'", "\"", "]]>", "é", "🦉", "\u0085", "\u2028", "\uFEFF", "\u00A0", "&amp;"];

    private readonly Random _random = new(seed);

    public XElement Element(int depth = 0)
    {
        var element = new XElement(XName.Get(Pick(Names), Pick(Namespaces)));
        for (var i = _random.Next(4); i > 0; i--)
        {
            XName name = _random.Next(6) switch
            {
                0 => XNamespace.Xml + "lang",
                1 => XNamespace.Xmlns + Pick(["ns0", "ns1", "q"]),
                2 => XName.Get(Pick(Names), Pick(["urn:a", "urn:b"])),
                _ => Pick(Names),
            };
            element.SetAttributeValue(name, name.Namespace == XNamespace.Xmlns ? Pick(["urn:a", "urn:c"]) : Text());
        }
        for (var i = _random.Next(5); i > 0; i--)
        {
            element.Add(_random.Next(5) switch
            {
                0 => new XCData(Text()),
                1 or 2 when depth < 6 => Element(depth + 1),
                _ => new XText(Text()),
            });
        }
        return element;
    }

    public string Text() => string.Concat(Enumerable.Range(0, _random.Next(5)).Select(_ => Pick(Texts)));

    /// <summary>What two elements that mean the same have in common: names, attributes in any order, text however it is cut.</summary>
    public static string Canonical(XElement xml)
    {
        var text = new StringBuilder();
        Append(xml, text);
        return text.ToString();
    }

    private static void Append(XElement xml, StringBuilder text)
    {
        text.Append('<').Append(xml.Name);
        foreach (var attribute in xml.Attributes().Where(a => !a.IsNamespaceDeclaration).OrderBy(a => a.Name.ToString(), StringComparer.Ordinal))
            text.Append(' ').Append(attribute.Name).Append('=').Append(Quoted(attribute.Value));
        text.Append('>');
        foreach (var node in xml.Nodes())
        {
            if (node is XElement child) Append(child, text);
            else if (node is XText { Value: var value }) text.Append(Quoted(value));
        }
        text.Append("</>");
    }

    private static string Quoted(string value) => value.Replace("<", "\\<").Replace(">", "\\>");

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
