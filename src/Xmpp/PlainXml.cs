using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>
/// Reads the XML that nearly all stanzas are written in, straight from its bytes: elements, attributes and text, names in
/// ASCII and without prefixes (but <c>xml:lang</c>), the five entities. About all else it says nothing, and the strict reader
/// decides; so it is never wrong, only of no help. It is ten times as fast and leaves no garbage but the tree.
/// </summary>
public ref struct PlainXml
{
    /// <summary>More attributes than any stanza has; they are compared with each other.</summary>
    private const int MaxAttributes = 16;

    private static readonly XName Lang = XNamespace.Xml + "lang";

    /// <summary>In text: of the control characters tab and line feed; a carriage return would become a line feed.</summary>
    private static readonly SearchValues<byte> Allowed = SearchValues.Create([(byte)'\t', (byte)'\n', .. Enumerable.Range(0x20, 0xE0).Select(b => (byte)b)]);

    private readonly ReadOnlySpan<byte> _xml;
    private int _at;

    private PlainXml(ReadOnlySpan<byte> xml) => _xml = xml;

    /// <summary>The element that these bytes are, or null if the strict reader has to look.</summary>
    /// <param name="utf8">Known to be UTF-8.</param>
    public static XElement? TryRead(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\uFFFE"u8) >= 0 || utf8.IndexOf("\uFFFF"u8) >= 0) return null; // no XML
        var reader = new PlainXml(utf8);
        return reader.Element(Ns.Client, depth: 0) is { } element && reader._at == utf8.Length ? element : null;
    }

    private XElement? Element(XNamespace outer, int depth)
    {
        if (depth >= StanzaParser.MaxDepth || !Take((byte)'<')) return null;
        var name = Name();
        if (name.IsEmpty) return null;

        var attributes = new Attributes();
        var ns = outer;
        while (true)
        {
            var spaced = TakeSpace();
            if (Take((byte)'>')) break;
            if (Take((byte)'/'))
            {
                if (!Take((byte)'>')) return null;
                return Make(name, ns, attributes);
            }
            if (!spaced || !Attribute(ref attributes, ref ns)) return null;
        }

        var element = Make(name, ns, attributes);
        while (true)
        {
            if (!Text(element, isLayout: depth == 0)) return null;
            if (_xml[_at..].StartsWith("</"u8))
            {
                _at += 2;
                if (!Name().SequenceEqual(name)) return null;
                TakeSpace();
                return Take((byte)'>') ? element : null;
            }
            if (Element(ns, depth + 1) is not { } child) return null;
            element.Add(child);
        }
    }

    private static XElement Make(ReadOnlySpan<byte> name, XNamespace ns, in Attributes attributes)
    {
        var element = new XElement(Words.Name(name, ns));
        for (var i = 0; i < attributes.Count; i++) element.Add(attributes[i]);
        return element;
    }

    /// <summary>Reads one attribute; false if it is not of the plain kind.</summary>
    private bool Attribute(ref Attributes attributes, ref XNamespace ns)
    {
        var name = Name();
        if (name.IsEmpty) return false;
        var isLang = false;
        if (Take((byte)':'))
        {
            isLang = name.SequenceEqual("xml"u8) && Name().SequenceEqual("lang"u8);
            if (!isLang) return false;
        }
        if (!Take((byte)'=') || _at == _xml.Length) return false;
        var quote = _xml[_at++];
        if (quote is not ((byte)'\'' or (byte)'"')) return false;
        var length = _xml[_at..].IndexOf(quote);
        if (length < 0) return false;
        var raw = _xml.Slice(_at, length);
        _at += length + 1;
        // A line end or tab becomes a space here, and the smaller ones are forbidden.
        if (raw.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0 || raw.Contains((byte)'<')) return false;
        if ((name.SequenceEqual("id"u8) ? Decode(raw) : Words.Text(raw)) is not { } value) return false;

        if (!isLang && name.SequenceEqual("xmlns"u8))
        {
            if (attributes.HasNamespace || value == XNamespace.Xml.NamespaceName || value == XNamespace.Xmlns.NamespaceName) return false;
            attributes.HasNamespace = true;
            ns = value == Ns.Component.NamespaceName ? Ns.Client : XNamespace.Get(value);
            return true;
        }
        return attributes.TryAdd(new XAttribute(isLang ? Lang : Words.Name(name, XNamespace.None), value));
    }

    /// <summary>Reads the text up to the next tag; false if it is not of the plain kind.</summary>
    /// <param name="isLayout">Whether spaces alone mean nothing here.</param>
    private bool Text(XElement element, bool isLayout)
    {
        var length = _xml[_at..].IndexOf((byte)'<');
        if (length < 0) return false;
        if (length == 0) return true;
        var raw = _xml.Slice(_at, length);
        _at += length;
        if (raw.IndexOfAnyExcept(Allowed) >= 0) return false;
        if (raw.Contains((byte)']') && raw.IndexOf("]]>"u8) >= 0) return false;
        if (isLayout && raw.IndexOfAnyExcept(" \t\n"u8) < 0) return true;
        if (Decode(raw) is not { } text) return false;
        element.Add(text);
        return true;
    }

    private static string? Decode(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        if (!raw.Contains((byte)'&')) return text;
        var plain = new StringBuilder(text.Length);
        for (var rest = text.AsSpan(); ;)
        {
            var and = rest.IndexOf('&');
            if (and < 0) return plain.Append(rest).ToString();
            plain.Append(rest[..and]);
            rest = rest[and..];
            var semicolon = rest.IndexOf(';');
            char? one = (semicolon < 0 ? rest : rest[..(semicolon + 1)]) switch
            {
                "&amp;" => '&',
                "&lt;" => '<',
                "&gt;" => '>',
                "&apos;" => '\'',
                "&quot;" => '"',
                _ => null,
            };
            if (one is null) return null;
            plain.Append(one);
            rest = rest[(semicolon + 1)..];
        }
    }

    private bool Take(byte wanted)
    {
        if (_at >= _xml.Length || _xml[_at] != wanted) return false;
        _at++;
        return true;
    }

    private bool TakeSpace()
    {
        var start = _at;
        while (_at < _xml.Length && _xml[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') _at++;
        return _at > start;
    }

    private ReadOnlySpan<byte> Name()
    {
        var start = _at;
        if (_at < _xml.Length && (char.IsAsciiLetter((char)_xml[_at]) || _xml[_at] == '_'))
            while (++_at < _xml.Length && (char.IsAsciiLetterOrDigit((char)_xml[_at]) || _xml[_at] is (byte)'-' or (byte)'_' or (byte)'.'))
            {
            }
        return _xml[start.._at];
    }

    /// <summary>The attributes of one element.</summary>
    private struct Attributes
    {
        private Slots _slots;

        public int Count { get; private set; }

        public bool HasNamespace { get; set; }

        public readonly XAttribute this[int index] => _slots[index];

        public bool TryAdd(XAttribute attribute)
        {
            if (Count == MaxAttributes) return false;
            for (var i = 0; i < Count; i++)
                if (_slots[i].Name == attribute.Name) return false;
            _slots[Count++] = attribute;
            return true;
        }

        [InlineArray(MaxAttributes)]
        private struct Slots
        {
            private XAttribute _first;
        }
    }

    /// <summary>Names and values that come again and again, made once. Of fixed size: what is new takes the place of what is old.</summary>
    private static class Words
    {
        private const int Slots = 1024;
        private const int LongestText = 256;

        private static readonly NameEntry?[] Names = new NameEntry?[Slots];
        private static readonly TextEntry?[] Texts = new TextEntry?[Slots];

        public static XName Name(ReadOnlySpan<byte> local, XNamespace ns)
        {
            ref var slot = ref Names[(Hash(local) ^ (uint)ns.GetHashCode()) % Slots];
            if (slot is { } known && known.Ns == ns && local.SequenceEqual(known.Local)) return known.Name;
            var name = ns + Encoding.ASCII.GetString(local);
            slot = new NameEntry(local.ToArray(), ns, name);
            return name;
        }

        /// <summary>The text of an attribute, or null if it is not of the plain kind.</summary>
        public static string? Text(ReadOnlySpan<byte> raw)
        {
            if (raw.Length > LongestText) return Decode(raw);
            ref var slot = ref Texts[Hash(raw) % Slots];
            if (slot is { } known && raw.SequenceEqual(known.Raw)) return known.Text;
            if (Decode(raw) is not { } text) return null;
            slot = new TextEntry(raw.ToArray(), text);
            return text;
        }

        private static uint Hash(ReadOnlySpan<byte> bytes)
        {
            var hash = new HashCode();
            hash.AddBytes(bytes);
            return (uint)hash.ToHashCode();
        }

        private sealed record NameEntry(byte[] Local, XNamespace Ns, XName Name);

        private sealed record TextEntry(byte[] Raw, string Text);
    }
}
