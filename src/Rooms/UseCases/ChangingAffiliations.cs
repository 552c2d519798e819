using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Affiliations: banning (XEP-0045 §9.1), membership (§9.3, §9.4), admins and owners (§10.3 to §10.8), and the lists of them (§9.2,
/// §9.5, §10.5, §10.8). By bare JID or by domain; a full JID stands for its bare one.
/// </summary>
public static class ChangingAffiliations
{
    private const string Reserved = "This nickname is reserved";

    public static StanzaError? Change(Turn turn, XElement item, Affiliation affiliation, string? reason)
    {
        if (turn.SenderAffiliation < Affiliation.Admin) return StanzaError.Forbidden;
        if (Target(turn, item) is not { } jid)
            return item.Attribute("jid") is not null ? StanzaError.JidMalformed : item.Attribute("nick") is not null ? StanzaError.ItemNotFound : StanzaError.BadRequest;
        var before = affiliation == Affiliation.Outcast ? turn.StandingOf(jid) : turn.Room.Affiliations.Get(jid);
        if (Privileges.MayChangeAffiliation(turn.SenderAffiliation, jid == turn.Sender.Bare, before, affiliation) is { } no) return no;
        if (turn.Room.Affiliations.Entry(jid) is null && turn.Room.Affiliations.Count >= turn.Policy.MaxAffiliations) return StanzaError.ResourceConstraint;

        // Beside an address, a nick is the one to reserve; an empty one is to be reserved no more (§9.5).
        string? nick = null;
        if (item.Attribute("jid") is not null && !jid.IsDomain && affiliation > Affiliation.None && item.Attribute("nick")?.Value is { } wanted)
        {
            nick = wanted.Length == 0 ? wanted : turn.Room.Nick(wanted);
            if (nick is null) return StanzaError.JidMalformed;
            if (nick.Length > 0 && Entering.NickRefused(turn, nick) is { } bad) return bad;
            if (turn.Room.Affiliations.ReservedBy(nick) is { } owner && owner != jid) return StanzaError.Conflict;
        }
        Apply(turn, jid, affiliation, nick, Administering.Actor(turn), reason);
        AuditLog.Note(turn, "affiliation", jid, affiliation.Word(), reason);
        return null;
    }

    /// <summary>Does it, and tells everybody whom it concerns.</summary>
    /// <param name="invite">Whether somebody who is not there hears of it: a new member of a members-only room by an invitation (§9.5), others by 101 (§18.1).</param>
    /// <param name="nick">The nick to reserve; null keeps the one there is, and an empty one gives it up. Outcasts and strangers have none (§9.1).</param>
    public static void Apply(Turn turn, Jid jid, Affiliation affiliation, string? nick, Actor? actor, string? reason, bool invite = true)
    {
        var (room, before) = (turn.Room, turn.Room.Affiliations.Get(jid));
        var reserved = affiliation > Affiliation.None ? nick ?? turn.Room.Affiliations.Entry(jid)?.Nick : null;
        turn.SetAffiliation(new AffiliationRecord(jid, affiliation, reserved is { Length: > 0 } ? reserved : null, reason));
        var versions = AffiliationVersions.Step(room, turn.Room);
        if (before != affiliation) KeptRoles.Forget(turn, jid);
        TimedBans.Forget(turn, jid);
        if (nick is { Length: > 0 }) Evict(turn, nick, jid);

        var present = Concerned(turn, jid);
        foreach (var occupant in present) Update(turn, occupant, before, new Notice { Actor = actor, Reason = reason, Versions = versions });
        if (!present.IsEmpty) return;

        TellOfAbsent(turn, jid, affiliation, reason, versions);
        // Nobody is written to only to hear of a ban.
        if (!invite || before == affiliation || affiliation == Affiliation.Outcast || jid.IsDomain || jid == turn.Sender.Bare) return;
        if (affiliation == Affiliation.Member && before == Affiliation.None && turn.Config.Get(MembersOnly.Only))
            Inviting.Invite(turn, jid, turn.Room.Jid, reason);
        else
            TellThemselves(turn, jid, affiliation, reason);
    }

    public static StanzaError? List(Turn turn, Affiliation affiliation)
    {
        var open = Anonymity.IsNonAnonymous(turn.Config) && MemberLists.MayRead(turn.Config, turn.Me?.Role ?? Role.None);
        if (Privileges.MayReadAffiliations(turn.SenderAffiliation, affiliation, open) is { } no) return no;
        // There is no list of those without affiliation (§5.2).
        if (affiliation == Affiliation.None) return StanzaError.BadRequest;
        turn.Reply(new XElement(
            Ns.MucAdmin + "query",
            turn.Room.Affiliations.Of(affiliation).OrderBy(r => r.Jid.ToString(), StringComparer.Ordinal).Select(r => new XElement(
                Ns.MucAdmin + "item",
                new XAttribute("affiliation", r.Affiliation.Word()),
                new XAttribute("jid", r.Jid.ToString()),
                r.Nick is null ? null : new XAttribute("nick", r.Nick),
                r.Reason is null ? null : new XElement(Ns.MucAdmin + "reason", r.Reason)))));
        return null;
    }

    // One presence each: who may not stay is told only that (§9.4).
    private static void Update(Turn turn, Occupant occupant, Affiliation before, Notice notice)
    {
        if (!MembersOnly.Admits(turn.Config, occupant.Affiliation))
        {
            Removing.Remove(turn, occupant, notice with { Statuses = [occupant.Affiliation == Affiliation.Outcast ? 301 : 321] });
            return;
        }
        var role = Privileges.RoleAfter(occupant.Role, before, occupant.Affiliation, Moderated.Silences(turn.Config));
        Presences.AnnounceRole(turn, occupant, role == occupant.Role ? occupant : turn.SetRole(occupant, role), notice);
        // Who becomes an admin sees what waits for one (§9.9).
        if (before < Affiliation.Admin) Registration.OfferPending(turn, occupant, occupant.SessionJids);
    }

    // Whoever sits on a nick that now belongs to another has to go (§7.10).
    private static void Evict(Turn turn, string nick, Jid owner)
    {
        if (turn.Room.Occupants.ByNick(nick) is { } squatter && squatter.RealJid != owner)
            Removing.Remove(turn, squatter, 307, null, Reserved);
    }

    // §10.3 note: to those who may see the address.
    private static void TellOfAbsent(Turn turn, Jid jid, Affiliation affiliation, string? reason, XElement? versions)
    {
        var audience = turn.Room.Occupants.Audience;
        var x = Extended.X(affiliation == Affiliation.Outcast ? Extended.Status(301) : null, versions, Extended.Item(jid, affiliation, reason));
        turn.Send(
            new Stanza(StanzaKind.Message) { From = turn.Room.Jid, Children = [x] },
            Anonymity.IsNonAnonymous(turn.Config) ? audience.Everyone : audience.Moderators);
    }

    // §18.1: status 101, to whom it happened.
    private static void TellThemselves(Turn turn, Jid jid, Affiliation affiliation, string? reason) => turn.Send(
        new Stanza(StanzaKind.Message)
        {
            From = turn.Room.Jid,
            Id = turn.NewId(),
            Children = [Extended.X(Extended.Status(101), Extended.Item(jid, affiliation, reason))],
        },
        jid);

    private static ImmutableArray<Occupant> Concerned(Turn turn, Jid jid) => jid.IsDomain
        ? [.. turn.Room.Occupants.All.Where(o => o.RealJid.IsAt(jid) && (o.RealJid == jid || turn.Room.Affiliations.Entry(o.RealJid) is null))]
        : turn.Room.Occupants.Of(jid);

    private static Jid? Target(Turn turn, XElement item)
    {
        if (item.Attribute("jid") is { } address) return Jid.TryParse(address.Value, out var jid) ? jid.Bare : null;
        return turn.Room.Nick(item.Attribute("nick")?.Value ?? "") is { } nick ? turn.Room.Occupants.ByNick(nick)?.RealJid : null;
    }
}
