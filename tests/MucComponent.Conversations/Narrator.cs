using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>
/// Tells a conversation as people would: who enters, who says what, who hears it. Comments of the script are its stage
/// directions. What has no words of its own is shown as XML on one line.
/// </summary>
public sealed class Narrator(TextWriter to)
{
    private static readonly XNamespace C = ScriptXml.Client;
    private static readonly XNamespace MucUser = "http://jabber.org/protocol/muc#user";
    private static readonly XNamespace MucAdmin = "http://jabber.org/protocol/muc#admin";
    private static readonly XNamespace MucOwner = "http://jabber.org/protocol/muc#owner";

    public void Says(string text) => to.WriteLine($"\n# {text}");

    public void Connected(string who, string jid) => to.WriteLine($"{who} comes online as {jid}");

    public void Disconnected(string who) => to.WriteLine($"{who} goes offline");

    public void Sent(string who, XElement stanza) => to.WriteLine($"{who} {Doing(stanza)}");

    public void Received(string who, XElement stanza) => to.WriteLine($"    {who} {Noticing(stanza)}");

    private static string Doing(XElement stanza) => (stanza.Name.LocalName, Type(stanza)) switch
    {
        ("presence", "unavailable") => $"leaves {Room(stanza, "to")}",
        ("presence", null) when stanza.Attribute("to") is not null => $"enters {Room(stanza, "to")} as {Nick(stanza, "to")}",
        ("message", "groupchat") when Body(stanza) is { } body => $"says to {Room(stanza, "to")}: {body}",
        ("message", "groupchat") when Subject(stanza) is { } subject => $"sets the subject of {Room(stanza, "to")}: {subject}",
        ("message", _) when Body(stanza) is { } body => $"whispers to {(string?)stanza.Attribute("to")}: {body}",
        ("iq", "set") when stanza.Element(MucOwner + "query") is { } query =>
            query.Element(MucOwner + "destroy") is null ? $"configures {Room(stanza, "to")}" : $"destroys {Room(stanza, "to")}",
        ("iq", "set") when stanza.Element(MucAdmin + "query")?.Element(MucAdmin + "item") is { } item => $"makes {Whom(item)} {Standing(item)}",
        _ => $"sends {ScriptXml.OnOneLine(stanza)}",
    };

    private static string Noticing(XElement stanza) => (stanza.Name.LocalName, Type(stanza)) switch
    {
        (_, "error") => $"is refused: {Refusal(stanza)}",
        ("presence", "unavailable") => $"sees {Nick(stanza, "from")} leave",
        ("presence", null) when stanza.Element(MucUser + "x")?.Element(MucUser + "item") is { } item => $"sees {Nick(stanza, "from")} ({Standing(item)})",
        ("message", "groupchat") when Body(stanza) is { } body => $"hears {Nick(stanza, "from")}: {body}",
        ("message", "groupchat") when Subject(stanza) is { } subject => subject.Length == 0 ? "sees that there is no subject" : $"sees the subject: {subject}",
        ("message", _) when Body(stanza) is { } body => $"hears, privately, {Nick(stanza, "from")}: {body}",
        ("iq", "result") when !stanza.HasElements => "is told that it is done",
        _ => $"receives {ScriptXml.OnOneLine(stanza)}",
    };

    private static string? Type(XElement stanza) => (string?)stanza.Attribute("type");

    private static string? Body(XElement stanza) => (string?)stanza.Element(C + "body");

    private static string? Subject(XElement stanza) => (string?)stanza.Element(C + "subject");

    private static string Room(XElement stanza, string end) => ((string?)stanza.Attribute(end) ?? "").Split('/', 2)[0];

    private static string Nick(XElement stanza, string end) => ((string?)stanza.Attribute(end) ?? "").Split('/', 2)[^1];

    private static string? Whom(XElement item) => (string?)item.Attribute("nick") ?? (string?)item.Attribute("jid");

    private static string Standing(XElement item) =>
        string.Join(", ", new[] { "affiliation", "role" }.Select(name => item.Attribute(name)).OfType<XAttribute>().Select(a => a.Value == "none" ? $"no {a.Name}" : a.Value));

    private static string Refusal(XElement stanza)
    {
        var details = stanza.Element(C + "error")?.Elements().ToList() ?? [];
        var text = details.FirstOrDefault(e => e.Name.LocalName == "text")?.Value;
        return details.FirstOrDefault()?.Name.LocalName + (text is null ? "" : $" ({text})");
    }
}
