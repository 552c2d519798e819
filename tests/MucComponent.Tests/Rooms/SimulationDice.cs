namespace MucComponent.Tests.Rooms;

/// <summary>Chance, by a seed: the same seed throws the same.</summary>
public sealed class SimulationDice(int seed)
{
    private readonly Random _random = new(seed);

    public bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>From 0 up to, and without, <paramref name="end"/>.</summary>
    public int Below(int end) => _random.Next(end);

    public T OneOf<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    public T One<T>(params ReadOnlySpan<T> of) => of[_random.Next(of.Length)];

    /// <summary>One of these, each as likely as its weight.</summary>
    public T Weighted<T>(IReadOnlyList<(int Weight, T Value)> of)
    {
        var at = _random.Next(of.Sum(o => o.Weight));
        foreach (var (weight, value) in of)
            if ((at -= weight) < 0) return value;
        throw new ArgumentException("no weights", nameof(of));
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
