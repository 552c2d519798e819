namespace MucComponent;

/// <summary>How often something may be done: so many times at once, and after that once in an interval (a token bucket). For one caller at a time.</summary>
public sealed class Pace(TimeProvider clock, int burst, TimeSpan interval)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>Since the beginning: when all that was done would be due if nothing were done at once.</summary>
    private TimeSpan _due;

    /// <summary>Zero if it may be done now; otherwise how long not yet.</summary>
    public TimeSpan Wait
    {
        get
        {
            var early = _due - clock.GetElapsedTime(_began) - (burst * interval);
            return early > TimeSpan.Zero ? early : TimeSpan.Zero;
        }
    }

    /// <summary>It was done so many times.</summary>
    public void Count(int times = 1)
    {
        var now = clock.GetElapsedTime(_began);
        _due = (_due > now ? _due : now) + (times * interval);
    }
}
