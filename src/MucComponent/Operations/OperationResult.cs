using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>What came of an operation: a sentence, a record, or a table, to be shown in whatever way.</summary>
/// <param name="Note">A sentence, or null.</param>
/// <param name="Columns">Of the rows; none if there is nothing but the sentence.</param>
/// <param name="Rows">Each with a cell for each column; a cell is no value, one or several.</param>
public sealed record OperationResult(string? Note, ImmutableArray<Column> Columns, ImmutableArray<ImmutableArray<ImmutableArray<string>>> Rows)
{
    /// <summary>Rows of a list, and not the one thing that was asked about.</summary>
    public bool IsTable { get; init; }

    public static OperationResult Done(string note) => new(note, [], []);

    /// <summary>What there is to say of one thing.</summary>
    public static OperationResult Record(params IEnumerable<(Column Column, object? Value)> fields)
    {
        var all = fields.ToList();
        return new(null, [.. all.Select(f => f.Column)], [[.. all.Select(f => Cell(f.Value))]]);
    }

    public static OperationResult Table(ImmutableArray<Column> columns, IEnumerable<object?[]> rows) =>
        new(null, columns, [.. rows.Select(row => row.Select(Cell).ToImmutableArray())]) { IsTable = true };

    private static ImmutableArray<string> Cell(object? value) => value switch
    {
        null or "" => [],
        bool yes => [yes ? "1" : "0"],
        DateTimeOffset time => [Timestamp.Format(time)],
        string text => [text],
        IEnumerable<object> several => [.. several.Select(one => one.ToString()!)],
        IFormattable number => [number.ToString(null, CultureInfo.InvariantCulture)],
        _ => [value.ToString()!],
    };
}

/// <summary>One thing that is told.</summary>
/// <param name="Name">For programs.</param>
/// <param name="Label">For people.</param>
public sealed record Column(string Name, string Label, ColumnType Type = ColumnType.Text);

public enum ColumnType
{
    Text,
    Texts,
    Jid,
    Jids,
    Number,

    /// <summary><c>1</c> or <c>0</c>.</summary>
    Flag,

    /// <summary>XEP-0082, UTC.</summary>
    Time,
}
