using System.Globalization;

namespace MucComponent.Xmpp;

/// <summary>Moments in time as XMPP writes them: the DateTime profile (XEP-0082 §3.2).</summary>
public static class Timestamp
{
    private const string ToTheSecond = "yyyy'-'MM'-'dd'T'HH':'mm':'ss";

    /// <summary>UTC, to the millisecond.</summary>
    public static string Format(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(ToTheSecond + "'.'fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads <c>CCYY-MM-DDThh:mm:ss[.sss]TZD</c>, as UTC. False for anything else, years a DateTimeOffset cannot hold among them.</summary>
    public static bool TryParse(string? text, out DateTimeOffset moment)
    {
        moment = default;
        var rest = text.AsSpan();
        if (rest.Length < "CCYY-MM-DDThh:mm:ssZ".Length) return false;
        var seconds = rest[.."CCYY-MM-DDThh:mm:ss".Length];
        rest = rest[seconds.Length..];
        if (!TryTakeFraction(ref rest, out var ticks) || !TryReadOffset(rest, out var offset)) return false;

        // The end of a day is the start of the next (XML Schema §3.3.7).
        if (seconds.EndsWith("T24:00:00") && ticks == 0)
        {
            seconds = $"{seconds[..11]}00:00:00";
            ticks = TimeSpan.TicksPerDay;
        }
        if (!DateTime.TryParseExact(seconds, ToTheSecond, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return false;
        var utc = local.Ticks + ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks) return false;
        moment = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    /// <summary>A dot and any number of digits, of which seven count.</summary>
    private static bool TryTakeFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.') return true;
        rest = rest[1..];
        var digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits < 1) return false;
        for (var (i, worth) = (0, TimeSpan.TicksPerSecond / 10); i < digits && worth > 0; i++, worth /= 10)
            ticks += (rest[i] - '0') * worth;
        rest = rest[digits..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> zone, out TimeSpan offset)
    {
        offset = default;
        if (zone is "Z") return true;
        if (zone.Length != "+hh:mm".Length || zone[0] is not ('+' or '-')) return false;
        if (!TimeSpan.TryParseExact(zone[1..], "hh':'mm", CultureInfo.InvariantCulture, out offset) || offset > TimeSpan.FromHours(14)) return false;
        if (zone[0] == '-') offset = -offset;
        return true;
    }
}
