using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Registering with a room: XEP-0045 §7.10. Whoever registers is a member and has its nick reserved; a member or more
/// reserves a nick, a stranger asks for both.
/// </summary>
public static class Registering
{
    public const string FormType = "http://jabber.org/protocol/muc#register";
    public const string NickField = "muc#register_roomnick";

    public static StanzaError? Get(Turn turn)
    {
        if (Refused(turn) is { } no) return no;
        var nick = turn.Room.Affiliations.Entry(turn.Sender.Bare)?.Nick;
        turn.Reply(nick is not null
            ? new XElement(Ns.Register + "query", new XElement(Ns.Register + "registered"), new XElement(Ns.Register + "username", nick))
            : new XElement(Ns.Register + "query", Form.ToXml()));
        return null;
    }

    public static StanzaError? Set(Turn turn, XElement query)
    {
        if (query.Element(Ns.Register + "remove") is not null) return Remove(turn);
        if (Refused(turn) is { } no) return no;
        if (DataForm.From(query.Element(Ns.DataForms + "x")) is not { } form) return StanzaError.BadRequest;
        if (form.Type == "cancel")
        {
            turn.Reply();
            return null;
        }
        if (form.Type != "submit" || form.FormType is not (null or FormType)) return StanzaError.BadRequest;
        if (form.Values(NickField) is not [{ Length: > 0 } given]) return StanzaError.NotAcceptable.Because("A nickname is needed.");
        if (turn.Room.Nick(given) is not { } nick) return StanzaError.NotAcceptable.Because("This cannot be a nickname.");
        if (Entering.NickRefused(turn, nick) is { } bad) return bad;
        if (Entering.NickTaken(turn, nick)) return StanzaError.Conflict;

        if (NeedsApproval(turn)) return ApprovingRegistrations.Ask(turn, nick);
        var affiliation = (Affiliation)Math.Max((int)turn.SenderAffiliation, (int)Affiliation.Member);
        ChangingAffiliations.Apply(turn, turn.Sender.Bare, affiliation, nick, null, null, invite: false);
        turn.Reply();
        return null;
    }

    /// <summary>The nick that is reserved for the sender: §7.12, <c>disco#info</c> with the node <c>x-roomuser-item</c>.</summary>
    public static void TellReservedNick(Turn turn, XElement query)
    {
        var nick = turn.Room.Affiliations.Entry(turn.Sender.Bare)?.Nick;
        turn.Reply(new XElement(
            query.Name,
            new XAttribute("node", query.Attribute("node")!.Value),
            nick is null ? null : new XElement(
                Ns.DiscoInfo + "identity",
                new XAttribute("category", "conference"), new XAttribute("name", nick), new XAttribute("type", "text"))));
    }

    private static DataForm Form => new("form", FormType)
    {
        Fields = [new FormField(NickField, "text-single", "Nickname") { Required = true }],
    };

    // A member gives up membership; an admin or owner only the nick; who still waits for approval waits no more.
    private static StanzaError? Remove(Turn turn)
    {
        var me = turn.Sender.Bare;
        switch (turn.Room.Affiliations.Entry(me))
        {
            case { Affiliation: Affiliation.Member }:
                ChangingAffiliations.Apply(turn, me, Affiliation.None, null, null, null);
                break;
            case { Affiliation: > Affiliation.Member } entry:
                turn.SetAffiliation(entry with { Nick = null });
                break;
            default:
                if (!Registration.TryRemove(turn, me)) return StanzaError.RegistrationRequired;
                break;
        }
        turn.Reply();
        return null;
    }

    private static bool NeedsApproval(Turn turn) =>
        turn.SenderAffiliation == Affiliation.None && turn.Config.Get(Registration.Admission) == Registration.ByApproval;

    private static StanzaError? Refused(Turn turn) => turn.SenderAffiliation switch
    {
        Affiliation.Outcast => StanzaError.NotAllowed,
        // COMPAT: §7.10 asks for not-allowed; clients and their tests know this condition for it.
        Affiliation.None when turn.Config.Get(Registration.Admission) == Registration.Closed => StanzaError.RegistrationRequired,
        _ => null,
    };
}
