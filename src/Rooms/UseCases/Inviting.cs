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
        var invites = x.Elements(Ns.MucUser + "invite").Select(i => (Xml: i, To: Jid.TryParse(i.Attribute("to")?.Value, out var to) ? to : null)).ToList();
        if (Invitations.MayInvite(turn, me, invites.Count) is { } no) return no;
        if (invites.Any(i => i.To is null)) return StanzaError.JidMalformed;

        foreach (var (invite, to) in invites)
        {
            if (turn.Room.Affiliations.Get(to!.Bare) == Affiliation.Outcast) return StanzaError.Forbidden;
            // An occupant of another room is invited by that room's address, which is nobody to make a member (§7.8.2).
            if (!IsOccupant(turn, to) && turn.Config.Get(MembersOnly.Only) && turn.Room.Affiliations.Get(to.Bare) == Affiliation.None)
                ChangingAffiliations.Apply(turn, to.Bare, Affiliation.Member, null, Administering.Actor(turn), null, invite: false);
            Invite(turn, to, From(turn, me), (string?)invite.Element(Ns.MucUser + "reason"), invite.Element(Ns.MucUser + "continue"), turn.Stanza.Id);
        }
        return null;
    }

    /// <summary>Sends one invitation, on the sender's behalf.</summary>
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
        var message = new Stanza(StanzaKind.Message)
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
        };
        Invitations.Remember(turn, new Invitation(to, from, turn.Sender, turn.Now, message.Id));
        turn.Send(message, to);
    }

    /// <summary>
    /// A message to the room that declines an invitation: passed on to who invited (§7.8.2), in the room or not. Only what was
    /// offered can be declined, and once: it is not a way to write to strangers.
    /// </summary>
    public static StanzaError? Decline(Turn turn, XElement x)
    {
        var decline = x.Element(Ns.MucUser + "decline")!;
        if (!Jid.TryParse(decline.Attribute("to")?.Value, out var to)) return StanzaError.JidMalformed;
        if (Invitations.Find(turn.Room, i => IsFor(turn, i) && (i.From == to || i.Inviter.Bare == to.Bare)) is not { } invitation)
            return StanzaError.ItemNotFound;

        Invitations.Forget(turn, invitation);
        var told = new XElement(
            Ns.MucUser + "decline",
            // An address that the inviter knows.
            new XAttribute("from", (IsOccupant(turn, invitation.Invited) ? invitation.Invited : invitation.Invited.Bare).ToString()),
            decline.Elements(Ns.MucUser + "reason").Select(r => new XElement(r)));
        var occupants = turn.Room.Occupants;
        var inviter = occupants.BySession(invitation.Inviter) ?? occupants.Of(invitation.Inviter.Bare).FirstOrDefault();
        turn.Send(
            new Stanza(StanzaKind.Message) { From = turn.Room.Jid, Id = turn.Stanza.Id ?? turn.NewId(), Children = [Extended.X(told)] },
            inviter is null ? [invitation.Inviter.Bare] : inviter.SessionJids);
        return null;
    }

    /// <summary>An invitation that came back: whoever sent it learns that there is no such person (§7.8.2). False if this is none.</summary>
    public static bool Bounced(Turn turn)
    {
        if (turn.Stanza.Id is not { } id || !turn.Stanza.To!.IsBare) return false;
        if (Invitations.Find(turn.Room, i => i.Id == id && i.Invited.Bare == turn.Sender.Bare) is not { } invitation) return false;
        Invitations.Forget(turn, invitation);
        if (turn.Room.Occupants.BySession(invitation.Inviter) is not null)
            turn.Send(
                new Stanza(StanzaKind.Message) { From = turn.Room.Jid, Type = "error", Id = id, Children = [StanzaError.ItemNotFound.ToXml(turn.Room.Jid)] },
                invitation.Inviter);
        return true;
    }

    // Who was invited by an occupant JID of another room answers from an address that this room cannot know.
    private static bool IsFor(Turn turn, Invitation invitation) =>
        invitation.Invited.Bare == turn.Sender.Bare || IsOccupant(turn, invitation.Invited);

    private static bool IsOccupant(Turn turn, Jid jid) => !jid.IsBare && jid.IsAt(turn.Room.Jid);

    private static Jid From(Turn turn, Occupant me) => Anonymity.IsNonAnonymous(turn.Config) ? me.RealJid : me.Jid;
}
