namespace MucComponent.Rooms;

/// <summary>How often something may be done: so many times at once, and after that once in an interval (a token bucket).</summary>
/// <param name="Burst">At least 1.</param>
/// <remarks>Of what was done one time is remembered: how far ahead it is, that is, in how long all of it would be due if nothing were done at once.</remarks>
public sealed record Rate(int Burst, TimeSpan Interval)
{
    /// <summary>How long not yet; zero if it may be done now.</summary>
    public TimeSpan Wait(TimeSpan ahead) => Positive(ahead - ((Burst - 1) * Interval));

    /// <summary>How far ahead it is, once it is done now.</summary>
    public TimeSpan After(TimeSpan ahead, int times = 1) => Positive(ahead) + (times * Interval);

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
