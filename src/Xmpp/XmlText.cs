using System.Buffers;
using System.Text;

namespace MucComponent.Xmpp;

/// <summary>
/// Text as XML wants it, written as UTF-8 (XML 1.0 §2.2, §2.4, §3.3.3). What XML cannot carry at all, control characters
/// and halves of a surrogate pair, is left out: one such character would close the stream for every room.
/// </summary>
public static class XmlText
{
    private const string Controls =
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015"
        + "\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\uFFFE\uFFFF";

    // A reader turns a bare CR into LF, and in an attribute every line end and tab into a space: those go as references.
    private static readonly SearchValues<char> SpecialInText = SearchValues.Create("&<>\r" + Controls);
    private static readonly SearchValues<char> SpecialInAttribute = SearchValues.Create("&<>'\"\r\n\t" + Controls);

    private static readonly Encoding Utf8 = Encoding.GetEncoding(
        "utf-8", new EncoderReplacementFallback(""), DecoderFallback.ReplacementFallback);

    /// <summary>Escapes what may not stand in an attribute or in text; characters XML 1.0 cannot carry are left out.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(SpecialInAttribute) < 0 && !HasSurrogates(text)) return text;
        var utf8 = new ArrayBufferWriter<byte>(text.Length + 16);
        WriteAttribute(text, utf8);
        return Encoding.UTF8.GetString(utf8.WrittenSpan);
    }

    /// <summary>Writes text that stands between tags.</summary>
    public static void WriteText(ReadOnlySpan<char> text, ArrayBufferWriter<byte> utf8) => Write(text, SpecialInText, utf8);

    /// <summary>Writes text that stands between the quotes, of either kind, of an attribute.</summary>
    public static void WriteAttribute(ReadOnlySpan<char> text, ArrayBufferWriter<byte> utf8) => Write(text, SpecialInAttribute, utf8);

    /// <summary>Writes what needs no escape: a name.</summary>
    public static void WriteName(ReadOnlySpan<char> name, ArrayBufferWriter<byte> utf8)
    {
        var room = utf8.GetSpan(Utf8.GetMaxByteCount(name.Length));
        utf8.Advance(Utf8.GetBytes(name, room));
    }

    // Halves of a pair are looked for by the encoder.
    private static bool HasSurrogates(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    private static void Write(ReadOnlySpan<char> text, SearchValues<char> special, ArrayBufferWriter<byte> utf8)
    {
        while (true)
        {
            var next = text.IndexOfAny(special);
            if (next != 0) WriteName(next < 0 ? text : text[..next], utf8);
            if (next < 0) return;
            utf8.Write(Reference(text[next]));
            text = text[(next + 1)..];
        }
    }

    private static ReadOnlySpan<byte> Reference(char c) => c switch
    {
        '&' => "&amp;"u8,
        '<' => "&lt;"u8,
        '>' => "&gt;"u8,
        '\'' => "&apos;"u8,
        '"' => "&quot;"u8,
        '\n' => "&#10;"u8,
        '\r' => "&#13;"u8,
        '\t' => "&#9;"u8,
        _ => [],
    };
}
