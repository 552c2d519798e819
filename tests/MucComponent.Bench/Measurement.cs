namespace MucComponent.Bench;

/// <summary>One run of one workload on one component.</summary>
public sealed record Measurement
{
    public required string Workload { get; init; }

    public required string Component { get; init; }

    public int Run { get; init; }

    /// <summary>All that was due came, and nothing else.</summary>
    public bool Exact { get; init; }

    /// <summary>Why not.</summary>
    public string? Why { get; init; }

    public long StanzasIn { get; init; }

    public long StanzasOut { get; init; }

    public long BytesOut { get; init; }

    public double Seconds { get; init; }

    public double CpuSeconds { get; init; }

    public double? WaitedSeconds { get; init; }

    /// <summary>The part of the time for which the generator had its CPU: near 1, it was the limit.</summary>
    public double GeneratorBusy { get; init; }

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    public double? MaxMs { get; init; }

    public long ResidentBefore { get; init; }

    public long Resident { get; init; }

    public long? LiveBefore { get; init; }

    public long? Live { get; init; }

    /// <summary>Occupants of all rooms, where memory is what is measured.</summary>
    public int Occupants { get; init; }

    public double HeldCpuSeconds { get; init; }

    public long? Allocated { get; init; }

    public int? Gen0 { get; init; }

    public int? Gen1 { get; init; }

    public int? Gen2 { get; init; }

    public double? PauseMs { get; init; }

    public long? Commits { get; init; }

    public double OutPerSecond => Seconds > 0 ? StanzasOut / Seconds : 0;

    /// <summary>CPU µs for each stanza sent, which is also CPU seconds for a million.</summary>
    public double CpuPerOut => StanzasOut > 0 ? CpuSeconds * 1e6 / StanzasOut : 0;

    public double? AllocatedPerOut => StanzasOut > 0 ? (double?)Allocated / StanzasOut : null;

    public double? AllocatedPerIn => StanzasIn > 0 ? (double?)Allocated / StanzasIn : null;

    /// <summary>Not in process, where the generator and earlier runs have left pages behind.</summary>
    public double? ResidentPerOccupant => Occupants > 0 && Live is null ? (double)(Resident - ResidentBefore) / Occupants : null;

    public double? LivePerOccupant => Occupants > 0 ? (double?)(Live - LiveBefore) / Occupants : null;
}
