using System.Globalization;
using System.Text.Json;

namespace MucComponent.Moving.Prosody;

/// <summary>A table as Prosody keeps it: some values in their order, and some by name. A value is a text, a number, a truth or a table.</summary>
public sealed class LuaTable
{
    private readonly Dictionary<string, object> _named = new(StringComparer.Ordinal);
    private readonly SortedDictionary<double, object> _numbered = [];

    /// <summary>The values by name, in no order.</summary>
    public IReadOnlyDictionary<string, object> Named => _named;

    /// <summary>The values by number, in their order.</summary>
    public IEnumerable<object> Items => _numbered.Values;

    /// <summary>Adds a value after the last one.</summary>
    public void Add(object? value) => Set((double)(_numbered.Count + 1), value);

    /// <param name="key">A text or a number; others Prosody does not use, and they are passed over.</param>
    public void Set(object? key, object? value)
    {
        if (value is null) return;
        if (key is string name) _named[name] = value;
        else if (key is double number) _numbered[number] = value;
    }

    public string? Text(string name) => _named.GetValueOrDefault(name) switch
    {
        string text => text,
        double number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public bool? Flag(string name) => _named.GetValueOrDefault(name) as bool?;

    /// <summary>Anything counts as yes but <c>nil</c> and <c>false</c>.</summary>
    public bool IsTrue(string name) => _named.TryGetValue(name, out var value) && value is not false;

    public double? Number(string name) => _named.GetValueOrDefault(name) switch
    {
        double number => number,
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    public LuaTable? Table(string name) => _named.GetValueOrDefault(name) as LuaTable;

    /// <summary>A value as Prosody writes it in JSON: a table with values of both kinds has these under <c>__array</c> and <c>__hash</c>.</summary>
    public static object? From(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.Number:
                return json.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return json.GetBoolean();
            case JsonValueKind.Array:
                var list = new LuaTable();
                foreach (var item in json.EnumerateArray()) list.Add(From(item));
                return list;
            case JsonValueKind.Object:
                var table = new LuaTable();
                foreach (var property in json.EnumerateObject())
                {
                    if (property.Name == "__array" && property.Value.ValueKind == JsonValueKind.Array)
                        foreach (var item in property.Value.EnumerateArray()) table.Add(From(item));
                    else if (property.Name == "__hash" && property.Value.ValueKind == JsonValueKind.Array)
                        foreach (var pair in property.Value.EnumerateArray().Chunk(2).Where(pair => pair.Length == 2)) table.Set(From(pair[0]), From(pair[1]));
                    else
                        table.Set(property.Name, From(property.Value));
                }
                return table;
            default:
                return null;
        }
    }
}
