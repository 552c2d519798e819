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
        ("message", "groupchat") when Body(stanza) is { } body => $"says: {body}",
        ("message", "groupchat") when Subject(stanza) is { } subject => $"sets the subject: {subject}",
        ("message", _) when Body(stanza) is { } body => $"whispers to {Nick(stanza, "to")}: {body}",
        ("iq", "set") when stanza.Element(MucOwner + "query") is { } query =>
            query.Element(MucOwner + "destroy") is null ? $"configures {Room(stanza, "to")}" : $"destroys {Room(stanza, "to")}",
        ("iq", "set") when stanza.Element(MucAdmin + "query")?.Element(MucAdmin + "item") is { } item => $"makes {Whom(item)} {Standing(stanza)}",
        _ => $"sends {ScriptXml.OnOneLine(stanza)}",
    };

    private static string Noticing(XElement stanza) => (stanza.Name.LocalName, Type(stanza)) switch
    {
        (_, "error") => $"is refused: {Refusal(stanza)}",
        ("presence", "unavailable") => IsAboutOneself(stanza) ? "is out" : $"sees {Nick(stanza, "from")} leave",
        ("presence", null) when IsAboutOneself(stanza) => $"is in, as {Nick(stanza, "from")} ({Standing(stanza)})",
        ("presence", null) when stanza.Element(MucUser + "x")?.Element(MucUser + "item") is not null => $"sees {Nick(stanza, "from")} ({Standing(stanza)})",
        ("message", "groupchat") when Body(stanza) is { } body => $"hears {Nick(stanza, "from")}: {body}",
        ("message", "groupchat") when Subject(stanza) is { } subject => subject.Length == 0 ? "sees that there is no subject" : $"sees the subject: {subject}",
        ("message", _) when Body(stanza) is { } body => $"hears, privately, {Nick(stanza, "from")}: {body}",
        ("iq", "result") when !stanza.HasElements => "is told that it is done",
        _ => $"receives {ScriptXml.OnOneLine(stanza)}",
    };

    private static string? Type(XElement stanza) => (string?)stanza.Attribute("type");

    /// <summary>Status 110 (XEP-0045 §7.2.2).</summary>
    private static bool IsAboutOneself(XElement presence) =>
        presence.Elements(MucUser + "x").Elements(MucUser + "status").Any(status => (string?)status.Attribute("code") == "110");

    private static string? Body(XElement stanza) => (string?)stanza.Element(C + "body");

    private static string? Subject(XElement stanza) => (string?)stanza.Element(C + "subject");

    private static string Room(XElement stanza, string end) => ((string?)stanza.Attribute(end) ?? "").Split('/', 2)[0];

    private static string Nick(XElement stanza, string end) => ((string?)stanza.Attribute(end) ?? "").Split('/', 2)[^1];

    private static string? Whom(XElement item) => (string?)item.Attribute("nick") ?? (string?)item.Attribute("jid");

    /// <summary>The first item's affiliation and role, in words.</summary>
    private static string Standing(XElement stanza)
    {
        var item = stanza.Descendants().FirstOrDefault(e => e.Name.LocalName == "item");
        return string.Join(", ", from name in new[] { "affiliation", "role" }
                                 let word = (string?)item?.Attribute(name)
                                 where word is not null
                                 select word == "none" ? $"no {name}" : word);
    }

    private static string Refusal(XElement stanza)
    {
        var details = stanza.Element(C + "error")?.Elements().ToList() ?? [];
        var text = details.FirstOrDefault(e => e.Name.LocalName == "text")?.Value;
        return details.FirstOrDefault()?.Name.LocalName + (text is null ? "" : $" ({text})");
    }
}
