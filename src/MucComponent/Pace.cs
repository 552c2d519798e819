namespace MucComponent;

/// <summary>How often something may be done: so many times at once, and after that once in an interval (a token bucket). For one caller at a time.</summary>
public sealed class Pace(TimeProvider clock, int burst, TimeSpan interval)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>Since the beginning: when all that was done would be due if nothing were done at once.</summary>
    private TimeSpan _due;

    /// <summary>Zero if it may be done now, which then counts; otherwise how long to wait before asking again.</summary>
    public TimeSpan Take()
    {
        var now = clock.GetElapsedTime(_began);
        var due = _due > now ? _due : now;
        var early = due - now - (burst * interval);
        if (early > TimeSpan.Zero) return early;
        _due = due + interval;
        return TimeSpan.Zero;
    }
}
