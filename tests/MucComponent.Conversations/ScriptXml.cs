using System.Xml;
using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>XML as scripts and clients write it: in <c>jabber:client</c> unless said otherwise, the prefix <c>scansion:</c> always known.</summary>
public static class ScriptXml
{
    public static readonly XNamespace Client = "jabber:client";
    public static readonly XNamespace Scansion = "https://matthewwild.co.uk/projects/scansion";

    /// <exception cref="XmlException">It is not one well-formed element.</exception>
    public static XElement Parse(string xml)
    {
        var names = new XmlNamespaceManager(new NameTable());
        names.AddNamespace("", Client.NamespaceName);
        names.AddNamespace("scansion", Scansion.NamespaceName);
        var context = new XmlParserContext(null, names, null, XmlSpace.None);
        using var text = new StringReader(xml);
        using var reader = XmlReader.Create(text, new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment, IgnoreComments = true }, context);
        if (reader.MoveToContent() != XmlNodeType.Element) throw new XmlException("there is no element");
        var element = (XElement)XNode.ReadFrom(reader);
        if (reader.MoveToContent() != XmlNodeType.None) throw new XmlException("something follows the stanza");
        return element;
    }

    /// <summary>On one line, without the indentation and without the namespace every stanza is in: for people.</summary>
    public static string OnOneLine(XElement element)
    {
        var bare = new XElement(element);
        bare.DescendantNodes().OfType<XText>().Where(text => string.IsNullOrWhiteSpace(text.Value)).Remove();
        return OnTheWire(bare, Client);
    }

    /// <summary>As it is written to a stream whose default namespace is <paramref name="stream"/>, which stanzas do not repeat.</summary>
    public static string OnTheWire(XElement stanza, XNamespace stream)
    {
        // The first declaration is the stanza's own; one further in follows a payload in another namespace and has to stay.
        var (xml, declared) = (stanza.ToString(SaveOptions.DisableFormatting), $" xmlns=\"{stream}\"");
        return xml.IndexOf(declared, StringComparison.Ordinal) is >= 0 and var at ? xml.Remove(at, declared.Length) : xml;
    }

    /// <summary>The element's own text; indentation alone is none.</summary>
    public static string Text(XElement element)
    {
        var text = string.Concat(element.Nodes().OfType<XText>().Select(t => t.Value));
        return string.IsNullOrWhiteSpace(text) ? "" : text;
    }
}
