using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// What comes back undelivered: XEP-0045 §18.1.2 and §11.1. It is about whom it comes from, the session that could not be
/// reached, whatever room address it was returned to.
/// </summary>
public static class Bouncing
{
    // What says for certain that the session is not there. A time-out says nothing.
    private static readonly HashSet<string> Definite =
    [
        "gone", "item-not-found", "recipient-unavailable", "redirect", "remote-server-not-found", "service-unavailable", "jid-malformed",
    ];

    public static void Bounce(Turn turn)
    {
        var definite = turn.Stanza.ErrorCondition is { } condition && Definite.Contains(condition);
        if (definite && turn.Stanza.Kind == StanzaKind.Message && Inviting.Bounced(turn)) return;
        if (turn.Me is not { } me) return;
        if (turn.Stanza.Kind == StanzaKind.Message && ToAuthorOfPrivate(turn, me)) return;
        if (definite) Lost(turn, me, turn.Sender);
    }

    /// <summary>A session that is certainly not there any more leaves for a technical reason (333).</summary>
    public static void Lost(Turn turn, Occupant occupant, Jid session) =>
        Exiting.SessionLeaves(turn, occupant, session, new Notice { Statuses = [333] });

    /// <summary>An answer from somebody's client as another occupant may see it: who said no (<c>by</c>) is a real address.</summary>
    internal static Stanza PassedOn(Stanza answer) => !answer.IsError ? answer : answer with
    {
        Children = [.. answer.Children.Where(e => e.Name.Namespace != Ns.MucUser).Select(WithoutBy)],
    };

    private static XElement WithoutBy(XElement child)
    {
        if (child.Name != Ns.Client + "error" || child.Attribute("by") is null) return child;
        var error = new XElement(child);
        error.SetAttributeValue("by", null);
        return error;
    }

    // A private message that one session refused says nothing about the session; its author wants to know.
    private static bool ToAuthorOfPrivate(Turn turn, Occupant me)
    {
        var trace = turn.Room.PrivateTraces.FirstOrDefault(t => t.Id == turn.Stanza.Id && t.Recipient == turn.Sender);
        if (trace is null) return false;
        if (turn.Room.Occupants.BySession(trace.Author) is not null)
            turn.Send(PassedOn(turn.Stanza) with { From = me.Jid, To = null }, trace.Author);
        return true;
    }
}
