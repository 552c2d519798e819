namespace MucComponent.Rooms;

/// <summary>How often something may be done: so many times at once, and after that once in an interval.</summary>
/// <param name="Burst">At least 1.</param>
public sealed record Rate(int Burst, TimeSpan Interval)
{
    /// <summary>Whether it may be done now, given when all that was done before would be due if nothing were done at once.</summary>
    public bool Allows(DateTimeOffset due, DateTimeOffset now) => due - now <= (Burst - 1) * Interval;

    /// <summary>When all is due, once it is done now.</summary>
    public DateTimeOffset Next(DateTimeOffset due, DateTimeOffset now) => (due > now ? due : now) + Interval;
}
