using System.Buffers;
using System.Globalization;
using System.Text;

namespace MucComponent.Xmpp;

/// <summary>Where the code points that need a reason may stand: RFC 5892 appendix A, which RFC 8264 §9.3 and §9.6 take over.</summary>
internal static class ContextRules
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary>Whether the CONTEXTJ or CONTEXTO code point at this place may stand there.</summary>
    public static bool Allow(string text, int index) => Rune.GetRuneAt(text, index).Value switch
    {
        NonJoiner => IsVirama(Before(text, index)) || StandsBetweenJoiningLetters(text, index),
        Joiner => IsVirama(Before(text, index)),
        // The middle dot of Catalan; the sign before a Greek numeral; the signs after Hebrew letters.
        0x00B7 => Before(text, index) == 'l' && After(text, index) == 'l',
        0x0375 => After(text, index) is (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF),
        0x05F3 or 0x05F4 => Before(text, index) is (>= 0x0590 and <= 0x05FF) or (>= 0xFB1D and <= 0xFB4F),
        // The middle dot of Japanese; two kinds of Arabic digits, not to be mixed.
        0x30FB => text.EnumerateRunes().Any(r => IsJapanese(r.Value)),
        >= 0x0660 and <= 0x0669 => !text.AsSpan().ContainsAnyInRange('\u06F0', '\u06F9'),
        >= 0x06F0 and <= 0x06F9 => !text.AsSpan().ContainsAnyInRange('\u0660', '\u0669'),
        _ => false,
    };

    /// <summary>Leaves out the joiners that may not stand where they stand, as stringprep leaves out all of them.</summary>
    public static string WithoutIdleJoiners(string text)
    {
        if (!text.AsSpan().ContainsAny((char)NonJoiner, (char)Joiner)) return text;
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (text[i] is not ((char)NonJoiner or (char)Joiner) || Allow(text, i)) kept.Append(text[i]);
        return kept.ToString();
    }

    private static int Before(string text, int index) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, index), out var rune, out _) == OperationStatus.Done ? rune.Value : -1;

    private static int After(string text, int index) =>
        Rune.DecodeFromUtf16(text.AsSpan(index + 1), out var rune, out _) == OperationStatus.Done ? rune.Value : -1;

    private static bool IsJapanese(int codePoint) => codePoint
        is (>= 0x3041 and <= 0x3096) or (>= 0x309D and <= 0x309F) or (>= 0x30A1 and <= 0x30FA) or (>= 0x30FD and <= 0x30FF)
        or (>= 0x31F0 and <= 0x31FF) or 0x3005 or 0x3007 or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x1AFF0 and <= 0x1B16F) or (>= 0x20000 and <= 0x3FFFF);

    /// <summary>RFC 5892 A.1, the second half: a letter that joins forwards, the mark, a letter that joins backwards; marks between do not count.</summary>
    private static bool StandsBetweenJoiningLetters(string text, int index)
    {
        var before = index - 1;
        while (before >= 0 && IsTransparent(text[before])) before--;
        var after = index + 1;
        while (after < text.Length && IsTransparent(text[after])) after++;
        return before >= 0 && after < text.Length && JoinsForwards(text[before]) && JoinsBackwards(text[after]);
    }

    private static bool IsTransparent(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    /// <summary>Joining_Type D or L, for the scripts people write with it: Arabic, Syriac, N'Ko, Mongolian.</summary>
    private static bool JoinsForwards(char c) => JoinsBackwards(c) && c
        is not ((>= '\u0622' and <= '\u0625') or '\u0627' or '\u0629' or (>= '\u062F' and <= '\u0632') or '\u0648'
            or (>= '\u0671' and <= '\u0673') or (>= '\u0675' and <= '\u0677') or (>= '\u0688' and <= '\u0699') or '\u06C0'
            or (>= '\u06C3' and <= '\u06CB') or '\u06CD' or '\u06CF' or '\u06D2' or '\u06D3' or '\u06D5' or '\u06EE' or '\u06EF'
            or '\u0710' or (>= '\u0715' and <= '\u0719') or '\u071E' or '\u0728' or '\u072A' or '\u072C' or '\u072F' or '\u074D'
            or '\u0759' or '\u075A' or '\u075B' or '\u076B' or '\u076C' or '\u0771' or '\u0773' or '\u0774' or '\u0778' or '\u0779');

    /// <summary>Joining_Type D or R.</summary>
    private static bool JoinsBackwards(char c) =>
        char.IsLetter(c) && c is not ('\u0621' or '\u0674') && c
        is (>= '\u0620' and <= '\u06FF') or (>= '\u0710' and <= '\u077F') or (>= '\u07CA' and <= '\u07EA') or (>= '\u1820' and <= '\u18AA');

    /// <summary>Canonical_Combining_Class 9.</summary>
    private static bool IsVirama(int codePoint) => codePoint
        is 0x094D or 0x09CD or 0x0A4D or 0x0ACD or 0x0B4D or 0x0BCD or 0x0C4D or 0x0CCD or 0x0D3B or 0x0D3C or 0x0D4D or 0x0DCA
        or 0x0E3A or 0x0EBA or 0x0F84 or 0x1039 or 0x103A or 0x1714 or 0x1715 or 0x1734 or 0x17D2 or 0x1A60 or 0x1B44 or 0x1BAA
        or 0x1BAB or 0x1BF2 or 0x1BF3 or 0x2D7F or 0xA806 or 0xA82C or 0xA8C4 or 0xA953 or 0xA9C0 or 0xAAF6 or 0xABED or 0x10A3F
        or 0x11046 or 0x11070 or 0x1107F or 0x110B9 or 0x11133 or 0x11134 or 0x111C0 or 0x11235 or 0x112EA or 0x1134D or 0x11442
        or 0x114C2 or 0x115BF or 0x1163F or 0x116B6 or 0x1172B or 0x11839 or 0x1193D or 0x1193E or 0x119E0 or 0x11A34 or 0x11A47
        or 0x11A99 or 0x11C3F or 0x11D44 or 0x11D45 or 0x11D97 or 0x11F41 or 0x11F42;
}
