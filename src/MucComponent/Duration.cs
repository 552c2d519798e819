using System.Globalization;

namespace MucComponent;

/// <summary>How long something takes or lasts, as an operator writes it: a whole number with its unit, <c>90s</c>, <c>15m</c>, <c>12h</c>, <c>30d</c>, or <c>0</c>.</summary>
public static class Duration
{
    /// <summary>A hundred years, so that no sum of times leaves the calendar.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <exception cref="FormatException">It is none; the message says what one looks like.</exception>
    public static TimeSpan Read(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        TimeSpan? unit = text.Length == 0 ? null : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is not { } one || !long.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw new FormatException($"\"{text}\" is not a duration: a whole number with s, m, h or d after it, or 0");
        return count <= Longest / one ? count * one : throw new FormatException($"\"{text}\" is more than a hundred years");
    }
}
