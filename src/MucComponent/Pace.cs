using MucComponent.Rooms;

namespace MucComponent;

/// <summary>What was done of something that has a <see cref="Rate"/>. For one caller at a time.</summary>
public sealed class Pace(TimeProvider clock, Rate rate)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>Since the beginning.</summary>
    private TimeSpan _due;

    /// <summary>Zero if it may be done now; otherwise how long not yet.</summary>
    public TimeSpan Wait => rate.Wait(_due - clock.GetElapsedTime(_began));

    /// <summary>It was done so many times.</summary>
    public void Count(int times = 1)
    {
        var now = clock.GetElapsedTime(_began);
        _due = now + rate.After(_due - now, times);
    }
}
