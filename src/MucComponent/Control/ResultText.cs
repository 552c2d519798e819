using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MucComponent.Operations;

namespace MucComponent.Control;

/// <summary>What came of an operation, for people at a terminal and for programs.</summary>
public static class ResultText
{
    // It goes to no web page, and names are to be read.
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToText(OperationResult result)
    {
        var text = new StringBuilder(result.Note is null ? "" : Plain(result.Note, keepLines: true));
        if (result.Columns.IsEmpty) return text.ToString();
        if (text.Length > 0) text.Append('\n');
        return text.Append(result.IsTable ? Table(result) : Record(result)).ToString();
    }

    /// <summary>A table is an array, a record an object, and a sentence alone <c>{"note": …}</c>.</summary>
    public static string ToJson(OperationResult result)
    {
        JsonNode json = result.IsTable ? new JsonArray([.. result.Rows.Select((_, row) => (JsonNode)Object(result, row))])
            : result.Columns.IsEmpty ? new JsonObject { ["note"] = result.Note }
            : Object(result, 0);
        return json.ToJsonString(Json);
    }

    private static JsonObject Object(OperationResult result, int row)
    {
        var json = new JsonObject();
        for (var i = 0; i < result.Columns.Length; i++) json[result.Columns[i].Name] = Value(result.Columns[i].Type, result.Rows[row][i]);
        return json;
    }

    private static JsonNode? Value(ColumnType type, IReadOnlyList<string> cell) => type switch
    {
        ColumnType.Texts or ColumnType.Jids => new JsonArray([.. cell.Select(v => (JsonNode)v)]),
        _ when cell.Count == 0 => null,
        ColumnType.Number => JsonNode.Parse(cell[0]),
        ColumnType.Flag => cell[0] == "1",
        _ => cell[0],
    };

    private static string Record(OperationResult result)
    {
        var width = result.Columns.Max(c => c.Label.Length) + 1;
        return string.Join('\n', result.Columns.Select((c, i) => $"{(c.Label + ":").PadRight(width)} {Cell(c.Type, result.Rows[0][i])}".TrimEnd()));
    }

    private static string Table(OperationResult result)
    {
        List<string[]> lines = [[.. result.Columns.Select(c => c.Label)], .. result.Rows.Select(row => row.Select((cell, i) => Cell(result.Columns[i].Type, cell)).ToArray())];
        var widths = result.Columns.Select((_, i) => lines.Max(line => line[i].Length)).ToArray();
        return string.Join('\n', lines.Select(line => string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()));
    }

    private static string Cell(ColumnType type, IReadOnlyList<string> cell) =>
        type == ColumnType.Flag && cell is [var flag] ? flag == "1" ? "yes" : "no" : Plain(string.Join(", ", cell), keepLines: false);

    // What people call a room must not drive the operator's terminal.
    private static string Plain(string text, bool keepLines) =>
        string.Concat(text.Select(c => c == '\n' ? keepLines ? '\n' : ' ' : char.IsControl(c) ? '?' : c));
}
