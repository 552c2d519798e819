namespace MucComponent.Bench.Load;

/// <summary>
/// One stanza where it lies in the buffer: what a load generator needs of it, and nothing unescaped. It finds where elements
/// begin and end and is no parser; what a server would refuse anyway (comments, processing instructions) is broken here too.
/// </summary>
public ref struct ScannedStanza
{
    public ReadOnlySpan<byte> Name { get; set; }

    public ReadOnlySpan<byte> From { get; set; }

    public ReadOnlySpan<byte> Type { get; set; }

    public ReadOnlySpan<byte> Id { get; set; }

    public ReadOnlySpan<byte> Body { get; set; }

    /// <summary>The first child's name.</summary>
    public ReadOnlySpan<byte> Child { get; set; }

    /// <summary>Where the value of <c>to</c> begins, or 0.</summary>
    public int ToStart { get; set; }

    public int ToLength { get; set; }

    public bool HasBody { get; set; }

    /// <summary>Said before the one who hears it came (XEP-0203).</summary>
    public bool IsDelayed { get; set; }

    /// <summary>Status 110: it is about whoever it goes to.</summary>
    public bool IsSelf { get; set; }

    /// <summary>Status 201: the room was made by this.</summary>
    public bool IsCreation { get; set; }
}

/// <summary>Bytes → stanzas, without making an object.</summary>
public static class StanzaScanner
{
    public const int Broken = -1;
    public const int Incomplete = 0;

    /// <summary>Scans the stanza that begins with the first byte.</summary>
    /// <returns>How many bytes it has, or <see cref="Incomplete"/>, or <see cref="Broken"/>.</returns>
    public static int Scan(ReadOnlySpan<byte> bytes, out ScannedStanza stanza)
    {
        stanza = default;
        if (bytes.Length < 2) return Incomplete;
        if (bytes[0] != '<' || bytes[1] is (byte)'/' or (byte)'?' or (byte)'!') return Broken;
        var end = TagEnd(bytes, 1);
        if (end < 0) return Incomplete;
        var at = NameEnd(bytes, 1, end);
        stanza.Name = bytes[1..at];
        while (Attribute(bytes, ref at, end, out var name, out var value))
        {
            switch (name.Length)
            {
                case 2 when name.SequenceEqual("to"u8):
                    stanza.ToStart = at - 1 - value.Length;
                    stanza.ToLength = value.Length;
                    break;
                case 2 when name.SequenceEqual("id"u8):
                    stanza.Id = value;
                    break;
                case 4 when name.SequenceEqual("from"u8):
                    stanza.From = value;
                    break;
                case 4 when name.SequenceEqual("type"u8):
                    stanza.Type = value;
                    break;
            }
        }
        return bytes[end - 1] == '/' ? end + 1 : Inside(bytes, end + 1, ref stanza);
    }

    private static int Inside(ReadOnlySpan<byte> bytes, int at, ref ScannedStanza stanza)
    {
        var depth = 1;
        var body = -1;
        while (true)
        {
            var open = bytes[at..].IndexOf((byte)'<');
            if (open < 0 || at + open + 1 >= bytes.Length) return Incomplete;
            at += open;
            switch (bytes[at + 1])
            {
                case (byte)'/':
                    var close = bytes[at..].IndexOf((byte)'>');
                    if (close < 0) return Incomplete;
                    depth--;
                    if (depth == 1 && body >= 0)
                    {
                        stanza.Body = bytes[body..at];
                        body = -1;
                    }
                    at += close + 1;
                    if (depth == 0) return at;
                    break;
                case (byte)'!' or (byte)'?':
                    return Broken;
                default:
                    var end = TagEnd(bytes, at + 1);
                    if (end < 0) return Incomplete;
                    var isClosed = bytes[end - 1] == '/';
                    if (depth == 1) Child(bytes, at + 1, end, ref stanza);
                    else if (depth == 2) Status(bytes, at + 1, end, ref stanza);
                    if (depth == 1 && !isClosed && stanza.HasBody && stanza.Body.IsEmpty && bytes[(at + 1)..].StartsWith("body"u8)) body = end + 1;
                    if (!isClosed) depth++;
                    at = end + 1;
                    break;
            }
        }
    }

    private static void Child(ReadOnlySpan<byte> bytes, int at, int end, ref ScannedStanza stanza)
    {
        var name = bytes[at..NameEnd(bytes, at, end)];
        if (stanza.Child.IsEmpty) stanza.Child = name;
        if (name.SequenceEqual("body"u8)) stanza.HasBody = true;
        else if (name.SequenceEqual("delay"u8)) stanza.IsDelayed = true;
    }

    private static void Status(ReadOnlySpan<byte> bytes, int at, int end, ref ScannedStanza stanza)
    {
        if (!bytes[at..].StartsWith("status"u8)) return;
        at = NameEnd(bytes, at, end);
        while (Attribute(bytes, ref at, end, out var name, out var value))
        {
            if (!name.SequenceEqual("code"u8)) continue;
            stanza.IsSelf |= value.SequenceEqual("110"u8);
            stanza.IsCreation |= value.SequenceEqual("201"u8);
        }
    }

    /// <summary>The next attribute before the end of the tag; afterwards <paramref name="at"/> is behind its closing quote.</summary>
    private static bool Attribute(ReadOnlySpan<byte> bytes, scoped ref int at, int end, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        while (at < end && bytes[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'/') at++;
        var equals = bytes[at..end].IndexOf((byte)'=');
        if (equals <= 0 || at + equals + 1 >= end) return false;
        name = bytes.Slice(at, equals);
        at += equals + 1;
        var close = bytes[(at + 1)..end].IndexOf(bytes[at]);
        if (close < 0) return false;
        value = bytes.Slice(at + 1, close);
        at += close + 2;
        return true;
    }

    private static int NameEnd(ReadOnlySpan<byte> bytes, int at, int end)
    {
        var length = bytes[at..end].IndexOfAny((byte)' ', (byte)'/', (byte)'\n');
        return length < 0 ? end : at + length;
    }

    /// <summary>Where the tag's <c>&gt;</c> is, or -1; one between an attribute's quotes is text.</summary>
    private static int TagEnd(ReadOnlySpan<byte> bytes, int at)
    {
        while (true)
        {
            var stop = bytes[at..].IndexOfAny((byte)'>', (byte)'\'', (byte)'"');
            if (stop < 0) return -1;
            at += stop;
            if (bytes[at] == '>') return at;
            var close = bytes[(at + 1)..].IndexOf(bytes[at]);
            if (close < 0) return -1;
            at += close + 2;
        }
    }
}
