using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MucComponent.Conversations;

/// <summary>
/// A server or component that runs beside us in a folder of its own: started, awaited, killed, and never left behind. Its
/// output is kept in memory for whoever has to say why something went wrong.
/// </summary>
public sealed class ExternalProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int LinesShown = 30;
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShutDown = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly string _name;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ExternalProcess(string name, Process process)
    {
        (_name, _process) = (name, process);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        // Whatever ends us, nothing stays behind.
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    /// <summary>All it has printed so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public static ExternalProcess Start(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var started = new ExternalProcess(name, new Process { StartInfo = start });
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Where a program lies, or one line that says what to install.</summary>
    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static string Installed(string program, string package) =>
        new[] { "/usr/bin", "/usr/sbin", "/usr/local/bin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"{program} is missing: apt-get install {package}");

    /// <summary>Waits until it listens on these loopback ports.</summary>
    public Task ListensAsync(params int[] ports) => UntilAsync(
        $"listen on port {string.Join(" and ", ports)}",
        () => ports.All(port =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }));

    /// <summary>Waits until it has printed a line with this text, <paramref name="times"/> times in all.</summary>
    public Task SaysAsync(string text, int times = 1) => UntilAsync(
        $"say '{text}'", () => _output.Count(line => line.Contains(text, StringComparison.Ordinal)) >= times);

    /// <summary>Waits until something that it does is done.</summary>
    /// <exception cref="IOException">It ended, or took too long; with its last words.</exception>
    public async Task UntilAsync(string what, Func<bool> done)
    {
        for (var waited = Stopwatch.StartNew(); !done(); await Task.Delay(Glance))
        {
            if (!_process.HasExited && waited.Elapsed < StartUp) continue;
            var how = _process.HasExited ? $"ended with {_process.ExitCode}" : $"took more than {StartUp.TotalSeconds:0} seconds";
            throw new IOException($"{_name} {how} and did not {what}. Its last words:\n{string.Join('\n', _output.TakeLast(LinesShown))}");
        }
    }

    /// <summary>Waits until it has done what it is for.</summary>
    /// <exception cref="IOException">It failed, or took too long; with its last words.</exception>
    public async Task EndsAsync()
    {
        await UntilAsync("end", () => _process.HasExited);
        if (_process.ExitCode != 0) throw new IOException($"{_name} ended with {_process.ExitCode}. Its last words:\n{string.Join('\n', _output.TakeLast(LinesShown))}");
    }

    /// <summary>Stops it with SIGTERM, as an operator does, and waits for the end.</summary>
    public async Task TerminateAsync()
    {
        var ended = _process.WaitForExitAsync();
        // A server that is still starting may not have heard the first one.
        for (var waited = Stopwatch.StartNew(); !ended.IsCompleted && waited.Elapsed < ShutDown; await Task.WhenAny(ended, Task.Delay(AskAgain)))
            _ = Signal(_process.Id, SigTerm);
        await ended.WaitAsync(AskAgain);
    }

    /// <summary>Kill -9, children and all.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) _output.Enqueue(line.Data);
    }

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
