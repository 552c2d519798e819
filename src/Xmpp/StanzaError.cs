using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>
/// A stanza error as a value: a condition of RFC 6120 §8.3.3 with the type that goes with it there, or with the type that
/// XEP-0045 asks for.
/// </summary>
/// <param name="Type"><c>auth</c>, <c>cancel</c>, <c>continue</c>, <c>modify</c> or <c>wait</c> (§8.3.2).</param>
/// <param name="Condition">The defined condition's element name.</param>
public sealed record StanzaError(string Type, string Condition)
{
    /// <summary>A sentence for people, or null.</summary>
    public string? Text { get; init; }

    /// <summary>What stands inside the condition element: the new address of <c>gone</c> and <c>redirect</c>.</summary>
    public string? Address { get; init; }

    /// <summary>An application-specific condition beside the defined one, or null (§8.3.4).</summary>
    public XElement? Detail { get; init; }

    public static readonly StanzaError BadRequest = new("modify", "bad-request");
    public static readonly StanzaError Conflict = new("cancel", "conflict");
    public static readonly StanzaError FeatureNotImplemented = new("cancel", "feature-not-implemented");
    public static readonly StanzaError Forbidden = new("auth", "forbidden");
    public static readonly StanzaError Gone = new("cancel", "gone");
    public static readonly StanzaError InternalServerError = new("wait", "internal-server-error");
    public static readonly StanzaError ItemNotFound = new("cancel", "item-not-found");
    public static readonly StanzaError JidMalformed = new("modify", "jid-malformed");
    public static readonly StanzaError NotAcceptable = new("modify", "not-acceptable");
    public static readonly StanzaError NotAllowed = new("cancel", "not-allowed");
    public static readonly StanzaError NotAuthorized = new("auth", "not-authorized");
    public static readonly StanzaError PolicyViolation = new("modify", "policy-violation");
    public static readonly StanzaError RegistrationRequired = new("auth", "registration-required");
    public static readonly StanzaError ResourceConstraint = new("wait", "resource-constraint");
    public static readonly StanzaError ServiceUnavailable = new("cancel", "service-unavailable");
    public static readonly StanzaError UnexpectedRequest = new("wait", "unexpected-request");

    /// <summary>The same condition with a sentence for people.</summary>
    public StanzaError Because(string text) => this with { Text = text };

    /// <summary>The <c>&lt;error/&gt;</c> element; <paramref name="by"/> is who says so (§8.3.1).</summary>
    public XElement ToXml(Jid? by)
    {
        var error = new XElement(Ns.Client + "error", new XAttribute("type", Type));
        if (by is not null) error.SetAttributeValue("by", by.ToString());
        error.Add(new XElement(Ns.StanzaErrors + Condition, Address));
        if (Text is not null) error.Add(new XElement(Ns.StanzaErrors + "text", Text));
        if (Detail is not null) error.Add(new XElement(Detail));
        return error;
    }
}
