using System.Collections.Immutable;
using MucComponent.Moving;

namespace MucComponent.Control;

/// <summary>A subcommand that the program does by itself, whether a service runs or not.</summary>
/// <param name="Usage">How it is called.</param>
/// <param name="Meaning">What it does, in a few words.</param>
/// <param name="Help">And in sentences.</param>
/// <param name="RunAsync">Does it with the arguments that follow, and returns the exit code.</param>
public sealed record ProgramCommand(string Name, string Usage, string Meaning, string Help, Func<string[], TextWriter, TextWriter, CancellationToken, Task<int>> RunAsync)
{
    /// <summary>What there is, in the order of help. Add one by adding a line.</summary>
    public static readonly ImmutableArray<ProgramCommand> All =
    [
        Check.Command, MovingCommand.Export, MovingCommand.Import,
    ];
}
