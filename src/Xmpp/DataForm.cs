using System.Collections.Immutable;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>
/// A data form (XEP-0004), read or written. Its FORM_TYPE (XEP-0068) is a property and not among the fields, and is written
/// first.
/// </summary>
/// <param name="Type"><c>form</c>, <c>submit</c>, <c>cancel</c> or <c>result</c> (§3.1).</param>
/// <param name="FormType">What the fields' names mean, or null.</param>
public sealed record DataForm(string Type, string? FormType)
{
    /// <summary>The element's name.</summary>
    public static readonly XName Name = Ns.DataForms + "x";

    private const string FormTypeField = "FORM_TYPE";

    public string? Title { get; init; }

    public string? Instructions { get; init; }

    public ImmutableArray<FormField> Fields { get; init; } = [];

    /// <summary>The columns of a table (§3.4), or none.</summary>
    public ImmutableArray<FormField> Reported { get; init; } = [];

    /// <summary>The rows of a table: the fields of each, as <see cref="Reported"/> names them.</summary>
    public ImmutableArray<ImmutableArray<FormField>> Items { get; init; } = [];

    /// <summary>A form to fill in.</summary>
    public static DataForm Form(string formType, params ReadOnlySpan<FormField> fields) => new("form", formType) { Fields = [.. fields] };

    /// <summary>A form that tells something, as in service discovery (XEP-0128).</summary>
    public static DataForm Result(string formType, params ReadOnlySpan<FormField> fields) => new("result", formType) { Fields = [.. fields] };

    /// <summary>A form filled in.</summary>
    public static DataForm Submit(string formType, params ReadOnlySpan<FormField> fields) => new("submit", formType) { Fields = [.. fields] };

    /// <summary>Reads a form; null when the element is none, or of no type there is.</summary>
    public static DataForm? From(XElement? x)
    {
        if (x?.Name != Name || x.Attribute("type")?.Value is not ("form" or "submit" or "cancel" or "result")) return null;
        var type = x.Attribute("type")!.Value;
        var fields = x.Elements(FormField.Name).Select(FormField.From).ToImmutableArray();
        var formType = fields.FirstOrDefault(f => IsFormType(f, type));
        return new DataForm(type, formType?.Value)
        {
            Title = x.Element(Ns.DataForms + "title")?.Value,
            Instructions = x.Element(Ns.DataForms + "instructions")?.Value,
            Fields = formType is null ? fields : fields.Remove(formType),
            Reported = [.. x.Elements(Ns.DataForms + "reported").Elements(FormField.Name).Select(FormField.From)],
            Items = [.. x.Elements(Ns.DataForms + "item").Select(i => i.Elements(FormField.Name).Select(FormField.From).ToImmutableArray())],
        };
    }

    /// <summary>The field of this name, or null.</summary>
    public FormField? Field(string var)
    {
        foreach (var field in Fields)
            if (field.Var == var) return field;
        return null;
    }

    /// <summary>A field's values, none when it is there and empty, or null when it is not there.</summary>
    public ImmutableArray<string>? Values(string var) => Field(var)?.Values;

    /// <summary>A field's first value, "" when it is there and empty, or null when it is not there.</summary>
    public string? Value(string var) => Field(var)?.Value;

    /// <summary>Reads what a boolean field may say (§3.3).</summary>
    public static bool TryParseBoolean(string text, out bool value)
    {
        value = text is "1" or "true";
        return value || text is "0" or "false";
    }

    /// <summary>Why this form cannot have been filled in so, in a sentence; null if it can (§3.2, §3.3).</summary>
    public string? FaultIn(DataForm submitted)
    {
        if (submitted.FormType is { } type && type != FormType) return $"This is a form of another kind: {type}.";
        return Fields.Select(field => field.FaultIn(submitted.Values(field.Var ?? "") ?? [])).FirstOrDefault(fault => fault is not null);
    }

    public XElement ToXml()
    {
        var x = new XElement(Name, new XAttribute("type", Type));
        if (Title is not null) x.Add(new XElement(Ns.DataForms + "title", Title));
        if (Instructions is not null) x.Add(new XElement(Ns.DataForms + "instructions", Instructions));
        if (FormType is not null) x.Add(FormField.Hidden(FormTypeField, FormType).ToXml());
        foreach (var field in Fields) x.Add(field.ToXml());
        if (!Reported.IsEmpty) x.Add(new XElement(Ns.DataForms + "reported", Reported.Select(f => f.ToXml())));
        foreach (var item in Items) x.Add(new XElement(Ns.DataForms + "item", item.Select(f => f.ToXml())));
        return x;
    }

    /// <summary>Whoever submits need not say that the field is hidden (XEP-0068 §3.3, §5).</summary>
    private static bool IsFormType(FormField field, string type) =>
        field.Var == FormTypeField && field.Values.Length > 0 && (type == "submit" || field.Type == "hidden");
}
