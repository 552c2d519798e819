using System.Collections.Immutable;
using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>The three kinds of stanza (RFC 6120 §8.1).</summary>
public enum StanzaKind
{
    Message,
    Presence,
    Iq,
}

/// <summary>
/// A message, presence or iq. Its children are never changed once they are in a stanza, so stanzas share them freely; a
/// changed stanza is a new one made with <c>with</c>.
/// </summary>
/// <param name="Kind">Which of the three.</param>
public sealed record Stanza(StanzaKind Kind)
{
    private EncodedStanza? _encoded;

    // Default while they are only in the text or in the bytes.
    private ImmutableArray<XElement> _children = [];
    private string? _text;

    // A copy is about to differ, so it does not take over the bytes.
    private Stanza(Stanza other)
    {
        (Kind, From, To, Type, Id, Lang, Children) =
            (other.Kind, other.From, other.To, other.Type, other.Id, other.Lang, other.Children);
    }

    public Jid? From { get; init; }

    /// <summary>Whom an incoming stanza is for. Outgoing stanzas are addressed where they are sent, and leave this null.</summary>
    public Jid? To { get; init; }

    /// <summary>The <c>type</c> as written, or null.</summary>
    public string? Type { get; init; }

    public string? Id { get; init; }

    /// <summary><c>xml:lang</c>, or null.</summary>
    public string? Lang { get; init; }

    public ImmutableArray<XElement> Children
    {
        get => _children.IsDefault ? _children = ReadChildren() : _children;
        init => _children = value;
    }

    /// <summary>The children as text, where they were made of that and are not in the bytes yet.</summary>
    internal string? Text => _text;

    /// <summary>The stanza's bytes around the place for <c>to</c>: made once, whatever the number of addresses.</summary>
    public EncodedStanza Encoded => _encoded ??= StanzaWriter.Encode(this);

    /// <summary>This as its bytes alone, a quarter of the size: for what is kept in order to be sent. Who asks for its children gets them still.</summary>
    public Stanza Compact()
    {
        _ = Encoded;
        (_children, _text) = (default, null);
        return this;
    }

    public bool IsError => Type == "error";

    /// <summary>The defined condition of an error, or null if it is none or says none (RFC 6120 §8.3.3).</summary>
    public string? ErrorCondition =>
        Child(Ns.Client + "error")?.Elements().FirstOrDefault(e => e.Name.Namespace == Ns.StanzaErrors && e.Name.LocalName != "text")?.Name.LocalName;

    /// <summary>The first child of this name, or null.</summary>
    public XElement? Child(XName name)
    {
        foreach (var child in Children)
            if (child.Name == name) return child;
        return null;
    }

    /// <summary>The first child in this namespace, or null.</summary>
    public XElement? Child(XNamespace ns)
    {
        foreach (var child in Children)
            if (child.Name.Namespace == ns) return child;
        return null;
    }

    public bool Has(XName name) => Child(name) is not null;

    /// <summary>Without the children that match.</summary>
    public Stanza Without(Func<XElement, bool> match) =>
        Children.Any(match) ? this with { Children = Children.RemoveAll(new Predicate<XElement>(match)) } : this;

    /// <summary>With one more child, at the end.</summary>
    public Stanza With(XElement child) => this with { Children = Children.Add(child) };

    public static Stanza Message(string? type, params ReadOnlySpan<XElement> children) =>
        new(StanzaKind.Message) { Type = type, Children = [.. children] };

    /// <summary>A presence with children that are text already.</summary>
    /// <param name="children">Whole elements as <see cref="StanzaWriter.ToText(ImmutableArray{XElement})"/> writes them: they go to the server as they are.</param>
    public static Stanza Presence(Jid from, string children) => new(StanzaKind.Presence) { From = from, _children = default, _text = children };

    public static Stanza Presence(string? type, params ReadOnlySpan<XElement> children) =>
        new(StanzaKind.Presence) { Type = type, Children = [.. children] };

    /// <summary>The answer to an iq, from where it was sent to.</summary>
    public Stanza Result(params ReadOnlySpan<XElement> children) =>
        new(StanzaKind.Iq) { Type = "result", Id = Id, From = To, Children = [.. children] };

    /// <summary>The error that answers this stanza, from where it was sent to.</summary>
    public Stanza Error(StanzaError error, Jid? by) =>
        new(Kind) { Type = "error", Id = Id, From = To, Children = [error.ToXml(by)] };

    /// <summary>
    /// Whether an error may answer this stanza: never an error or a result (RFC 6120 §8.3.1), nor an unavailable
    /// presence, nor anything nobody sent.
    /// </summary>
    public bool MayBeRefused =>
        From is not null && !IsError && !(Kind == StanzaKind.Iq && Type is not ("get" or "set"))
        && !(Kind == StanzaKind.Presence && Type == "unavailable");

    private ImmutableArray<XElement> ReadChildren() =>
        _text is null && _encoded is null ? throw new InvalidOperationException("a stanza that has neither children nor bytes") : [.. StanzaParser.Parse(StanzaWriter.ToText(this)).Elements()];

    /// <summary>The stanza as an element, addressed if <see cref="To"/> is set: for archives, tests and logs at trace.</summary>
    public XElement ToXml()
    {
        var xml = new XElement(Ns.Client + Name(Kind));
        if (To is not null) xml.SetAttributeValue("to", To.ToString());
        if (From is not null) xml.SetAttributeValue("from", From.ToString());
        if (Type is not null) xml.SetAttributeValue("type", Type);
        if (Id is not null) xml.SetAttributeValue("id", Id);
        if (Lang is not null) xml.SetAttributeValue(XNamespace.Xml + "lang", Lang);
        foreach (var child in Children) xml.Add(new XElement(child));
        return xml;
    }

    /// <summary>Reads a stanza from an element in <see cref="Ns.Client"/>. False when it is none of the three or an address in it is malformed.</summary>
    public static bool TryFrom(XElement xml, out Stanza stanza)
    {
        stanza = null!;
        if (xml.Name.Namespace != Ns.Client || KindOf(xml.Name.LocalName) is not { } kind) return false;
        Jid? from = null, to = null;
        if (xml.Attribute("from") is { } f && !Jid.TryParse(f.Value, out from)) return false;
        if (xml.Attribute("to") is { } t && !Jid.TryParse(t.Value, out to)) return false;
        stanza = new Stanza(kind)
        {
            From = from,
            To = to,
            Type = xml.Attribute("type")?.Value,
            Id = xml.Attribute("id")?.Value,
            Lang = xml.Attribute(XNamespace.Xml + "lang")?.Value,
            Children = [.. xml.Elements()],
        };
        return true;
    }

    public static string Name(StanzaKind kind) => kind switch
    {
        StanzaKind.Message => "message",
        StanzaKind.Presence => "presence",
        _ => "iq",
    };

    /// <summary>The kind of this element name, or null if it is none of the three.</summary>
    public static StanzaKind? KindOf(string name) => name switch
    {
        "message" => StanzaKind.Message,
        "presence" => StanzaKind.Presence,
        "iq" => StanzaKind.Iq,
        _ => null,
    };
}
