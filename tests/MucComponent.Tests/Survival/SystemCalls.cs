using System.Globalization;
using System.Text.RegularExpressions;
using MucComponent.Conversations;

namespace MucComponent.Tests.Survival;

/// <summary>
/// What a running process asks of the system, written down, or answered with an error in the system's place, by strace.
/// That needs the right to trace a process; where it is missing, the test fails and says so.
/// </summary>
public sealed partial class SystemCalls : IAsyncDisposable
{
    private readonly ExternalProcess _strace;
    private readonly string _file;

    private SystemCalls(ExternalProcess strace, string file) => (_strace, _file) = (strace, file);

    /// <summary>One call: its name, the file or socket, the bytes given, and where in the file; in the order in which they began.</summary>
    /// <param name="Ended">The place in that order at which it was over, by the count of calls begun and ended.</param>
    public sealed record Call(string Name, string On, byte[] Bytes, long At, int Began, int Ended);

    /// <summary>Makes calls like these fail with this error until it is disposed; others are as always.</summary>
    public static Task<SystemCalls> FailAsync(int process, string error, string calls, params string[] files) =>
        AttachAsync(process, ["-e", $"trace={calls}", "-e", $"inject={calls}:error={error}", .. files.SelectMany(file => new[] { "-P", file })]);

    /// <summary>Takes down calls like these, with all their bytes.</summary>
    public static Task<SystemCalls> WatchAsync(int process, string calls) =>
        AttachAsync(process, ["-y", "-xx", "-s", "10000000", "-e", $"trace={calls}", "-e", "signal=none"]);

    private static async Task<SystemCalls> AttachAsync(int process, string[] options)
    {
        var file = Path.GetTempFileName();
        var strace = ExternalProcess.Start(
            "strace", ExternalProcess.Installed("strace", "strace"), ["-f", "-o", file, .. options, "-p", $"{process}"], new Dictionary<string, string>());
        var calls = new SystemCalls(strace, file);
        try
        {
            await strace.SaysAsync("attached");
            return calls;
        }
        catch
        {
            await calls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the process go, and tells what there was.</summary>
    public async Task<IReadOnlyList<Call>> EndAsync()
    {
        await _strace.TerminateAsync();
        var calls = new List<Call>();
        var open = new Dictionary<string, int>();
        var step = 0;
        foreach (var line in File.ReadLines(_file))
        {
            step++;
            if (Begun().Match(line) is { Success: true } begun)
            {
                var bytes = Convert.FromHexString(begun.Groups["bytes"].Value.Replace("\\x", "", StringComparison.Ordinal));
                var place = Place().Match(line) is { Success: true } at ? long.Parse(at.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
                var on = System.Text.Encoding.UTF8.GetString(Convert.FromHexString(begun.Groups["on"].Value.Replace("\\x", "", StringComparison.Ordinal)));
                if (line.EndsWith("<unfinished ...>", StringComparison.Ordinal)) open[begun.Groups["thread"].Value] = calls.Count;
                calls.Add(new Call(begun.Groups["name"].Value, on, bytes, place, step, line.EndsWith("...>", StringComparison.Ordinal) ? int.MaxValue : step));
            }
            else if (line.Contains(" resumed>", StringComparison.Ordinal) && open.Remove(line.Split(' ')[0], out var index))
            {
                calls[index] = calls[index] with { Ended = step };
            }
        }
        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited) await _strace.TerminateAsync();
        await _strace.DisposeAsync();
        File.Delete(_file);
    }

    // 4711  pwrite64(57<\x2f\x74…>, "\x00…", 4096, 8192) = 4096
    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<name>\w+)\(\d+<(?<on>(\\x[0-9a-f]{2})*)[^>]*>[^""]*(""(?<bytes>(\\x[0-9a-f]{2})*)"")?")]
    private static partial Regex Begun();

    // Of a write the place, of a truncation the length: the last number of the call.
    [GeneratedRegex(@", (\d+)(\)\s+=| <unfinished)")]
    private static partial Regex Place();
}
