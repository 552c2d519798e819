using System.Globalization;
using System.Text;

namespace MucComponent.Xmpp;

/// <summary>
/// The Bidi Rule (RFC 5893 §2), which a localpart with right-to-left characters must keep (RFC 8265 §3.3.2), so that it is
/// displayed in the order it is written. The runtime does not tell bidi classes; the blocks below do, to the precision the
/// rule needs.
/// </summary>
internal static class BidiRule
{
    private enum Direction
    {
        Left,
        Right,
        EuropeanNumber,
        ArabicNumber,
        Mark,
        Neutral,
    }

    public static bool Allows(string text)
    {
        var directions = text.EnumerateRunes().Select(Of).ToList();
        if (!directions.Exists(d => d is Direction.Right or Direction.ArabicNumber)) return true;
        var last = directions.FindLast(d => d != Direction.Mark);
        return directions[0] == Direction.Right
            && !directions.Contains(Direction.Left)
            && last != Direction.Neutral
            && !(directions.Contains(Direction.EuropeanNumber) && directions.Contains(Direction.ArabicNumber));
    }

    private static Direction Of(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) return Direction.Mark;
        if (rune.Value is (>= '0' and <= '9') or (>= 0x06F0 and <= 0x06F9)) return Direction.EuropeanNumber;
        if (rune.Value is (>= 0x0660 and <= 0x0669) or 0x066B or 0x066C or (>= 0x10D30 and <= 0x10D39) or (>= 0x10E60 and <= 0x10E7E))
            return Direction.ArabicNumber;
        if (!Rune.IsLetterOrDigit(rune) && category is not UnicodeCategory.SpacingCombiningMark)
            return rune.Value is 0x05BE or 0x05C0 or 0x05C3 or 0x05F3 or 0x05F4 ? Direction.Right : Direction.Neutral;
        return rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
            or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF)
            ? Direction.Right
            : Direction.Left;
    }
}
