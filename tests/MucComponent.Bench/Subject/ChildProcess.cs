using MucComponent.Conversations;

namespace MucComponent.Bench.Subject;

/// <summary>A component in a process of its own, on a CPU of its own.</summary>
public sealed class ChildProcess : ISubject
{
    private readonly ExternalProcess _process;

    private ChildProcess(ExternalProcess process) => _process = process;

    /// <param name="command">For the shell, which the component replaces.</param>
    /// <param name="cpu">The CPU it is tied to, as <c>taskset -c</c> has it; empty for none.</param>
    public static ChildProcess Start(string command, string cpu, IReadOnlyDictionary<string, string> settings)
    {
        string[] shell = ["sh", "-c", $"exec {command}"];
        string[] words = cpu.Length == 0 ? shell : ["taskset", "-c", cpu, .. shell];
        return new ChildProcess(ExternalProcess.Start("the component", words[0], words[1..], settings));
    }

    /// <summary>Its last words, for whoever has to say why it failed.</summary>
    public string LastWords => string.Join('\n', _process.Output.TakeLast(10));

    public Usage Usage() => new(ProcessTree.Cpu(_process.Id), ProcessTree.Waited(_process.Id));

    public Memory Memory() => new(ProcessTree.Resident(_process.Id), null);

    public Inside? Inside() => null;

    public async ValueTask DisposeAsync()
    {
        // The whole of it at once: what it keeps is thrown away too.
        await _process.DisposeAsync();
    }
}
