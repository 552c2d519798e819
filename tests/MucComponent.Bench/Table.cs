using System.Globalization;

namespace MucComponent.Bench;

/// <summary>Medians of the runs, as Markdown.</summary>
internal static class Table
{
    private sealed record Column(string Title, Func<Measurement, double?> Value, int Digits, bool IsShown = true);

    public static void Write(IReadOnlyList<Measurement> measured, TextWriter output)
    {
        var isInside = measured.Any(m => m.Allocated is not null);
        Write(
            [.. measured.Where(m => !IsRest(m))], output,
            [
                new("out/s", m => m.OutPerSecond, 0), new("CPU µs/out", m => m.CpuPerOut, 2), new("MB/s", m => m.BytesOut / m.Seconds / 1e6, 0),
                new("p50 ms", m => m.P50Ms, 2), new("p99 ms", m => m.P99Ms, 2), new("max ms", m => m.MaxMs, 1),
                new("waited", m => m.WaitedSeconds / m.Seconds, 2, !isInside), new("gen busy", m => m.GeneratorBusy, 2),
                new("B/out", m => m.AllocatedPerOut, 0, isInside), new("B/in", m => m.AllocatedPerIn, 0, isInside),
                new("gen0", m => m.Gen0, 0, isInside), new("gen1", m => m.Gen1, 0, isInside), new("gen2", m => m.Gen2, 0, isInside),
                new("GC pause ms", m => m.PauseMs, 1, isInside), new("in", m => m.StanzasIn, 0, isInside), new("commits", m => m.Commits, 0, isInside),
            ]);
        Write(
            [.. measured.Where(IsRest)], output,
            [
                new("resident MB before", m => m.ResidentBefore / 1e6, 1), new("resident MB", m => m.Resident / 1e6, 1), new("resident B/occupant", m => m.ResidentPerOccupant, 0),
                new("live MB", m => m.Live / 1e6, 1, isInside), new("live B/occupant", m => m.LivePerOccupant, 0, isInside),
                new("fill s", m => m.Occupants > 0 ? m.Seconds : null, 2), new("fill CPU s", m => m.Occupants > 0 ? m.CpuSeconds : null, 2), new("CPU s at rest", m => m.HeldCpuSeconds, 3),
            ]);
    }

    private static bool IsRest(Measurement m) => m.Resident > 0;

    private static void Write(List<Measurement> measured, TextWriter output, Column[] columns)
    {
        if (measured.Count == 0) return;
        columns = [.. columns.Where(c => c.IsShown)];
        output.WriteLine($"\n| workload | component | exact | {string.Join(" | ", columns.Select(c => c.Title))} |");
        output.WriteLine($"|---|---|---|{string.Concat(columns.Select(_ => "---:|"))}");
        foreach (var group in measured.GroupBy(m => (m.Workload, m.Component)))
        {
            var exact = group.Where(m => m.Exact).ToList();
            var cells = exact.Count == 0 ? columns.Select(_ => "") : columns.Select(c => Show(Median(exact.Select(c.Value)), c.Digits));
            output.WriteLine($"| {group.Key.Workload} | {group.Key.Component} | {exact.Count}/{group.Count()} | {string.Join(" | ", cells)} |");
        }
    }

    private static double? Median(IEnumerable<double?> values)
    {
        List<double> sorted = [.. values.OfType<double>().Order()];
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Show(double? value, int digits) => value?.ToString($"N{digits}", CultureInfo.InvariantCulture) ?? "";
}
