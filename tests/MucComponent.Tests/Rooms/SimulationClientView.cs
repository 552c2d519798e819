using System.Globalization;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// What one client knows of the room, from nothing but the stanzas that reached it: whether it is in, under which nick, and who
/// else is (XEP-0045 §7.2.2 to §7.2.4, §7.6, §7.14). It trusts 110 and 303 as clients do.
/// </summary>
public sealed class SimulationClientView(Jid session)
{
    /// <summary>An occupant as this client has last heard of it.</summary>
    public sealed record Seen(Affiliation Affiliation, Role Role, Jid? Jid);

    /// <summary>Its own nick while it is in, else null.</summary>
    public string? Nick { get; private set; }

    public bool In => Nick is not null;

    /// <summary>Everybody it knows to be in the room, itself included, by nick.</summary>
    public Dictionary<string, Seen> Occupants { get; } = new(StringComparer.Ordinal);

    public bool IsModerator => In && Occupants.GetValueOrDefault(Nick!)?.Role == Role.Moderator;

    public static bool Says(XElement x, int status) =>
        x.Elements(Ns.MucUser + "status").Any(s => s.Attribute("code")?.Value == status.ToString(CultureInfo.InvariantCulture));

    public void Hears(Stanza stanza)
    {
        if (stanza is { Kind: StanzaKind.Message, Type: "groupchat" } && !In)
            throw new SimulationException($"Nobody hears what is said in a room it is not in: {session}");
        // A presence of the room itself is its picture (XEP-0486), and an error is about a request.
        if (stanza.Kind != StanzaKind.Presence || stanza.IsError || stanza.From!.IsBare) return;

        var x = stanza.Child(Ns.MucUser + "x");
        if (x?.Elements(Ns.MucUser + "item").ToList() is not [var item])
            throw new SimulationException($"A presence says who it is about, in one item: {stanza.ToXml()}");
        if (stanza.Type == "unavailable") Loses(stanza.From.Resource, x, item);
        else Sees(stanza.From.Resource, x, item);
    }

    private void Sees(string nick, XElement x, XElement item)
    {
        Occupants[nick] = new Seen(
            Ladders.AffiliationOf(item.Attribute("affiliation")?.Value) ?? throw new SimulationException($"An item has an affiliation: {item}"),
            Ladders.RoleOf(item.Attribute("role")?.Value) ?? throw new SimulationException($"An item has a role: {item}"),
            item.Attribute("jid") is { } jid ? Jid.Parse(jid.Value) : null);
        if (Says(x, 110))
        {
            if (In && Nick != nick) throw new SimulationException($"Nobody gets another nick without 303: {session} from {Nick} to {nick}");
            Nick = nick;
        }
        else if (nick == Nick)
        {
            throw new SimulationException($"Everybody knows its own presence by 110: {session} as {nick}");
        }
    }

    private void Loses(string nick, XElement x, XElement item)
    {
        var mine = Says(x, 110);
        Occupants.Remove(nick);
        if (mine && Says(x, 303))
        {
            Nick = item.Attribute("nick")?.Value ?? throw new SimulationException($"303 says the new nick: {x}");
        }
        else if (mine)
        {
            Nick = null;
            Occupants.Clear();
        }
        else if (nick == Nick)
        {
            throw new SimulationException($"Who is out knows it by 110: {session} as {nick}");
        }
    }
}
