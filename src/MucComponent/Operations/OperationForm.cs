using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>An operation's arguments, and what came of it, as data forms (XEP-0004).</summary>
public static class OperationForm
{
    /// <summary>The form to fill in; null if nothing has to be said.</summary>
    /// <param name="node">As which command it is asked for.</param>
    public static DataForm? Of(Operation operation, string node) => operation.Arguments.IsEmpty
        ? null
        : new DataForm("form", operation.FormType(node)) { Title = operation.Meaning, Fields = [.. operation.Arguments.Select(Field)] };

    /// <summary>The arguments in a form filled in.</summary>
    public static IReadOnlyDictionary<string, ImmutableArray<string>> Read(Operation operation, DataForm form) =>
        operation.Arguments.Where(a => form.Field(a.Name) is not null).ToDictionary(a => a.Name, a => form.Values(a.Name)!.Value);

    /// <summary>What came of it, without its note; null if that is all.</summary>
    public static DataForm? Of(Operation operation, string node, OperationResult result)
    {
        if (result.Columns.IsEmpty) return null;
        var form = new DataForm("result", operation.FormType(node)) { Title = operation.Meaning };
        return result.IsTable
            ? form with
            {
                Reported = [.. result.Columns.Select(c => new FormField(c.Name, TypeOf(c.Type), c.Label))],
                Items = [.. result.Rows.Select(row => row.Select((cell, i) => FormField.Plain(result.Columns[i].Name, cell.AsSpan())).ToImmutableArray())],
            }
            : form with { Fields = [.. result.Columns.Select((c, i) => new FormField(c.Name, TypeOf(c.Type), c.Label) { Values = result.Rows[0][i] })] };
    }

    private static FormField Field(Argument argument) => new(argument.Name, TypeOf(argument), argument.Meaning)
    {
        Required = argument.Required,
        Options = [.. argument.Choices.Select(c => new FormOption(c, null))],
    };

    private static string TypeOf(Argument argument) => argument.Choices.IsEmpty
        ? argument.Type switch
        {
            ArgumentType.Texts => "text-multi",
            ArgumentType.Jid or ArgumentType.Room => "jid-single",
            ArgumentType.Jids or ArgumentType.Rooms => "jid-multi",
            ArgumentType.Flag => "boolean",
            _ => "text-single",
        }
        : "list-single";

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Texts => "text-multi",
        ColumnType.Jid => "jid-single",
        ColumnType.Jids => "jid-multi",
        ColumnType.Flag => "boolean",
        _ => "text-single",
    };
}
