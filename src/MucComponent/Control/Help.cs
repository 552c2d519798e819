using MucComponent.Operations;

namespace MucComponent.Control;

/// <summary>What the program tells of itself.</summary>
public static class Help
{
    private const int Indent = 27;
    private const int Width = 90;

    /// <summary>All there is (no words), what begins with a word, or one command; null if there is no such thing.</summary>
    public static string? About(string[] words)
    {
        if (words.Length == 0) return All();
        if (words is ["settings"]) return TheSettings();
        if (ProgramCommand.All.FirstOrDefault(c => c.Name == words[0]) is { } command) return $"MucComponent {command.Usage}\n\n{command.Help}\n";
        if (OperationList.Named(string.Join(' ', words.Take(2))) is { } operation) return About(operation);
        if (words.Length == 1 && OperationList.Named(words[0]) is { } simple) return About(simple);
        var group = OperationList.All.Where(o => o.Name.StartsWith(words[0] + " ", StringComparison.Ordinal)).ToList();
        return words.Length > 1 || group.Count == 0 ? null : $"MucComponent {words[0]} COMMAND\n\n{List(group)}\n\"MucComponent {words[0]} COMMAND --help\" tells more about one.\n";
    }

    /// <summary>How the operation is called, in a line.</summary>
    public static string Usage(Operation operation)
    {
        var arguments = operation.Arguments.Select(a =>
        {
            var word = a.Name.ToUpperInvariant() + (a.TakesSeveral ? "..." : "");
            return a.Type == ArgumentType.Flag ? $"[--{a.Name}]" : a.Required ? word : $"[{word}]";
        });
        return string.Join(' ', (string[])[$"MucComponent {operation.Name}", .. arguments, "[--json]"]);
    }

    private static string About(Operation operation)
    {
        var order = operation.Arguments.IsEmpty ? "" : "\nThe arguments stand in this order, or anywhere as --NAME VALUE.\n";
        return $"{Usage(operation)}\n\n{operation.Meaning}.\n\n{string.Concat(operation.Arguments.Select(Line))}{Line("--json", "the answer as JSON")}{order}"
            + $"\nAs an ad-hoc command of the service: {string.Join(", ", operation.Nodes)}\n";
    }

    private static string Line(Argument argument) => Line(
        argument.Type == ArgumentType.Flag ? $"--{argument.Name}" : argument.Name,
        argument.Choices.IsEmpty ? argument.Meaning : $"{argument.Meaning}: {string.Join(", ", argument.Choices)}");

    private static string All() => $"""
        MucComponent: rooms for an XMPP server, as an external component.

        {Line("MucComponent", "runs the service")}{Line("MucComponent --health", "tells by its exit code whether it is attached or stands by")}{Line("MucComponent --alive", "and whether it runs at all")}{string.Concat(ProgramCommand.All.Select(c => Line($"MucComponent {c.Name}", c.Meaning)))}{Line("MucComponent help COMMAND", "tells more about a command")}
        Commands for the service that runs here (MucComponent COMMAND):

        {List(OperationList.All)}
        Settings are environment variables; "MucComponent help settings" lists them.

        """;

    private static string TheSettings() => "Each may be in a file instead, which NAME_FILE names.\n\n" + string.Concat(Settings.All.Select(s =>
        $"{s.Name}{(string.IsNullOrEmpty(s.Default) ? "" : $" ({s.Default})")}\n{string.Concat(Wrapped(s.Meaning).Select(line => $"    {line}\n"))}"));

    private static IEnumerable<string> Wrapped(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length >= Width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }

    private static string List(IEnumerable<Operation> operations) => string.Concat(operations.Select(o => Line(o.Name, o.Meaning)));

    private static string Line(string name, string meaning) => $"  {name.PadRight(Indent)} {meaning}\n";
}
