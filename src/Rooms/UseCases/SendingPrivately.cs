using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>A message to one occupant: XEP-0045 §7.5. It goes to all sessions behind the nick.</summary>
public static class SendingPrivately
{
    public static StanzaError? Send(Turn turn)
    {
        if (turn.Stanza.Type == "groupchat") return StanzaError.BadRequest;
        var recipient = turn.Room.Occupants.ByNick(turn.Stanza.To!.Resource);
        if (IsFromAnotherRoom(turn) && recipient is not null)
        {
            turn.Send(turn.Stanza with { To = null }, recipient.SessionJids);
            return null;
        }
        if (turn.Me is not { } me) return StanzaError.NotAcceptable with { Type = "cancel" };
        if (recipient is null) return StanzaError.ItemNotFound;
        if (PrivateMessages.MayWrite(turn.Config, me.Role) is { } no) return no;

        var message = turn.Stanza with
        {
            From = me.Jid,
            To = null,
            // What an occupant may say in this namespace is an invitation; the rest is the room's to say (§17.3).
            Children = turn.Stanza.Children.RemoveAll(e => e.Name.Namespace == Ns.MucUser && !IsInvitation(e)),
        };
        // Marks it as a private message, for the recipient's other clients too (§7.5, XEP-0280).
        if (message.Child(Ns.MucUser) is null) message = message.With(Extended.X());
        if (message.Id is { } id)
            foreach (var session in recipient.SessionJids) turn.Trace(new PrivateTrace(id, turn.Sender, session));
        turn.Send(OccupantIds.Mark(message, turn.Room, me), recipient.SessionJids);
        return null;
    }

    // Somebody invited by an occupant JID, whose address the inviter does not know (§7.8.2): the other room of this service
    // speaks, and it has checked who may invite.
    private static bool IsFromAnotherRoom(Turn turn) =>
        turn.Sender.IsBare && turn.Sender.IsAt(turn.Room.Jid)
        && turn.Stanza.Child(Ns.MucUser)?.Element(Ns.MucUser + "invite") is not null;

    private static bool IsInvitation(XElement x) =>
        x.Name == Ns.MucUser + "x" && x.Elements().All(e => e.Name == Ns.MucUser + "invite" || e.Name == Ns.MucUser + "password") && x.HasElements;
}
