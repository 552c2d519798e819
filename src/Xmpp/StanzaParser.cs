using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using System.Xml;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>
/// The bytes of one stanza, cut out of the stream → an element. What is not plain (<see cref="PlainXml"/>)
/// gets a fresh reader, since a reader keeps every name it has ever seen. Refused are what XMPP forbids (RFC 6120 §11.1: DTD, entities, comments, processing instructions) and
/// nesting no client has a use for, as whoever walks the tree does so recursively.
/// </summary>
public static class StanzaParser
{
    /// <summary>How deep elements may nest; an archived, forwarded, formatted message needs about fifteen.</summary>
    public const int MaxDepth = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <summary>
    /// Reads a stanza, in the namespaces of the stream around it: the default one is read as <see cref="Ns.Client"/>, and so
    /// is <see cref="Ns.Component"/> where it is named. False when it is not exactly one well-formed element.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out XElement? xml)
    {
        xml = null;
        if (!Utf8.IsValid(frame)) return false;
        xml = PlainXml.TryRead(frame);
        return xml is not null || TryParseStrictly(frame, out xml);
    }

    /// <summary>Reads what <see cref="StanzaWriter"/> has written: a stanza that was kept.</summary>
    /// <exception cref="FormatException">It is not well-formed.</exception>
    public static XElement Parse(string text) =>
        TryParse(Encoding.UTF8.GetBytes(text), out var xml) ? xml : throw new FormatException("what was kept is not well-formed");

    /// <summary>The same by .NET's reader, which knows all of XML.</summary>
    public static bool TryParseStrictly(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out XElement? xml)
    {
        xml = null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(frame)), Settings, StreamContext());
            return TryRead(reader, out xml);
        }
        catch (XmlException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads the opening tag alone, from the first bytes of a stanza that is too big or broken further on: enough to tell
    /// its sender so. False when the tag is not whole.
    /// </summary>
    public static bool TryParseOpenTag(ReadOnlySpan<byte> prefix, [NotNullWhen(true)] out XElement? openTag)
    {
        openTag = null;
        var end = EndOfTag(prefix);
        if (end < 1) return false;
        var selfClosed = prefix[end - 1] == '/';
        return TryParse([.. prefix[..(selfClosed ? end - 1 : end)], .. "/>"u8], out openTag);
    }

    private static bool TryRead(XmlReader reader, [NotNullWhen(true)] out XElement? root)
    {
        root = null;
        XElement? parent = null;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth >= MaxDepth || IsReserved(reader.NamespaceURI)) return false;
                    var closed = reader.IsEmptyElement;
                    var element = new XElement(Namespace(reader) + reader.LocalName);
                    AddAttributes(element, reader);
                    parent?.Add(element);
                    root ??= element;
                    if (!closed) parent = element;
                    break;
                case XmlNodeType.EndElement:
                    parent = parent!.Parent;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    parent!.Add(reader.Value);
                    break;
                case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    // Between a stanza's children it is layout; further in it may be a message of one space.
                    if (parent is not null && parent != root) parent.Add(reader.Value);
                    break;
                default:
                    return false;
            }
        }
        return root is not null;
    }

    /// <summary>The reader lets an element have the prefix <c>xml</c> or <c>xmlns</c>; nothing could write it again (Namespaces in XML §3).</summary>
    private static bool IsReserved(string ns) => ns == XNamespace.Xml.NamespaceName || ns == XNamespace.Xmlns.NamespaceName;

    private static XNamespace Namespace(XmlReader reader) =>
        reader.NamespaceURI == Ns.Component.NamespaceName ? Ns.Client : reader.NamespaceURI;

    private static void AddAttributes(XElement element, XmlReader reader)
    {
        while (reader.MoveToNextAttribute())
        {
            // The elements' names already carry the default namespace; a prefix may be meant by a QName in the text.
            if (reader.Prefix.Length == 0 && reader.LocalName == "xmlns") continue;
            element.Add(new XAttribute(XNamespace.Get(reader.NamespaceURI) + reader.LocalName, reader.Value));
        }
    }

    /// <summary>The two namespaces every stream declares in its header, which the cut left behind.</summary>
    private static XmlParserContext StreamContext()
    {
        var names = new NameTable();
        var namespaces = new XmlNamespaceManager(names);
        namespaces.AddNamespace("", Ns.Client.NamespaceName);
        namespaces.AddNamespace("stream", Ns.Streams.NamespaceName);
        return new XmlParserContext(names, namespaces, xmlLang: null, XmlSpace.None);
    }

    /// <summary>Where the first tag's <c>&gt;</c> is, or -1; one between an attribute's quotes is text.</summary>
    private static int EndOfTag(ReadOnlySpan<byte> xml)
    {
        byte quote = 0;
        for (var i = 0; i < xml.Length; i++)
        {
            if (quote != 0)
            {
                if (xml[i] == quote) quote = 0;
            }
            else if (xml[i] is (byte)'\'' or (byte)'"')
            {
                quote = xml[i];
            }
            else if (xml[i] == '>')
            {
                return i;
            }
        }
        return -1;
    }
}
