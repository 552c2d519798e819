using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Invitations through the room: XEP-0045 §7.8.2, §7.9 (continuing a one-to-one chat), §9.5. The inviter's real JID is shown only
/// where JIDs are open anyway.
/// </summary>
public static class Inviting
{
    /// <summary>A message to the room that holds invitations: all of them are sent, or none.</summary>
    public static StanzaError? Send(Turn turn, XElement x)
    {
        if (turn.Me is not { } me) return StanzaError.NotAcceptable with { Type = "cancel" };
        if (Invitations.MayInvite(turn.Config, me) is { } no) return no;
        var invites = x.Elements(Ns.MucUser + "invite").Select(i => (Xml: i, To: Jid.TryParse(i.Attribute("to")?.Value, out var to) ? to : null)).ToList();
        if (invites.Any(i => i.To is null)) return StanzaError.JidMalformed;

        foreach (var (invite, to) in invites)
        {
            if (turn.Room.Affiliations.Get(to!.Bare) == Affiliation.Outcast) return StanzaError.Forbidden;
            if (turn.Config.Get(MembersOnly.Only) && turn.Room.Affiliations.Get(to.Bare) == Affiliation.None)
                ChangingAffiliations.Apply(turn, to.Bare, Affiliation.Member, null, Administering.Actor(turn), null, invite: false);
            Invite(turn, to, From(turn, me), (string?)invite.Element(Ns.MucUser + "reason"), invite.Element(Ns.MucUser + "continue"), turn.Stanza.Id);
        }
        return null;
    }

    /// <summary>Sends one invitation.</summary>
    /// <param name="from">Who invites, by the address that the invited may see.</param>
    public static void Invite(Turn turn, Jid to, Jid from, string? reason, XElement? @continue = null, string? id = null)
    {
        var room = turn.Room.Jid.ToString();
        var password = Password.Protects(turn.Config) ? turn.Config.Get(Password.Secret) : null;
        var invite = new XElement(
            Ns.MucUser + "invite",
            new XAttribute("from", from.ToString()),
            new XElement(Ns.MucUser + "reason", reason),
            @continue is null ? null : new XElement(@continue));
        turn.Send(
            new Stanza(StanzaKind.Message)
            {
                From = turn.Room.Jid,
                Id = id ?? turn.NewId(),
                Children =
                [
                    Extended.X(invite, password is null ? null : new XElement(Ns.MucUser + "password", password)),
                    // COMPAT: clients that know only the older form of invitations, and people whose clients know none.
                    new XElement(
                        Ns.Conference + "x",
                        new XAttribute("jid", room),
                        password is null ? null : new XAttribute("password", password),
                        reason is { Length: > 0 } ? new XAttribute("reason", reason) : null,
                        reason),
                    new XElement(Ns.Client + "body", $"{from} invited you to the room {room}{(reason is { Length: > 0 } ? $" ({reason})" : "")}"),
                ],
            },
            to);
    }

    /// <summary>A message to the room that declines an invitation: passed on to who invited (§7.8.2), as the declining one allows it to be seen.</summary>
    public static StanzaError? Decline(Turn turn, XElement x)
    {
        var decline = x.Element(Ns.MucUser + "decline")!;
        if (!Jid.TryParse(decline.Attribute("to")?.Value, out var to)) return StanzaError.JidMalformed;
        var occupants = turn.Room.Occupants;
        var inviter = to.Bare == turn.Room.Jid ? occupants.ByNick(to.Resource) : occupants.BySession(to) ?? occupants.Of(to.Bare).FirstOrDefault();
        // Only to somebody of this room: it is not a way to write to strangers.
        if (inviter is null && (to.Bare == turn.Room.Jid || turn.Room.Affiliations.Get(to.Bare) <= Affiliation.None)) return StanzaError.ItemNotFound;

        var told = new XElement(Ns.MucUser + "decline", new XAttribute("from", turn.Sender.Bare.ToString()), decline.Elements(Ns.MucUser + "reason").Select(r => new XElement(r)));
        turn.Send(
            new Stanza(StanzaKind.Message) { From = turn.Room.Jid, Id = turn.Stanza.Id ?? turn.NewId(), Children = [Extended.X(told)] },
            inviter is null ? [to.Bare] : inviter.SessionJids);
        return null;
    }

    private static Jid From(Turn turn, Occupant me) => Anonymity.IsNonAnonymous(turn.Config) ? me.RealJid : me.Jid;
}
