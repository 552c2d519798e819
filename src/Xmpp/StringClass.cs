using System.Globalization;
using System.Text;

namespace MucComponent.Xmpp;

/// <summary>
/// The two string classes of PRECIS and the algorithm that puts a code point into them (RFC 8264 §4, §8, §9), by the
/// Unicode data of the runtime.
/// </summary>
internal static class StringClass
{
    private enum Property
    {
        /// <summary>PVALID: in both classes.</summary>
        Valid,

        /// <summary>ID_DIS or FREE_PVAL: in the FreeformClass alone.</summary>
        Freeform,

        /// <summary>CONTEXTJ or CONTEXTO: in both, if what stands around it allows.</summary>
        Contextual,

        /// <summary>DISALLOWED or UNASSIGNED: in neither.</summary>
        Disallowed,
    }

    /// <summary>Letters, digits and printable ASCII (RFC 8264 §4.2).</summary>
    public static bool IsIdentifier(string text) => Contains(text, freeform: false);

    /// <summary>Those and spaces, symbols, punctuation (RFC 8264 §4.3).</summary>
    public static bool IsFreeform(string text) => Contains(text, freeform: true);

    private static bool Contains(string text, bool freeform)
    {
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var allowed = PropertyOf(rune) switch
            {
                Property.Valid => true,
                Property.Freeform => freeform,
                Property.Contextual => ContextRules.Allow(text, index),
                _ => false,
            };
            if (!allowed) return false;
            index += rune.Utf16SequenceLength;
        }
        return true;
    }

    /// <summary>The order of the questions is that of RFC 8264 §8.</summary>
    private static Property PropertyOf(Rune rune)
    {
        if (Exception(rune.Value) is { } exception) return exception;
        var category = Rune.GetUnicodeCategory(rune);
        if (category == UnicodeCategory.OtherNotAssigned) return Property.Disallowed;
        if (rune.Value is >= 0x21 and <= 0x7E) return Property.Valid;
        if (rune.Value is 0x200C or 0x200D) return Property.Contextual;
        if (IsOldHangulJamo(rune.Value) || IsIgnorable(rune.Value)) return Property.Disallowed;
        if (category == UnicodeCategory.Control) return Property.Disallowed;
        if (!rune.IsAscii && !rune.ToString().IsNormalized(NormalizationForm.FormKC)) return Property.Freeform;
        return category switch
        {
            UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark => Property.Valid,
            UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate => Property.Disallowed,
            // Letters and digits of other kinds, spaces, symbols, punctuation.
            _ => Property.Freeform,
        };
    }

    /// <summary>RFC 8264 §9.6, which is RFC 5892 §2.6.</summary>
    private static Property? Exception(int codePoint) => codePoint switch
    {
        0x00DF or 0x03C2 or 0x06FD or 0x06FE or 0x0F0B or 0x3007 => Property.Valid,
        0x00B7 or 0x0375 or 0x05F3 or 0x05F4 or 0x30FB => Property.Contextual,
        (>= 0x0660 and <= 0x0669) or (>= 0x06F0 and <= 0x06F9) => Property.Contextual,
        0x0640 or 0x07FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B => Property.Disallowed,
        _ => null,
    };

    /// <summary>Conjoining jamo that no syllable took up (RFC 8264 §9.9).</summary>
    private static bool IsOldHangulJamo(int codePoint) => codePoint
        is (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97C) or (>= 0xD7B0 and <= 0xD7C6) or (>= 0xD7CB and <= 0xD7FB);

    /// <summary>Default_Ignorable_Code_Point (RFC 8264 §9.13); the noncharacters are unassigned anyway.</summary>
    private static bool IsIgnorable(int codePoint) => codePoint
        is 0x00AD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F)
        or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x3164
        or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0x1BCA0 and <= 0x1BCA3)
        or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);
}
