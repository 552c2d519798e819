using System.Globalization;

namespace MucComponent.Bench.Abuse;

/// <summary>One way to be a nuisance.</summary>
/// <param name="Rooms">Rooms that are flooded.</param>
/// <param name="Occupants">Of each, the flooders among them; five more are innocent.</param>
/// <param name="Flooders">Occupants of each room who flood; with several rooms it is the same person in all.</param>
/// <param name="Rate">Messages a second, of all of them together.</param>
public sealed record Flood(string Name, int Rooms, int Occupants, int Flooders, int Rate)
{
    public static readonly IReadOnlyList<Flood> All =
    [
        new("one user in one room of 105", 1, 100, 1, 5_000),
        new("1,000 users in one room of 1,000", 1, 1_000, 1_000, 1_000),
        new("one user in 1,000 rooms of 10", 1_000, 5, 1, 5_000),
        new("one user who is not in the room", 1, 100, 0, 5_000),
    ];

    /// <summary>The settings that config/README.md recommends where strangers come, with enough joins for the rooms to be filled.</summary>
    public static readonly IReadOnlyDictionary<string, string> Recommended = new Dictionary<string, string> { ["MUC_MESSAGE_RATE"] = "30,5/s" };
}

/// <summary>What the others had of it.</summary>
public sealed record Harm(Flood Flood, string Settings)
{
    public string? Why { get; init; }

    public Latencies ElsewhereBefore { get; init; } = Latencies.None;

    public Latencies Elsewhere { get; init; } = Latencies.None;

    public Latencies SameRoomBefore { get; init; } = Latencies.None;

    public Latencies SameRoom { get; init; } = Latencies.None;

    /// <summary>Messages of the flood.</summary>
    public long In { get; init; }

    /// <summary>Stanzas that came out meanwhile.</summary>
    public long Out { get; init; }

    public long Refusals { get; init; }

    public long ResidentBefore { get; init; }

    public long ResidentMost { get; init; }

    public double Seconds { get; init; }
}

/// <summary>In ms; <paramref name="Lost"/> did not come back at all.</summary>
public sealed record Latencies(double P50, double P99, double Max, int Lost)
{
    public static readonly Latencies None = new(0, 0, 0, 0);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{P50:0.0} / {P99:0.0} / {Max:0.0}{(Lost > 0 ? $" ({Lost} lost)" : "")}");
}
