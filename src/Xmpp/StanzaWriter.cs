using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>A stanza's UTF-8 bytes with the place for the address left open: <c>Head</c> ends after <c>to='</c>, <c>Tail</c> begins with the closing quote.</summary>
/// <param name="Attributes">How much of <c>Tail</c> is attributes: what closes the opening tag comes behind them.</param>
public sealed record EncodedStanza(byte[] Head, byte[] Tail, int Attributes);

/// <summary>
/// A stanza and its addresses → bytes: serialised once, <c>to</c> spliced in. A message to a full room costs one walk over
/// its elements and three copies for each occupant.
/// <para>
/// The stream's default namespace stands for <see cref="Ns.Client"/> (XEP-0114 §3), so a stanza names its own namespace
/// nowhere; an element says <c>xmlns</c> when its namespace is not that of the element around it, and has no prefix.
/// </para>
/// </summary>
public static class StanzaWriter
{
    // By kind.
    private static readonly byte[][] Heads = [.. Enum.GetValues<StanzaKind>().Select(kind => Encoding.UTF8.GetBytes($"<{Stanza.Name(kind)} to='"))];

    private const int LargestScratch = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    /// <summary>The bytes of a stanza that can go to anybody. Its own <see cref="Stanza.To"/> is not looked at.</summary>
    public static EncodedStanza Encode(Stanza stanza)
    {
        var name = Stanza.Name(stanza.Kind);
        var utf8 = Scratch();
        utf8.Write("'"u8);
        if (stanza.From is not null)
        {
            utf8.Write(" from='"u8);
            utf8.Write(stanza.From.Attribute);
            utf8.Write("'"u8);
        }
        if (stanza.Type is not null) WriteAttribute(" type='"u8, stanza.Type, utf8);
        if (stanza.Id is not null) WriteAttribute(" id='"u8, stanza.Id, utf8);
        if (stanza.Lang is not null) WriteAttribute(" xml:lang='"u8, stanza.Lang, utf8);
        var attributes = utf8.WrittenCount;
        if (stanza.Text is { } text)
        {
            utf8.Write(">"u8);
            Encoding.UTF8.GetBytes(text, utf8);
            WriteEndTag(name, utf8);
        }
        else if (stanza.Children.IsEmpty)
        {
            utf8.Write("/>"u8);
        }
        else
        {
            utf8.Write(">"u8);
            foreach (var child in stanza.Children) WriteElement(child, Ns.Client, utf8);
            WriteEndTag(name, utf8);
        }
        return new EncodedStanza(Heads[(int)stanza.Kind], utf8.WrittenSpan.ToArray(), attributes);
    }

    /// <summary>Writes the stanza as it goes to one address.</summary>
    public static void Write(EncodedStanza stanza, Jid to, IBufferWriter<byte> output)
    {
        var address = to.Attribute;
        var size = Size(stanza, to);
        var room = output.GetSpan(size);
        stanza.Head.CopyTo(room);
        address.CopyTo(room[stanza.Head.Length..]);
        stanza.Tail.CopyTo(room[(stanza.Head.Length + address.Length)..]);
        output.Advance(size);
    }

    /// <summary>Writes the stanza once, to a service that brings it to these addresses, none of whom sees the others (XEP-0033 §4.6.3, bcc).</summary>
    public static void WriteMulticast(EncodedStanza stanza, Jid service, ReadOnlySpan<Jid> to, IBufferWriter<byte> output)
    {
        output.Write(stanza.Head);
        output.Write(service.Attribute);
        output.Write(stanza.Tail.AsSpan(0, stanza.Attributes));
        output.Write("><addresses xmlns='http://jabber.org/protocol/address'>"u8);
        foreach (var jid in to)
        {
            output.Write("<address type='bcc' jid='"u8);
            output.Write(jid.Attribute);
            output.Write("'/>"u8);
        }
        output.Write("</addresses>"u8);
        var content = stanza.Tail.AsSpan(stanza.Attributes);
        if (!content.SequenceEqual("/>"u8))
        {
            output.Write(content[1..]);
            return;
        }
        output.Write("</"u8);
        output.Write(stanza.Head.AsSpan(1, stanza.Head.AsSpan().IndexOf((byte)' ') - 1));
        output.Write(">"u8);
    }

    /// <summary>The stanza as a document of its own, addressed to nobody: as it is kept.</summary>
    public static string ToText(Stanza stanza) =>
        $"<{Stanza.Name(stanza.Kind)} xmlns='{Ns.Client}'{Encoding.UTF8.GetString(stanza.Encoded.Tail.AsSpan(1))}";

    /// <summary>Elements as they stand in a stanza, where <see cref="Ns.Client"/> is the default namespace.</summary>
    public static string ToText(ImmutableArray<XElement> elements)
    {
        if (elements.IsEmpty) return "";
        var utf8 = Scratch();
        foreach (var element in elements) WriteElement(element, Ns.Client, utf8);
        return Encoding.UTF8.GetString(utf8.WrittenSpan);
    }

    /// <summary>How many bytes the stanza is when it goes to this address: what a server's limit is held against.</summary>
    public static int Size(EncodedStanza stanza, Jid to) => stanza.Head.Length + to.Attribute.Length + stanza.Tail.Length;

    // What is written is copied out before anything else is written on this thread.
    private static ArrayBufferWriter<byte> Scratch()
    {
        if (_scratch is null || _scratch.Capacity > LargestScratch) return _scratch = new ArrayBufferWriter<byte>(1024);
        _scratch.ResetWrittenCount();
        return _scratch;
    }

    private static void WriteElement(XElement element, XNamespace outer, ArrayBufferWriter<byte> utf8)
    {
        var ns = element.Name.Namespace;
        utf8.Write("<"u8);
        XmlText.WriteName(element.Name.LocalName, utf8);
        if (ns != outer) WriteAttribute(" xmlns='"u8, ns.NamespaceName, utf8);
        for (var attribute = element.FirstAttribute; attribute is not null; attribute = attribute.NextAttribute)
            WriteAttribute(attribute, utf8);
        if (element.HasElements) WriteContent(element, utf8);
        else if (element.Value is { Length: > 0 } text) WriteText(element, text, utf8);
        else utf8.Write("/>"u8);
    }

    private static void WriteContent(XElement element, ArrayBufferWriter<byte> utf8)
    {
        utf8.Write(">"u8);
        for (var node = element.FirstNode; node is not null; node = node.NextNode)
        {
            // CDATA is a kind of XText. Comments and processing instructions have no place in a stream (RFC 6120 §11.1).
            if (node is XElement child) WriteElement(child, element.Name.Namespace, utf8);
            else if (node is XText text) XmlText.WriteText(text.Value, utf8);
        }
        WriteEndTag(element.Name.LocalName, utf8);
    }

    // Most elements are of this kind, and asking one for its nodes would make a node of its text.
    private static void WriteText(XElement element, string text, ArrayBufferWriter<byte> utf8)
    {
        utf8.Write(">"u8);
        XmlText.WriteText(text, utf8);
        WriteEndTag(element.Name.LocalName, utf8);
    }

    private static void WriteAttribute(XAttribute attribute, ArrayBufferWriter<byte> utf8)
    {
        var ns = attribute.Name.Namespace;
        if (attribute.IsNamespaceDeclaration)
        {
            // The default one is the element's own affair. A prefix no name uses may still be meant by a QName in the text.
            if (ns == XNamespace.None || attribute.Name.LocalName == "xml") return;
            utf8.Write(" xmlns:"u8);
        }
        else if (ns == XNamespace.None)
        {
            utf8.Write(" "u8);
        }
        else if (ns == XNamespace.Xml)
        {
            utf8.Write(" xml:"u8);
        }
        else
        {
            WritePrefix(attribute, utf8);
        }
        XmlText.WriteName(attribute.Name.LocalName, utf8);
        WriteAttribute("='"u8, attribute.Value, utf8);
    }

    /// <summary>The prefix that the element declares for the attribute's namespace, or a new one and its declaration.</summary>
    private static void WritePrefix(XAttribute attribute, ArrayBufferWriter<byte> utf8)
    {
        var ns = attribute.Name.NamespaceName;
        var siblings = attribute.Parent!.Attributes().ToList();
        var prefix = siblings.Find(a => a.Name.Namespace == XNamespace.Xmlns && a.Value == ns)?.Name.LocalName;
        if (prefix is null)
        {
            prefix = $"ns{siblings.IndexOf(attribute)}";
            while (siblings.Exists(a => a.Name == XNamespace.Xmlns + prefix)) prefix += "_";
            utf8.Write(" xmlns:"u8);
            XmlText.WriteName(prefix, utf8);
            WriteAttribute("='"u8, ns, utf8);
        }
        utf8.Write(" "u8);
        XmlText.WriteName(prefix, utf8);
        utf8.Write(":"u8);
    }

    private static void WriteAttribute(ReadOnlySpan<byte> opening, string value, ArrayBufferWriter<byte> utf8)
    {
        utf8.Write(opening);
        XmlText.WriteAttribute(value, utf8);
        utf8.Write("'"u8);
    }

    private static void WriteEndTag(string name, ArrayBufferWriter<byte> utf8)
    {
        utf8.Write("</"u8);
        XmlText.WriteName(name, utf8);
        utf8.Write(">"u8);
    }
}
