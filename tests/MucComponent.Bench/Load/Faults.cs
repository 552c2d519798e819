namespace MucComponent.Bench.Load;

/// <summary>How a component can be wrong.</summary>
public enum Fault
{
    /// <summary>A copy that never came.</summary>
    Lost,

    /// <summary>A copy that came more than once.</summary>
    Doubled,

    /// <summary>A room's message before an earlier one of the room, or after a gap.</summary>
    Disordered,

    /// <summary>A body that was not what was written.</summary>
    Altered,

    /// <summary>From another occupant than the one who spoke.</summary>
    WrongNick,

    /// <summary>To somebody who is not in the room.</summary>
    Misdelivered,

    /// <summary>Errors, and all else that nobody is due.</summary>
    Unexpected,
}

/// <summary>How often it was wrong, and how the first time.</summary>
public sealed class Faults
{
    private readonly long[] _counts = new long[Enum.GetValues<Fault>().Length];

    public bool Any { get; private set; }

    public string First { get; private set; } = "";

    public long this[Fault fault] => _counts[(int)fault];

    public void Add(Fault fault, long count, string what)
    {
        if (!Any) First = what;
        Any = true;
        _counts[(int)fault] += count;
    }

    public override string ToString() =>
        string.Join(", ", Enum.GetValues<Fault>().Where(f => this[f] > 0).Select(f => $"{this[f]} {f.ToString().ToLowerInvariant()}"));
}
