using System.Globalization;
using MucComponent.Bench.Load;
using MucComponent.Bench.Subject;

namespace MucComponent.Bench;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Help =
        """
        usage: MucComponent.Bench [options] [WORKLOAD...]
          WORKLOAD is one argument, such as fanout or 'fanout n=100 m=20000'. Without any, a standard set is run.
              join    r=10 n=200 w=32                n users enter a room, then the next of r; w under way at once
              fanout  n=100 m=8000 w=32 body=100     m messages into one room of n, w under way at once
              rooms   r=500 n=10 m=40000 w=256 body=100   the same over r rooms of n, in turn
              churn   n=100 u=8 cycles=2500 large=0  u users go in and out of a room of n others; those above the first LARGE are not shown
              latency n=50 rate=200 secs=10 body=100   at a fixed rate, whatever comes back
              rest    r=1000 n=10 w=64 secs=5        fills r rooms of n; memory after a while of nothing
              idle    secs=5                         nothing at all
          --abuse               floods, and what the others notice of them; see also ../abuse.sh
          --curve               rooms of 10 to 10,000, and 1 to 100,000 rooms (needs minutes, and GB for the last)
          --store STORE         our own component with memory (default), sqlite or postgres; may be repeated
          --component NAME=COMMAND   any other component; may be repeated, runs alternate
          --room-config VAR=VALUE    sets an option of the rooms; may be repeated
          --archive             rooms keep an archive: --room-config muc#roomconfig_enablelogging=1
          --in-process          our own component in this process: also allocations, collections, commits
          --runs N              runs of each, of which medians are shown (default 3)
          --gen-cpu N  --comp-cpu LIST   where generator and component run (default 0 and 1; none: not pinned)
          --json FILE           each run as a line of JSON
          --micro [FILTER]      benchmarks of single stages by BenchmarkDotNet, for example --micro '*Parsing*'
        """;

    public List<Workload> Workloads { get; init; } = [];

    public List<Candidate> Components { get; init; } = [];

    public int Runs { get; private set; } = 3;

    public bool InProcess { get; private set; }

    /// <summary>Floods instead of workloads.</summary>
    public bool Abuse { get; private set; }

    public string? Json { get; private set; }

    public int? GeneratorCpu { get; private set; } = Environment.ProcessorCount > 1 ? 0 : null;

    public string ComponentCpu { get; private set; } = Environment.ProcessorCount > 1 ? "1" : "";

    /// <summary>What an owner sets in each room.</summary>
    public List<(string Var, string Value)> RoomConfig { get; } = [];

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">What is wrong with them.</exception>
    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} wants a value");
            switch (args[i])
            {
                case "--abuse":
                    options.Abuse = true;
                    break;
                case "--curve":
                    options.Workloads.AddRange(Workload.Curve.Select(Workload.Parse));
                    break;
                case "--store":
                    options.Components.Add(Own(Value()));
                    break;
                case "--component":
                    options.Components.Add(Value().Split('=', 2) is [var name, var command] ? new Candidate(name, command, StorageKind.Memory) : throw new FormatException("--component wants NAME=COMMAND"));
                    break;
                case "--archive":
                    options.RoomConfig.Add(("muc#roomconfig_enablelogging", "1"));
                    break;
                case "--room-config":
                    options.RoomConfig.Add(Value().Split('=', 2) is [var field, var set] ? (field, set) : throw new FormatException("--room-config wants VAR=VALUE"));
                    break;
                case "--in-process":
                    options.InProcess = true;
                    break;
                case "--runs":
                    options.Runs = Math.Max(1, Number(Value()));
                    break;
                case "--gen-cpu":
                    options.GeneratorCpu = Value() is var cpu && cpu == "none" ? null : Number(cpu);
                    break;
                case "--comp-cpu":
                    options.ComponentCpu = Value() is var cpus && cpus == "none" ? "" : cpus;
                    break;
                case "--json":
                    options.Json = Value();
                    break;
                case ['-', ..]:
                    throw new FormatException($"{args[i]} is not known");
                default:
                    options.Workloads.Add(Workload.Parse(args[i]));
                    break;
            }
        }
        if (options.Workloads.Count == 0) options.Workloads.AddRange(Workload.Standard.Select(Workload.Parse));
        if (options.Components.Count == 0) options.Components.Add(Own("memory"));
        if (options.InProcess && options.Components.Exists(c => c.Command is not null)) throw new FormatException("--in-process is for our own component");
        return options;
    }

    private static Candidate Own(string store) =>
        Enum.TryParse<StorageKind>(store, ignoreCase: true, out var kind) ? new Candidate($"ours, {store}", null, kind)
            : throw new FormatException($"{store}: the stores are memory, sqlite and postgres");

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"{text} is no number");
}
