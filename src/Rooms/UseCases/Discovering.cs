using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Discovering what a room is like: XEP-0045 §6.4 (information), §6.5 (its occupants), §7.12 (one's reserved nick), §18.1.1.</summary>
public static class Discovering
{
    private const string FormType = "http://jabber.org/protocol/muc#roominfo";

    public static StanzaError? Info(Turn turn, XElement query)
    {
        switch (query.Attribute("node")?.Value)
        {
            case null or "":
                turn.Reply(new XElement(Ns.DiscoInfo + "query", Identity(turn.Room), Features(turn), RoomInfo(turn).ToXml()));
                return null;
            case "x-roomuser-item":
                Registering.TellReservedNick(turn, query);
                return null;
            case "http://jabber.org/protocol/muc#traffic":
                return StanzaError.ServiceUnavailable; // nothing is held back
            case var node:
                return ExecutingCommands.Info(turn, node);
        }
    }

    /// <summary>Who is in the room, for those who may know; others get the empty list that says nothing (§6.5).</summary>
    public static StanzaError? Items(Turn turn, XElement query)
    {
        if (query.Attribute("node") is { Value.Length: > 0 } node) return ExecutingCommands.Items(turn, node.Value);
        var items = OccupantList.MayRead(turn) ? turn.Room.Occupants.All.Where(o => PresenceBroadcast.Shows(turn.Config, o.Role)) : [];
        turn.Reply(new XElement(
            Ns.DiscoItems + "query",
            items.Select(o => new XElement(Ns.DiscoItems + "item", new XAttribute("jid", o.Jid.ToString()), new XAttribute("name", o.Nick)))));
        return null;
    }

    private static XElement Identity(Room room) => new(
        Ns.DiscoInfo + "identity",
        new XAttribute("category", "conference"), new XAttribute("type", "text"), new XAttribute("name", About.NameOf(room)));

    private static IEnumerable<XElement> Features(Turn turn)
    {
        IEnumerable<string> always =
        [
            Ns.Muc.NamespaceName, "http://jabber.org/protocol/muc#stable_id", "http://jabber.org/protocol/muc#request",
            Ns.DiscoInfo.NamespaceName, Ns.DiscoItems.NamespaceName, Ns.Register.NamespaceName,
        ];
        return always.Concat(turn.Features.Commands.IsEmpty ? [] : [Ns.Commands.NamespaceName]).Concat(turn.Features.All.SelectMany(f => f.Disco(turn.Room)))
            .Select(var => new XElement(Ns.DiscoInfo + "feature", new XAttribute("var", var)));
    }

    // Always there: clients read their users' rights from it without looking whether it exists.
    private static DataForm RoomInfo(Turn turn) => new("result", FormType)
    {
        Fields = [.. turn.Features.All.SelectMany(f => f.Info(turn.Room)).Select(i => new FormField(i.Var, i.Type, null) { Values = i.Values })],
    };
}
