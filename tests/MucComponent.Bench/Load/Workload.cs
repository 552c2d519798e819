using System.Globalization;

namespace MucComponent.Bench.Load;

/// <summary>One kind of work and its sizes, as in <c>fanout n=100 m=8000 w=32</c>.</summary>
public sealed record Workload(string Kind, IReadOnlyDictionary<string, double> Sizes)
{
    /// <summary>Every kind, with all its sizes and their defaults.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["join"] = "r=10 n=200 w=32",
        ["fanout"] = "n=100 m=8000 w=32 body=100",
        ["rooms"] = "r=500 n=10 m=40000 w=256 body=100",
        ["churn"] = "n=100 u=8 cycles=2500 large=0",
        ["latency"] = "n=50 rate=200 secs=10 body=100",
        ["rest"] = "r=1000 n=10 w=64 secs=5",
        ["idle"] = "secs=5",
    };

    /// <summary>What a run without arguments measures.</summary>
    public static readonly IReadOnlyList<string> Standard =
    [
        "join w=1", "join w=32", "fanout n=10 m=40000 w=64", "fanout n=100", "fanout n=1000 m=2000 w=8", "rooms", "churn", "latency", "rest", "idle",
    ];

    /// <summary>Does the cost for each stanza stay flat as rooms and their number grow?</summary>
    public static readonly IReadOnlyList<string> Curve =
    [
        "fanout n=10 m=40000 w=64", "fanout n=100 m=8000", "fanout n=1000 m=2000 w=8", "fanout n=10000 m=300 w=4",
        "rooms r=1 m=40000", "rooms r=10 m=40000", "rooms r=100 m=40000", "rooms r=1000 m=40000", "rooms r=10000 m=100000", "rooms r=100000 m=300000",
    ];

    /// <summary>A size.</summary>
    public int this[string size] => (int)Sizes[size];

    /// <summary>Reads a workload.</summary>
    /// <exception cref="FormatException">There is no such kind or size.</exception>
    public static Workload Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !Kinds.TryGetValue(words[0], out var defaults)) throw new FormatException($"'{text}': the workloads are {string.Join(", ", Kinds.Keys)}");
        var sizes = defaults.Split(' ').ToDictionary(Name, Value);
        foreach (var word in words.Skip(1))
        {
            if (!sizes.ContainsKey(Name(word)) || Value(word) <= 0) throw new FormatException($"'{word}': {words[0]} has the sizes {defaults}");
            sizes[Name(word)] = Value(word);
        }
        return new Workload(words[0], sizes);
    }

    public override string ToString() => $"{Kind} {string.Join(' ', Sizes.Where(s => s is not ({ Key: "body", Value: 100 } or { Key: "large", Value: 0 })).Select(s => $"{s.Key}={s.Value:0.###}"))}";

    private static string Name(string word) => word.Split('=')[0];

    private static double Value(string word) =>
        word.Split('=') is [_, var value] && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : throw new FormatException($"'{word}' is no size: NAME=NUMBER");
}
