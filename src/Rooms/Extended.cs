using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// What the room says about an occupant besides who it is: the reasons for a presence. The order inside
/// <c>&lt;x/&gt;</c> is statuses, item, 110, since clients and conversation tests have come to expect it.
/// </summary>
public sealed record Notice
{
    public static readonly Notice None = new();

    /// <summary>Status codes for everybody (XEP-0045 §15.6.2).</summary>
    public ImmutableArray<int> Statuses { get; init; } = [];

    /// <summary>Status codes for the occupant's own sessions, besides 110.</summary>
    public ImmutableArray<int> OwnStatuses { get; init; } = [];

    /// <summary>Who did it.</summary>
    public Actor? Actor { get; init; }

    public string? Reason { get; init; }

    /// <summary>The nick of the presence that follows (§7.6).</summary>
    public string? NewNick { get; init; }

    /// <summary>What a leaving presence says itself: its status (§7.14).</summary>
    public ImmutableArray<XElement> Farewell { get; init; } = [];

    /// <summary>Which version of the affiliation lists this leads to (XEP-0463): for those who are shown the address.</summary>
    public XElement? Versions { get; init; }

    /// <summary>Stands before the item: <c>&lt;destroy/&gt;</c>.</summary>
    public XElement? Destroy { get; init; }
}

/// <summary>Who changed something for somebody.</summary>
/// <param name="Nick">Null when not in the room.</param>
/// <param name="Jid">Shown only to those who may see real JIDs.</param>
public sealed record Actor(string? Nick, Jid Jid)
{
    /// <summary>The room's own address, which everybody knows.</summary>
    public bool IsRoom { get; init; }
}

/// <summary>The <c>&lt;x xmlns='…muc#user'/&gt;</c> elements the room makes.</summary>
public static class Extended
{
    public static XElement X(params ReadOnlySpan<object?> content) => new(Ns.MucUser + "x", content.ToArray());

    public static XElement Status(int code) =>
        new(Ns.MucUser + "status", new XAttribute("code", code.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The <c>&lt;x/&gt;</c> of an occupant's presence.</summary>
    /// <param name="role">Given separately: it is <c>none</c> in the presence of one who leaves.</param>
    /// <param name="realJid">The JID to show, or null for none.</param>
    public static XElement Of(Affiliation affiliation, Role role, Jid? realJid, View view, Notice notice)
    {
        var x = X();
        foreach (var code in notice.Statuses) x.Add(Status(code));
        if (view == View.Self)
            foreach (var code in notice.OwnStatuses) x.Add(Status(code));
        if (notice.Destroy is not null) x.Add(new XElement(notice.Destroy));
        if (notice.Versions is not null && view != View.Anonymous) x.Add(new XElement(notice.Versions));
        x.Add(Item(affiliation, role, realJid, view, notice));
        if (view == View.Self) x.Add(Status(110));
        return x;
    }

    /// <summary>The same where there is nothing to say but how the occupant is, as text: everybody who enters gets one for each who is there.</summary>
    public static string Text(Affiliation affiliation, Role role, Jid? realJid) =>
        $"<x xmlns='{Ns.MucUser.NamespaceName}'><item affiliation='{affiliation.Word()}' role='{role.Word()}'{(realJid is null ? "" : $" jid='{XmlText.Escape(realJid.ToString())}'")}/></x>";

    /// <summary>An item about an address: what is told of somebody who is not in the room.</summary>
    public static XElement Item(Jid jid, Affiliation affiliation, string? reason) => new(
        Ns.MucUser + "item",
        new XAttribute("jid", jid.ToString()),
        new XAttribute("affiliation", affiliation.Word()),
        reason is null ? null : new XElement(Ns.MucUser + "reason", reason));

    private static XElement Item(Affiliation affiliation, Role role, Jid? realJid, View view, Notice notice) => new(
        Ns.MucUser + "item",
        new XAttribute("affiliation", affiliation.Word()),
        new XAttribute("role", role.Word()),
        realJid is null ? null : new XAttribute("jid", realJid.ToString()),
        notice.NewNick is null ? null : new XAttribute("nick", notice.NewNick),
        Actor(notice.Actor, view),
        notice.Reason is null ? null : new XElement(Ns.MucUser + "reason", notice.Reason));

    // One's own presence never says by which address somebody acted: it goes to people of every role.
    private static XElement? Actor(Actor? actor, View view)
    {
        if (actor is null || (actor is { Nick: null, IsRoom: false } && view != View.Full)) return null;
        return new XElement(
            Ns.MucUser + "actor",
            actor.Nick is null ? null : new XAttribute("nick", actor.Nick),
            view == View.Full || actor.IsRoom ? new XAttribute("jid", actor.Jid.ToString()) : null);
    }
}
