using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// One setting of a room: a field of the configuration form (XEP-0045 §10.2, registered in §16.5.3). The form, its
/// submission and what is stored all follow from it, so a new setting is one line in the feature that owns it.
/// </summary>
/// <param name="name">The field's <c>var</c>, and its name in the store.</param>
/// <param name="label">What the form says.</param>
/// <param name="type">The field's type in the form (XEP-0004 §3.3).</param>
public abstract class Option(string name, string label, string type)
{
    public string Name => name;

    public string Label => label;

    public string Type => type;

    /// <summary>Names that other servers use for the same thing, taken where clients send them.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>More about it for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Between which whole numbers the form says it must be (XEP-0122); null where it says nothing.</summary>
    public virtual FormRange? Range => null;

    /// <summary>What may be chosen, as value and label; empty if it is free.</summary>
    public virtual ImmutableArray<(string Value, string Label)> Choices => [];

    /// <summary>The value of a room that never set it.</summary>
    public abstract object DefaultValue { get; }

    /// <summary>Reads submitted or stored values. False if they are none of this option's.</summary>
    public abstract bool TryRead(ImmutableArray<string> values, [NotNullWhen(true)] out object? value);

    /// <summary>The value as it stands in a form and in the store.</summary>
    public abstract ImmutableArray<string> Write(object value);
}

/// <summary>An option whose value is a <typeparamref name="T"/>.</summary>
public abstract class Option<T>(string name, string label, string type, T @default) : Option(name, label, type)
    where T : notnull
{
    public T Default => @default;

    public override object DefaultValue { get; } = @default;
}

/// <summary>Yes or no: written <c>1</c> and <c>0</c>, since clients compare with these.</summary>
public sealed class Toggle(string name, string label, bool @default) : Option<bool>(name, label, "boolean", @default)
{
    public static string Word(bool value) => value ? "1" : "0";

    public override bool TryRead(ImmutableArray<string> values, [NotNullWhen(true)] out object? value)
    {
        value = values is [var word] ? word.Trim() switch
        {
            "1" or "true" => true,
            "0" or "false" => false,
            _ => null,
        } : (object?)null;
        return value is not null;
    }

    public override ImmutableArray<string> Write(object value) => [Word((bool)value)];
}

/// <summary>A line or some lines of text; no value means the empty text.</summary>
/// <param name="type"><c>text-single</c>, <c>text-multi</c> or <c>text-private</c>.</param>
/// <param name="maxLength">In UTF-16 code units.</param>
public sealed class Text(string name, string label, int maxLength, string type = "text-single")
    : Option<string>(name, label, type, "")
{
    public override bool TryRead(ImmutableArray<string> values, [NotNullWhen(true)] out object? value)
    {
        var text = string.Join('\n', values);
        value = text.Length <= maxLength && (Type == "text-multi" || !text.Contains('\n')) ? text : null;
        return value is not null;
    }

    public override ImmutableArray<string> Write(object value) =>
        Type == "text-multi" ? [.. ((string)value).Split('\n')] : [(string)value];
}

/// <summary>One of several words.</summary>
public sealed class Choice(string name, string label, string @default, params (string Value, string Label)[] choices)
    : Option<string>(name, label, "list-single", @default)
{
    private readonly ImmutableArray<(string Value, string Label)> _choices = [.. choices];

    /// <summary>Other words for some of the values, taken where clients send them.</summary>
    public ImmutableArray<(string Word, string Value)> Synonyms { get; init; } = [];

    public override ImmutableArray<(string Value, string Label)> Choices => _choices;

    public override bool TryRead(ImmutableArray<string> values, [NotNullWhen(true)] out object? value)
    {
        value = values is [var word]
            ? _choices.Select(c => c.Value).FirstOrDefault(c => c == word) ?? Synonyms.FirstOrDefault(s => s.Word == word).Value
            : null;
        return value is not null;
    }

    public override ImmutableArray<string> Write(object value) => [(string)value];
}

/// <summary>Any of several words.</summary>
public sealed class Selection(string name, string label, ImmutableArray<string> @default, params (string Value, string Label)[] choices)
    : Option<ImmutableArray<string>>(name, label, "list-multi", @default)
{
    private readonly ImmutableArray<(string Value, string Label)> _choices = [.. choices];

    public override ImmutableArray<(string Value, string Label)> Choices => _choices;

    public override bool TryRead(ImmutableArray<string> values, [NotNullWhen(true)] out object? value)
    {
        // Kept in the order of the choices, so that equal selections are equal values.
        var chosen = _choices.Select(c => c.Value).Where(values.Contains).ToImmutableArray();
        value = values.All(v => v.Length == 0 || _choices.Any(c => c.Value == v)) ? chosen : null;
        return value is not null;
    }

    public override ImmutableArray<string> Write(object value) => (ImmutableArray<string>)value;
}

/// <summary>Some bare JIDs.</summary>
public sealed class Addresses(string name, string label, int max) : Option<ImmutableArray<string>>(name, label, "jid-multi", [])
{
    public override bool TryRead(ImmutableArray<string> values, [NotNullWhen(true)] out object? value)
    {
        ImmutableArray<Jid?> jids = [.. values.Where(v => v.Length > 0).Select(v => Jid.TryParse(v, out var jid) ? jid.Bare : null)];
        value = jids.Length > max || jids.Contains(null) ? null : jids.Select(j => j!.ToString()).Distinct().ToImmutableArray();
        return value is not null;
    }

    public override ImmutableArray<string> Write(object value) => (ImmutableArray<string>)value;
}

/// <summary>A whole number, offered as some usual ones; <c>none</c> or nothing stands for no limit and is 0.</summary>
public sealed class Number(string name, string label, int @default, int max, params int[] usual)
    : Option<int>(name, label, usual.Length > 0 ? "list-single" : "text-single", @default)
{
    public override FormRange? Range { get; } = usual.Length > 0 ? null : new FormRange(0, max);

    private readonly ImmutableArray<(string Value, string Label)> _choices =
        usual.Length == 0 ? [] : [.. usual.Append(0).Select(n => (Word(n), n == 0 ? "None" : Word(n)))];

    public override ImmutableArray<(string Value, string Label)> Choices => _choices;

    private static string Word(int n) => n == 0 ? "none" : n.ToString(CultureInfo.InvariantCulture);

    public override bool TryRead(ImmutableArray<string> values, [NotNullWhen(true)] out object? value)
    {
        value = values switch
        {
            [] or [""] or ["none"] => 0,
            [var word] when int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= max => n,
            _ => null,
        };
        return value is not null;
    }

    public override ImmutableArray<string> Write(object value) =>
        _choices.IsEmpty ? [((int)value).ToString(CultureInfo.InvariantCulture)] : [Word((int)value)];
}
