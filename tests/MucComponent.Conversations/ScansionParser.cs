using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace MucComponent.Conversations;

/// <summary>
/// Text → <see cref="ScansionScript"/>. A script is read line by line: comments (<c>#</c>, <c>//</c>) with a title first, the
/// clients, a line of dashes, then the actions; what belongs to a line is indented below it.
/// </summary>
public sealed class ScansionParser
{
    private readonly string _script;
    private readonly string[] _lines;
    private readonly List<string> _tags = [];
    private readonly List<string> _stages = [];
    private readonly List<Character> _clients = [];
    private readonly List<ScriptStep> _steps = [];
    private ImmutableSortedDictionary<string, string> _settings = ScansionScript.NoSettings;
    private string? _title;
    private int _at;

    private ScansionParser(string script, string text)
    {
        _script = script;
        _lines = text.ReplaceLineEndings("\n").Split('\n');
    }

    /// <exception cref="ScriptException">It is not in the format.</exception>
    public static ScansionScript Parse(string name, string text) => new ScansionParser(name, text).Read();

    private int Line => _at; // of the line last taken, counted from one

    private ScansionScript Read()
    {
        var acting = false;
        while (_at < _lines.Length)
        {
            var line = _lines[_at++].TrimEnd();
            if (line.Length == 0) continue;
            if (line[0] == '#' || line.StartsWith("//", StringComparison.Ordinal)) Comment(line, acting);
            else if (char.IsWhiteSpace(line[0])) throw Wrong("this is indented, but belongs to nothing above it");
            else if (line.Length >= 3 && line.All(c => c == '-')) acting = true;
            else if (acting) _steps.Add(Action(line));
            else _clients.Add(Client(line));
        }
        if (!acting) throw Wrong("there is no line of dashes between the clients and what they do");
        return new ScansionScript(_script, _title ?? _script, [.. _tags], [.. _stages], [.. _clients], [.. _steps]) { Settings = _settings };
    }

    private void Comment(string line, bool acting)
    {
        var text = line.TrimStart('#', '/').Trim();
        if (line.StartsWith("##", StringComparison.Ordinal)) _tags.Add(text);
        else if (Key(text) is ("stages", var stages)) _stages.AddRange(stages.Split((char[])[',', ' '], StringSplitOptions.RemoveEmptyEntries));
        else if (!acting && Key(text) is ("settings", var setting))
            _settings = setting.Split('=', 2) is [{ Length: > 0 } name, var value] ? _settings.SetItem(name.Trim(), value.Trim()) : throw Wrong($"expected 'settings: NAME=VALUE', not '{text}'");
        else if (acting) _steps.Add(new Remark(Line, text));
        else _title ??= text;
    }

    private Character Client(string line)
    {
        const string Class = "[Client] ";
        if (!line.StartsWith(Class, StringComparison.Ordinal)) throw Wrong($"expected '{Class}NAME', not '{line}'");
        var (start, name) = (Line, line[Class.Length..].Trim());
        var properties = new Dictionary<string, string>();
        foreach (var property in Indented().Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (Key(property) is not ({ Length: > 0 } key, var value)) throw Wrong($"expected 'key: value', not '{property}'");
            properties[key] = value;
        }
        if (!properties.TryGetValue("jid", out var jid)) throw new ScriptException(_script, start, $"{name} has no jid");
        if (properties.TryGetValue("resource", out var resource)) jid += "/" + resource;
        return new Character(name, jid, properties.GetValueOrDefault("password", ""));
    }

    private ScriptAction Action(string line)
    {
        // A name may begin with another one ("Juliet", "Juliet's phone"): the longest that fits is meant.
        var who = _clients.Select(c => c.Name).Where(name => line.StartsWith(name + " ", StringComparison.Ordinal)).MaxBy(name => name.Length)
            ?? throw Wrong($"nobody of this name is declared: '{line}'");
        return line[(who.Length + 1)..].Trim() switch
        {
            "connects" => new Connects(Line, who),
            "disconnects" => new Disconnects(Line, who),
            "receives: nothing" => new ReceivesNothing(Line, who),
            "sends:" => new Sends(Line, who, Stanza()),
            "receives:" => new Receives(Line, who, Stanza()),
            var action => throw Wrong($"'{action}' is not an action: connects, disconnects, sends:, receives: or receives: nothing"),
        };
    }

    private string Stanza()
    {
        var start = Line;
        var xml = new StringBuilder();
        foreach (var line in Indented()) xml.Append(line).Append('\n');
        var text = xml.ToString().Trim();
        if (text.Length == 0) throw new ScriptException(_script, start, "the stanza is missing");
        try
        {
            ScriptXml.Parse(text);
        }
        catch (XmlException wrong)
        {
            throw new ScriptException(_script, start + Math.Max(1, wrong.LineNumber), $"this is not well-formed: {wrong.Message}");
        }
        return text;
    }

    private IEnumerable<string> Indented()
    {
        while (_at < _lines.Length && (_lines[_at].Length == 0 || char.IsWhiteSpace(_lines[_at][0])))
            yield return _lines[_at++];
    }

    private static (string Key, string Value) Key(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon].Trim(), text[(colon + 1)..].Trim()) : ("", text);

    private ScriptException Wrong(string why) => new(_script, Line, why);
}
