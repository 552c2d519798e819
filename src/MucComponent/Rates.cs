using System.Globalization;
using MucComponent.Rooms;

namespace MucComponent;

/// <summary>A <see cref="Rate"/> as an operator writes it: <c>20/m</c> (twenty in a minute), <c>60,20/m</c> (sixty at once, then twenty in a minute), or <c>off</c>.</summary>
public static class Rates
{
    /// <summary>More is no limit any more.</summary>
    private const int Most = 1_000_000;

    /// <summary>Null for no limit.</summary>
    /// <exception cref="FormatException">It is none; the message says what one looks like.</exception>
    public static Rate? Read(string text)
    {
        if (text.Equals("off", StringComparison.OrdinalIgnoreCase)) return null;
        var comma = text.IndexOf(',');
        var rate = text[(comma + 1)..].Split('/');
        TimeSpan? unit = rate is [_, var word] ? word.Trim() switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => null,
        } : null;
        var burst = 0;
        if (unit is not { } time || !TryCount(rate[0], out var count) || (comma >= 0 && !TryCount(text[..comma], out burst)))
            throw new FormatException($"\"{text}\" is not a rate: 20/m (twenty in a minute; s, m, h or d), 60,20/m (sixty at once, then twenty in a minute), or off");
        return new Rate(comma < 0 ? count : burst, time / count);
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is > 0 and <= Most;
}
