using System.Text;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Requests between occupants: XEP-0045 §17.4. The id of the forwarded request carries its way back, signed by the room,
/// so that no table is kept and an answer finds its way even after a restart. Requests that are about the person and not
/// the client (vCard, PEP) go to the bare JID, where the server answers them.
/// </summary>
public static class Relaying
{
    /// <summary>A get or set to an occupant.</summary>
    public static StanzaError? Ask(Turn turn)
    {
        var nick = turn.Stanza.To!.Resource;
        if (turn.Me is not { } me)
            return turn.Stanza.Child(Ns.DiscoInfo) is not null || turn.Stanza.Child(Ns.DiscoItems) is not null
                ? StanzaError.BadRequest // §6.6
                : StanzaError.NotAcceptable with { Type = "cancel" };
        if (turn.Room.Occupants.ByNick(nick) is not { } target) return StanzaError.ItemNotFound;
        if (target.Nick == me.Nick && turn.Stanza.Type == "get" && turn.Stanza.Has(Ns.Ping + "ping"))
        {
            turn.Reply(); // XEP-0410 §3.1: any of one's sessions is in
            return null;
        }

        var aboutPerson = IsAboutPerson(turn.Stanza);
        if (Queries.MayAsk(turn.Config, turn.Stanza, aboutPerson) is { } no) return no;

        var to = aboutPerson ? target.RealJid : target.Shown.Jid;
        var way = new Way(nick, Way.Mark(turn.Room, turn.Sender), turn.Stanza.Id ?? "");
        turn.Send(turn.Stanza with { From = me.Jid, To = null, Id = way.Signed(turn.Room, to) }, to);
        return null;
    }

    /// <summary>A result or error that comes back. One that nobody asked for is dropped.</summary>
    public static void Answer(Turn turn)
    {
        if (turn.Stanza.Id is not { } id || Way.Read(turn.Room, id, turn.Sender) is not { } way) return;
        var asker = turn.Room.Occupants.All.SelectMany(o => o.Sessions).FirstOrDefault(s => Way.Mark(turn.Room, s.Jid) == way.Asker);
        if (asker is null) return;
        turn.Send(Bouncing.PassedOn(turn.Stanza) with { From = turn.Room.Jid.WithResource(way.Asked), To = null, Id = way.Id }, asker.Jid);
    }

    private static bool IsAboutPerson(Stanza iq) =>
        iq.Type == "get" && (iq.Child(Ns.VCard) ?? iq.Child(Ns.PubSub) ?? iq.Child(Ns.VCard4)) is not null;

    /// <summary>
    /// The way back of one request. Who asks is in it only as a keyed hash: the one asked must not learn more than the nick.
    /// </summary>
    /// <param name="Asked">The nick that was asked.</param>
    /// <param name="Asker">The mark of the session that asked.</param>
    /// <param name="Id">The request's own id.</param>
    private sealed record Way(string Asked, string Asker, string Id)
    {
        public string Signed(Room room, Jid to)
        {
            var content = $"{Asker}\n{Asked}\n{Id}";
            return $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}.{Seal(room, content, to)}";
        }

        public static Way? Read(Room room, string id, Jid answerer)
        {
            var dot = id.IndexOf('.');
            if (dot <= 0) return null;
            var bytes = new byte[dot];
            if (!Convert.TryFromBase64String(id[..dot], bytes, out var length)) return null;
            var content = Encoding.UTF8.GetString(bytes, 0, length);
            if (Seal(room, content, answerer) != id[(dot + 1)..]) return null;
            return content.Split('\n', 3) is [var asker, var asked, var original] ? new Way(asked, asker, original) : null;
        }

        public static string Mark(Room room, Jid session) => room.Sign($"asker {session}")[..12];

        // Only the one asked can answer: its address is part of the seal.
        private static string Seal(Room room, string content, Jid to) => room.Sign($"relayed to {to}\n{content}")[..22];
    }
}
