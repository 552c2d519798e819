using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace MucComponent.Conversations;

/// <summary>
/// A conversation between clients, as a person wrote it: Prosody's "scansion" format (<c>*.scs</c>). This file holds what a
/// script says; <see cref="ScansionParser"/> reads it and <see cref="Conversation"/> plays it.
/// </summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Title">The first comment, or the name.</param>
/// <param name="Tags">The lines that begin with <c>##</c>.</param>
/// <param name="Stages">Where it is to be played (<c># stages: in-process, prosody</c>), or empty for wherever our component is.</param>
public sealed partial record ScansionScript(
    string Name,
    string Title,
    ImmutableArray<string> Tags,
    ImmutableArray<string> Stages,
    ImmutableArray<Character> Clients,
    ImmutableArray<ScriptStep> Steps)
{
    /// <summary>Those of a script that says nothing of settings.</summary>
    public static readonly ImmutableSortedDictionary<string, string> NoSettings = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>What the service is to be set to besides the usual (<c># settings: MUC_JOIN_RATE=2/m</c>), by name.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = NoSettings;

    /// <summary>Reads a script from a file; in its settings <c>${folder}</c> is where that lies.</summary>
    /// <exception cref="ScriptException">It is not in the format.</exception>
    public static ScansionScript Load(string path)
    {
        var script = ScansionParser.Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return script with { Settings = script.Settings.Select(s => KeyValuePair.Create(s.Key, s.Value.Replace("${folder}", folder, StringComparison.Ordinal))).ToImmutableSortedDictionary(StringComparer.Ordinal) };
    }

    public bool IsFor(string stage) =>
        Stages.IsEmpty ? stage != Stage.ProsodyBuiltIn : Stages.Contains(Stage.WithoutMulticast(stage));

    /// <summary>
    /// The same script with every room renamed, so that scripts which all speak of <c>room@conference.localhost</c> can share a
    /// service: each address in the service's domain gets the suffix, in attributes and in text.
    /// </summary>
    public ScansionScript InRoomsOfItsOwn(string suffix) => this with
    {
        Steps = [.. Steps.Select(step => step switch
        {
            Sends s => s with { Xml = Renamed(s.Xml, suffix) },
            Receives r => r with { Xml = Renamed(r.Xml, suffix) },
            _ => step,
        })],
    };

    private static string Renamed(string xml, string suffix) => RoomAddress().Replace(xml, $"$1-{suffix}@$2");

    [GeneratedRegex("""([^\s"'<>/@;]+)@(conference\.localhost)""")]
    private static partial Regex RoomAddress();
}

/// <summary>One of the script's people: a client that can connect.</summary>
/// <param name="Jid">Bare; full if the script wants a certain resource.</param>
public sealed record Character(string Name, string Jid, string Password);

/// <summary>One thing that happens, and where the script says so.</summary>
public abstract record ScriptStep(int Line);

/// <summary>A comment between the actions: for whoever reads along.</summary>
public sealed record Remark(int Line, string Text) : ScriptStep(Line);

/// <summary>A step that one of the characters takes.</summary>
public abstract record ScriptAction(int Line, string Who) : ScriptStep(Line);

public sealed record Connects(int Line, string Who) : ScriptAction(Line, Who);

public sealed record Disconnects(int Line, string Who) : ScriptAction(Line, Who);

/// <param name="Xml">As written, placeholders and all.</param>
public sealed record Sends(int Line, string Who, string Xml) : ScriptAction(Line, Who);

/// <param name="Xml">As written, placeholders and all.</param>
public sealed record Receives(int Line, string Who, string Xml) : ScriptAction(Line, Who);

public sealed record ReceivesNothing(int Line, string Who) : ScriptAction(Line, Who);

/// <summary>A script that cannot be read; the message says which line of which script, and why.</summary>
public sealed class ScriptException(string script, int line, string why) : Exception($"{script}.scs, line {line}: {why}");
