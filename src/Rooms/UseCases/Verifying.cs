using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Finding out who is still there (XEP-0045 §11.1, ghost users). Who vanishes while the service or its link is away vanishes
/// without a word, so after each return every session is in doubt until it is heard of. It stays in the room meanwhile: a
/// message without content is sent to it, which a client ignores, and which the server of a session that is gone returns.
/// Only that counts (<see cref="Bouncing"/>); silence says nothing.
/// </summary>
public static class Verifying
{
    /// <summary>How the service asks its room: from its own address, where nobody else can speak from.</summary>
    public static Stanza Request(Jid room) => new(StanzaKind.Presence) { Type = "probe", From = room.DomainJid, To = room };

    /// <summary>The service asks its room to look after everybody, moderators first.</summary>
    public static void Everybody(Turn turn)
    {
        var audience = turn.Room.Occupants.Audience;
        turn.Doubt(audience.Everyone);
        Ask(turn, [.. audience.Moderators, .. audience.Others]);
    }

    /// <summary>
    /// Somebody comes back under a nick it has already: the sessions there that nobody has heard of are likely its own past,
    /// and are looked after at once, so that nobody is doubled.
    /// </summary>
    public static void FormerSessions(Turn turn, Occupant occupant) =>
        Ask(turn, [.. occupant.SessionJids.Where(turn.Room.Doubted.Contains)]);

    private static void Ask(Turn turn, ImmutableArray<Jid> sessions) => turn.Send(
        new Stanza(StanzaKind.Message)
        {
            Type = "groupchat",
            From = turn.Room.Jid,
            Id = turn.NewId(),
            Children = [new XElement(Ns.Hints + "no-store")],
        },
        sessions);
}
