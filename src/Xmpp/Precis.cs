using System.Buffers;
using System.Globalization;
using System.Text;

namespace MucComponent.Xmpp;

/// <summary>
/// Preparation of the parts of an address: RFC 7622 over the PRECIS framework (RFC 8264, RFC 8265).
/// <para>
/// Servers still prepare with stringprep (RFC 6122), which maps some invisible characters to nothing where PRECIS refuses
/// them: among them the variation selectors and joiners inside emoji. Here they are mapped to nothing too, or a nick
/// registered in a form would differ from the same nick as the server routes it. What is prepared stays the same when it
/// is prepared again.
/// </para>
/// </summary>
public static class Precis
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> PlainLocalpart = SearchValues.Create(Letters + "!#$%()*+,-.;=?[\\]^_`{|}~");
    private static readonly SearchValues<char> PlainDomain = SearchValues.Create(Letters + "-_.");
    private static readonly SearchValues<char> IpLiteral = SearchValues.Create("0123456789abcdef:.");

    /// <summary>ASCII that PRECIS lets into an identifier and RFC 7622 §3.3.1 keeps out of a localpart.</summary>
    private static readonly SearchValues<char> Excluded = SearchValues.Create("\"&'/:<>@");

    /// <summary>The part before the @: the UsernameCaseMapped profile (RFC 8265 §3.3) without the excluded characters (RFC 7622 §3.3.1).</summary>
    public static bool TryLocalpart(string text, out string prepared)
    {
        prepared = text;
        if (!text.AsSpan().ContainsAnyExcept(PlainLocalpart)) return IsGoodLength(text);
        return TryMapIdentifier(text, out prepared)
            && IsGoodLength(prepared)
            && !prepared.AsSpan().ContainsAny(Excluded)
            && StringClass.IsIdentifier(prepared)
            && BidiRule.Allows(prepared);
    }

    /// <summary>The part after the slash: the OpaqueString profile (RFC 8265 §4.2, RFC 7622 §3.4).</summary>
    public static bool TryResource(string text, out string prepared)
    {
        prepared = text;
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return IsGoodLength(text);
        return TryMap(text, rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator ? " " : null, out prepared)
            && IsGoodLength(prepared)
            && StringClass.IsFreeform(prepared);
    }

    /// <summary>
    /// The domain: labels of letters, digits and hyphens in any script, or an IPv6 literal (RFC 7622 §3.2). Its A-labels
    /// stay as they are, since that is what a server that uses them calls itself.
    /// </summary>
    public static bool TryDomain(string text, out string prepared)
    {
        prepared = text;
        if (text.AsSpan().ContainsAnyExcept(PlainDomain))
        {
            if (!TryMapIdentifier(text, out prepared)) return false;
            if (prepared is ['[', .. var literal, ']'])
                return literal.Count(c => c == ':') >= 2 && !literal.AsSpan().ContainsAnyExcept(IpLiteral) && IsGoodLength(prepared);
        }
        // A dot at the end only says that the name is absolute.
        if (prepared.EndsWith('.')) prepared = prepared[..^1];
        return IsGoodLength(prepared) && HasGoodLabels(prepared);
    }

    /// <summary>
    /// Whether a prepared resource may be a nick: one can see it (XEP-0045 §17.1), and no space before or after it makes it
    /// look like another (RFC 8266 §2.1).
    /// </summary>
    public static bool IsNick(string prepared) =>
        prepared.Length > 0 && prepared[0] != ' ' && prepared[^1] != ' ' && prepared.EnumerateRunes().Any(IsVisible);

    private static bool IsVisible(Rune rune) =>
        rune.Value is not (' ' or 0x2800 /* the braille pattern of no dots */)
        && Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format);

    private static bool IsGoodLength(string text) =>
        text.Length is > 0 and <= Jid.MaxPartBytes && Encoding.UTF8.GetByteCount(text) <= Jid.MaxPartBytes;

    private static bool HasGoodLabels(string domain)
    {
        foreach (var range in domain.AsSpan().Split('.'))
            if (domain.AsSpan(range).IsEmpty) return false;
        return !domain.AsSpan().ContainsAnyExcept(PlainDomain)
            || (domain.EnumerateRunes().All(r => !r.IsAscii || PlainDomain.Contains((char)r.Value)) && StringClass.IsIdentifier(domain));
    }

    /// <summary>Width mapping, lower case and composition (RFC 8265 §3.3.2).</summary>
    private static bool TryMapIdentifier(string text, out string mapped)
    {
        if (!TryMap(text, NarrowOrWide, out mapped)) return false;
        // The one letter whose lower case is two characters, and which the invariant culture therefore leaves alone.
        mapped = mapped.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant().Normalize();
        return true;
    }

    /// <summary>Fullwidth and halfwidth forms as the characters they stand for; the ideographic full stop is not one, but the dot of a domain.</summary>
    private static string? NarrowOrWide(Rune rune) => rune.Value switch
    {
        0x3002 or 0xFF61 => ".",
        0x3000 or (>= 0xFF00 and <= 0xFFEF) => rune.ToString().Normalize(NormalizationForm.FormKC),
        _ => null,
    };

    /// <summary>Maps each character, null being itself; composes; drops the joiners that join nothing. False when it is not text at all.</summary>
    private static bool TryMap(string text, Func<Rune, string?> map, out string mapped)
    {
        mapped = text;
        // Preparation shortens a text by little; one that is far too long is not worth the work.
        if (text.Length > 4 * Jid.MaxPartBytes) return false;
        var builder = new StringBuilder(text.Length);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done) return false;
            // No class holds it, and normalisation throws at the noncharacters among them.
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned) return false;
            if (!IsMappedToNothing(rune)) builder.Append(map(rune) ?? rest[..length]);
            rest = rest[length..];
        }
        mapped = ContextRules.WithoutIdleJoiners(builder.ToString().Normalize()).Normalize();
        return true;
    }

    /// <summary>RFC 3454 table B.1 but for the joiners, which some scripts need.</summary>
    private static bool IsMappedToNothing(Rune rune) => rune.Value
        is 0x00AD or 0x034F or 0x1806 or (>= 0x180B and <= 0x180D) or 0x200B or 0x2060 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF;
}
