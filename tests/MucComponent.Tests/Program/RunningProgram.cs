using System.Diagnostics;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace MucComponent.Tests.Program;

/// <summary>The program as an operator starts it: arguments and environment in; two streams of lines and an exit code out.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>Against tests that would never end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];

    private RunningProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
    }

    public int Id => _process.Id;

    public IReadOnlyList<string> Output => Copy(_output);

    public IReadOnlyList<string> Errors => Copy(_errors);

    /// <param name="folder">Where it is started.</param>
    /// <param name="environment">All the <c>MUC_</c> variables there are.</param>
    public static RunningProgram Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(TestContext.CurrentContext.TestDirectory, "MucComponent.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MUC_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var program = new RunningProgram(start);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Waits for a line of its log with this text, or for as many of them.</summary>
    public async Task SaysAsync(string text, int times = 1, TimeSpan? within = null)
    {
        for (var waited = Stopwatch.StartNew(); Output.Count(line => line.Contains(text, StringComparison.Ordinal)) < times; await Task.Delay(50))
            if (_process.HasExited || waited.Elapsed > (within ?? Patience)) throw new TimeoutException($"it never said '{text}', but:\n{string.Join('\n', [.. Output, .. Errors])}");
    }

    /// <summary>Waits for its end, and returns its exit code.</summary>
    public async Task<int> EndsAsync(TimeSpan? within = null)
    {
        using var late = new CancellationTokenSource(within ?? Patience);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"it goes on and on:\n{string.Join('\n', [.. Output, .. Errors])}");
        }
        return _process.ExitCode;
    }

    /// <summary>Stops it as an operator does; an impatient one, who waits no longer than that.</summary>
    public Task<int> StopAsync(TimeSpan? within = null)
    {
        _ = Signal(_process.Id, SigTerm);
        return EndsAsync(within);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static void Keep(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Add(line);
    }

    private static List<string> Copy(List<string> lines)
    {
        lock (lines) return [.. lines];
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
