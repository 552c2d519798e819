using System.Collections.Immutable;
using MucComponent.Operations;

namespace MucComponent.Control;

/// <summary>
/// The program's subcommands: the operations, asked of the service that runs beside it, and what the program does by itself
/// (<see cref="ProgramCommand"/>). An operation's arguments stand in their order, or anywhere as <c>--name value</c>; one that
/// takes several takes all that is left.
/// </summary>
public static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;

    /// <summary>Does what the arguments say.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        // Help may be asked for anywhere but behind a lone "--".
        var before = args.TakeWhile(a => a != "--").ToArray();
        if (before is ["help", ..] || before.Contains("--help") || before.Contains("-h"))
        {
            var words = before.Where(a => a is not ("help" or "--help" or "-h")).ToArray();
            if (Help.About(words) is not { } help) return Unknown(words, errors);
            await output.WriteAsync(help).ConfigureAwait(false);
            return Done;
        }
        if (ProgramCommand.All.FirstOrDefault(c => c.Name == args[0].TrimStart('-')) is { } command) return await command.RunAsync(args[1..], output, errors, stop).ConfigureAwait(false);
        if (OperationOf(args) is not { } operation)
        {
            if (Help.About(args[..1]) is not { } group || args.Length > 1) return Unknown(args, errors);
            await errors.WriteAsync(group).ConfigureAwait(false);
            return Misused;
        }
        var rest = args[operation.Name.Split(' ').Length..];
        var json = rest.TakeWhile(a => a != "--").Contains("--json");
        if (Read(operation, rest, out var values) is { } fault)
        {
            await errors.WriteLineAsync($"MucComponent: {fault}\nUsage: {Help.Usage(operation)}").ConfigureAwait(false);
            return Misused;
        }
        return await AskAsync(new ControlRequest(operation.Name, values), json, output, errors, stop).ConfigureAwait(false);
    }

    /// <summary>Reads an operation's arguments; a sentence if something is wrong with them.</summary>
    public static string? Read(Operation operation, IReadOnlyList<string> args, out Dictionary<string, ImmutableArray<string>> values)
    {
        values = [];
        var loose = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--")
            {
                loose.AddRange(args.Skip(i + 1));
                break;
            }
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || args[i] == "--json")
            {
                if (args[i] != "--json") loose.Add(args[i]);
                continue;
            }
            var (name, value) = args[i][2..].Split('=', 2) is [var n, var v] ? (n, v) : (args[i][2..], null);
            if (operation.Arguments.FirstOrDefault(a => a.Name == name) is not { } argument) return $"\"{operation.Name}\" has no --{name}.";
            if (argument.Type == ArgumentType.Flag) value ??= "1";
            else if (value is null && ++i < args.Count) value = args[i];
            if (value is null) return $"--{name} needs a value: {argument.Meaning}.";
            Add(values, argument, value);
        }
        // What was given by its name has what it wants.
        var named = values.Keys.ToHashSet();
        var open = new Queue<Argument>(operation.Arguments.Where(a => a.Type != ArgumentType.Flag && !named.Contains(a.Name)));
        foreach (var word in loose)
        {
            if (!open.TryPeek(out var argument)) return $"\"{word}\" is one argument too many.";
            Add(values, argument, word);
            if (!argument.TakesSeveral) open.Dequeue();
        }
        var read = values;
        return operation.Arguments.FirstOrDefault(a => a.Required && !read.ContainsKey(a.Name)) is { } missing ? $"{missing.Name} is missing: {missing.Meaning}." : null;
    }

    private static void Add(Dictionary<string, ImmutableArray<string>> values, Argument argument, string value) =>
        values[argument.Name] = [.. values.GetValueOrDefault(argument.Name, []), value];

    private static Operation? OperationOf(string[] args) =>
        OperationList.Named(string.Join(' ', args.Take(2))) ?? OperationList.Named(args[0]);

    private static int Unknown(string[] args, TextWriter errors)
    {
        var said = string.Join(' ', args.Take(2));
        var names = OperationList.All.Select(o => o.Name).Concat(ProgramCommand.All.Select(c => c.Name)).Append("help");
        errors.WriteLine($"MucComponent: \"{string.Join(' ', args)}\" is not known; did you mean \"{Settings.Nearest(said, names)}\"? \"MucComponent help\" tells what there is.");
        return Misused;
    }

    private static async Task<int> AskAsync(ControlRequest request, bool json, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        if (Settings.Read().Readable.ControlPath is not { } path)
        {
            await errors.WriteLineAsync("MucComponent: MUC_CONTROL is off, so the service takes no commands.").ConfigureAwait(false);
            return Failed;
        }
        using var line = ProgressLine.On(errors, isWanted: !json);
        var answer = await ControlClient.AskAsync(path, request, line.Show, stop).ConfigureAwait(false);
        line.Dispose();
        if (answer?.Result is { } result)
        {
            await output.WriteLineAsync(json ? ResultText.ToJson(result) : ResultText.ToText(result)).ConfigureAwait(false);
            return Done;
        }
        await errors.WriteLineAsync($"MucComponent: {answer?.Error ?? $"no service answers at {path}. Is it running, by the same user, and with the same MUC_DATA_DIR and MUC_CONTROL?"}").ConfigureAwait(false);
        return Failed;
    }
}
