using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Requests in <c>muc#admin</c>: lists and changes of roles (XEP-0045 §8.2 to §8.5, §9.6 to §9.8) and of affiliations (§9.1 to
/// §9.5, §10.3 to §10.8). Several items are one request: all are done or none.
/// </summary>
public static class Administering
{
    public static StanzaError? Get(Turn turn, XElement query)
    {
        if (query.Elements(Ns.MucAdmin + "item").ToList() is not [var item]) return StanzaError.BadRequest;
        var (affiliation, role) = (item.Attribute("affiliation")?.Value, item.Attribute("role")?.Value);
        return (affiliation, role) switch
        {
            (not null, null) when Ladders.AffiliationOf(affiliation) is { } list => ChangingAffiliations.List(turn, list),
            (null, not null) when Ladders.RoleOf(role) is { } list => ChangingRoles.List(turn, list),
            _ => StanzaError.BadRequest,
        };
    }

    public static StanzaError? Set(Turn turn, XElement query)
    {
        var items = query.Elements(Ns.MucAdmin + "item").ToList();
        if (items.Count == 0) return StanzaError.BadRequest;
        foreach (var item in items)
            if (SetOne(turn, item) is { } no) return no;
        // Where the last owner was forgotten (Erasure), the others go on.
        if (!turn.Room.Affiliations.Of(Affiliation.Owner).Any() && turn.Before.Affiliations.Of(Affiliation.Owner).Any()) return StanzaError.Conflict;
        turn.Reply();
        return null;
    }

    /// <summary>The sender, as the others get to know who did it.</summary>
    public static Actor? Actor(Turn turn) => Actors.Of(turn);

    private static StanzaError? SetOne(Turn turn, XElement item)
    {
        var (affiliation, role) = (item.Attribute("affiliation")?.Value, item.Attribute("role")?.Value);
        var reason = (string?)item.Element(Ns.MucAdmin + "reason");
        if ((affiliation is null) == (role is null)) return StanzaError.BadRequest;
        if (reason?.Length > turn.Policy.MaxReasonLength) return StanzaError.NotAcceptable.Because($"A reason may have at most {turn.Policy.MaxReasonLength} characters.");
        return affiliation is not null
            ? Ladders.AffiliationOf(affiliation) is { } a ? ChangingAffiliations.Change(turn, item, a, reason) : StanzaError.BadRequest
            : Ladders.RoleOf(role) is { } r ? ChangingRoles.Change(turn, item, r, reason) : StanzaError.BadRequest;
    }
}
