using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Roles: kicking (XEP-0045 §8.2), granting and revoking voice (§8.3, §8.4) and the moderator role (§9.6, §9.7), and the lists
/// of them (§8.5, §9.8). By nick, since a role is of this visit only.
/// </summary>
public static class ChangingRoles
{
    public static StanzaError? Change(Turn turn, XElement item, Role role, string? reason)
    {
        var (myRole, myAffiliation) = (turn.MeBefore?.Role ?? Role.None, turn.SenderAffiliation);
        if (myRole != Role.Moderator && myAffiliation < Affiliation.Admin) return StanzaError.Forbidden;
        if (Target(turn, item) is not { } target) return item.Attribute("nick") is null && item.Attribute("jid") is null ? StanzaError.BadRequest : StanzaError.ItemNotFound;
        if (Privileges.MayChangeRole(myRole, myAffiliation, target.Is(turn.Sender.Bare), target.Role, turn.StandingOf(target.RealJid), role) is { } no) return no;

        var actor = Administering.Actor(turn);
        if (role == Role.None)
        {
            Removing.Remove(turn, target, 307, actor, reason);
            AuditLog.Note(turn, "kick", target.RealJid, target.Nick, reason);
        }
        else if (role != target.Role)
        {
            var changed = turn.SetRole(target, role);
            KeptRoles.Keep(turn, changed);
            Presences.AnnounceRole(turn, target, changed, new Notice { Actor = actor, Reason = reason });
            AuditLog.Note(turn, "role", target.RealJid, role.Word(), reason);
        }
        return null;
    }

    public static StanzaError? List(Turn turn, Role role)
    {
        if (Privileges.MayReadRoles(turn.Me?.Role ?? Role.None, turn.SenderAffiliation) is { } no) return no;
        turn.Reply(new XElement(
            Ns.MucAdmin + "query",
            turn.Room.Occupants.All.Where(o => o.Role == role).OrderBy(o => o.Nick, StringComparer.Ordinal).Select(o => new XElement(
                Ns.MucAdmin + "item",
                new XAttribute("nick", o.Nick),
                new XAttribute("role", o.Role.Word()),
                new XAttribute("affiliation", o.Affiliation.Word()),
                new XAttribute("jid", o.Shown.Jid.ToString())))));
        return null;
    }

    private static Occupant? Target(Turn turn, XElement item)
    {
        if (item.Attribute("nick")?.Value is { } text) return turn.Room.Nick(text) is { } nick ? turn.Room.Occupants.ByNick(nick) : null;
        return Jid.TryParse(item.Attribute("jid")?.Value, out var jid) ? turn.Room.Occupants.BySession(jid) : null;
    }
}
