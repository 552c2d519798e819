using System.Globalization;

namespace MucComponent.Bench.Subject;

/// <summary>A process and all it has started, as <c>/proc</c> shows them: a command may be a shell that starts the component.</summary>
internal static class ProcessTree
{
    public static TimeSpan Cpu(int root) => new(Sum(root, process => Linux.ProcessCpu(process).Ticks));

    public static long Resident(int root) => Sum(root, ResidentBytes);

    /// <summary>Threads that have ended are not counted any more.</summary>
    public static TimeSpan Waited(int root) => new(Sum(root, WaitedTicks));

    private static long WaitedTicks(int process)
    {
        try
        {
            // schedstat: nanoseconds on a CPU, nanoseconds waiting for one, times it ran.
            return Directory.GetDirectories($"/proc/{process}/task").Sum(task => Number(File.ReadAllText($"{task}/schedstat").Split(' ')[1])) / 100;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public static long ResidentBytes(int process)
    {
        try
        {
            return Number(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1]) * Environment.SystemPageSize;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static long Sum(int root, Func<int, long> of)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var process)) continue;
            try
            {
                var stat = File.ReadAllText($"{folder}/stat");
                parents[process] = (int)Number(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
            }
            catch (IOException)
            {
                // Gone meanwhile.
            }
        }
        return parents.Keys.Where(IsOurs).Sum(of);

        bool IsOurs(int process)
        {
            while (process != root && parents.TryGetValue(process, out var parent)) process = parent;
            return process == root;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
