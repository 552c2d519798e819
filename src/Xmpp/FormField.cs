using System.Collections.Immutable;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>A field of a <see cref="DataForm"/> (XEP-0004 §3.2, §3.3).</summary>
/// <param name="Var">Its name; only a <c>fixed</c> one may have none.</param>
/// <param name="Type">How it is shown and filled in; null where the reader knows, as in what is submitted or told.</param>
/// <param name="Label">Its name for people, or null.</param>
public sealed record FormField(string? Var, string? Type, string? Label)
{
    /// <summary>The element's name.</summary>
    public static readonly XName Name = Ns.DataForms + "field";

    /// <summary>More about it for people, or null.</summary>
    public string? Desc { get; init; }

    public bool Required { get; init; }

    public ImmutableArray<string> Values { get; init; } = [];

    public ImmutableArray<FormOption> Options { get; init; } = [];

    /// <summary>The first value, or "".</summary>
    public string Value => Values.IsEmpty ? "" : Values[0];

    /// <summary>A field of no type: one submitted, or told in a result.</summary>
    public static FormField Plain(string var, params ReadOnlySpan<string> values) => new(var, null, null) { Values = [.. values] };

    public static FormField Hidden(string var, string value) => new(var, "hidden", null) { Values = [value] };

    /// <summary>Text to read, no field to fill in.</summary>
    public static FormField Fixed(string text) => new(null, "fixed", null) { Values = [text] };

    public static FormField Boolean(string var, string label, bool value) => new(var, "boolean", label) { Values = [value ? "1" : "0"] };

    public static FormField TextSingle(string var, string label, string? value) => new(var, "text-single", label) { Values = Optional(value) };

    public static FormField TextPrivate(string var, string label, string? value) => new(var, "text-private", label) { Values = Optional(value) };

    public static FormField TextMulti(string var, string label, ImmutableArray<string> lines) => new(var, "text-multi", label) { Values = lines };

    public static FormField ListSingle(string var, string label, string value, ImmutableArray<FormOption> options) =>
        new(var, "list-single", label) { Values = [value], Options = options };

    public static FormField ListMulti(string var, string label, ImmutableArray<string> values, ImmutableArray<FormOption> options) =>
        new(var, "list-multi", label) { Values = values, Options = options };

    public static FormField JidSingle(string var, string label, string? jid) => new(var, "jid-single", label) { Values = Optional(jid) };

    public static FormField JidMulti(string var, string label, ImmutableArray<string> jids) => new(var, "jid-multi", label) { Values = jids };

    public static FormField From(XElement field) =>
        new(field.Attribute("var")?.Value, field.Attribute("type")?.Value, field.Attribute("label")?.Value)
        {
            Desc = field.Element(Ns.DataForms + "desc")?.Value,
            Required = field.Element(Ns.DataForms + "required") is not null,
            Values = [.. field.Elements(Ns.DataForms + "value").Select(v => v.Value)],
            Options = [.. field.Elements(FormOption.Name).Select(FormOption.From)],
        };

    /// <summary>Why these cannot be its values, in a sentence; null if they can.</summary>
    public string? FaultIn(ImmutableArray<string> values)
    {
        values = values.RemoveAll(v => v.Length == 0);
        if (values.IsEmpty) return Required ? $"The field {Var} must be filled in." : null;
        if (values.Length > 1 && Type is not ("text-multi" or "list-multi" or "jid-multi" or "hidden" or "fixed" or null)) return $"The field {Var} takes one value.";
        var wrong = Type switch
        {
            "boolean" => values.FirstOrDefault(v => !DataForm.TryParseBoolean(v, out _)),
            "jid-single" or "jid-multi" => values.FirstOrDefault(v => !Jid.TryParse(v, out _)),
            "list-single" or "list-multi" => values.FirstOrDefault(v => Options.All(o => o.Value != v)),
            _ => null,
        };
        return wrong is null ? null : $"The field {Var} cannot be \"{wrong}\".";
    }

    public XElement ToXml()
    {
        var field = new XElement(Name);
        if (Type is not null) field.SetAttributeValue("type", Type);
        if (Label is not null) field.SetAttributeValue("label", Label);
        if (Var is not null) field.SetAttributeValue("var", Var);
        if (Desc is not null) field.Add(new XElement(Ns.DataForms + "desc", Desc));
        if (Required) field.Add(new XElement(Ns.DataForms + "required"));
        foreach (var value in Values) field.Add(new XElement(Ns.DataForms + "value", value));
        foreach (var option in Options) field.Add(option.ToXml());
        return field;
    }

    private static ImmutableArray<string> Optional(string? value) => value is null ? [] : [value];
}

/// <summary>One of the values a list lets one choose.</summary>
public sealed record FormOption(string Value, string? Label)
{
    /// <summary>The element's name.</summary>
    public static readonly XName Name = Ns.DataForms + "option";

    public static FormOption From(XElement option) =>
        new(option.Element(Ns.DataForms + "value")?.Value ?? "", option.Attribute("label")?.Value);

    public XElement ToXml() => new(
        Name,
        Label is null ? null : new XAttribute("label", Label),
        new XElement(Ns.DataForms + "value", Value));
}
