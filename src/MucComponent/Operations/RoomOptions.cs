using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>The options of rooms as operators write them: <c>NAME=VALUE</c>, several values with <c>|</c> between them.</summary>
public static class RoomOptions
{
    public const string Persistent = "muc#roomconfig_persistentroom";
    public const string Owners = "muc#roomconfig_roomowners";

    private const string Prefix = "muc#roomconfig_";

    /// <summary>The option of this name, with or without its usual prefix, or by one of its other names; null if there is none.</summary>
    public static Option? Named(ImmutableArray<Option> options, string name) =>
        options.FirstOrDefault(o => o.Name == name || o.Name == Prefix + name || o.Aliases.Contains(name));

    /// <exception cref="FormatException">There is no such option.</exception>
    public static Option Known(ImmutableArray<Option> options, string name) =>
        Named(options, name) ?? throw new FormatException($"there is no option \"{name}\"; did you mean {Settings.Nearest(name, options.Select(o => Short(o.Name)))}?");

    /// <summary>One option with its value.</summary>
    /// <exception cref="FormatException">There is no such option, or it cannot have this value.</exception>
    public static KeyValuePair<Option, object> Read(ImmutableArray<Option> options, string text)
    {
        var (name, value) = text.Split('=', 2) is [var n, var v] ? (n.Trim(), v.Trim()) : throw new FormatException($"\"{text}\" is not NAME=VALUE");
        return Read(options, name, value.Length == 0 ? [] : [.. value.Split('|')]);
    }

    /// <exception cref="FormatException">There is no such option, or it cannot have these values.</exception>
    public static KeyValuePair<Option, object> Read(ImmutableArray<Option> options, string name, ImmutableArray<string> values)
    {
        var option = Known(options, name);
        return option.TryRead(values, out var read) ? new(option, read) : throw new FormatException($"{name} cannot be \"{string.Join('|', values)}\"{Hint(option)}");
    }

    /// <summary>The same as fields of a configuration form.</summary>
    /// <exception cref="RefusedException">One of them is wrong.</exception>
    internal static List<FormField> Read(OperatedService service, IEnumerable<string> texts)
    {
        try
        {
            return [.. texts.Select(text => Field(Read(service.Features.Options, text)))];
        }
        catch (FormatException e)
        {
            throw new RefusedException($"options: {e.Message}");
        }
    }

    internal static FormField Field(KeyValuePair<Option, object> option) => FormField.Plain(option.Key.Name, option.Key.Write(option.Value).AsSpan());

    /// <summary>The name without its usual prefix.</summary>
    internal static string Short(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    private static string Hint(Option option) =>
        option.Type == "boolean" ? "; it is 1 or 0" : option.Choices.IsEmpty ? "" : $"; it is one of {string.Join(", ", option.Choices.Select(c => c.Value))}";
}
