using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Voice on request: XEP-0045 §7.13 (a visitor asks), §8.6 (a moderator decides).</summary>
public static class RequestingVoice
{
    private const string FormType = "http://jabber.org/protocol/muc#request";

    /// <summary>A form sent to the room in a message: a request, or an answer to one.</summary>
    public static StanzaError? Submit(Turn turn, XElement x)
    {
        if (DataForm.From(x) is not { Type: "submit", FormType: FormType } form) return StanzaError.BadRequest;
        if (turn.Me is not { } me) return StanzaError.NotAcceptable with { Type = "cancel" };
        if (form.Values("muc#request_allow") is { } allow) return Answer(turn, me, form, allow is ["1" or "true"]);
        if (form.Values("muc#role") is not ["participant"]) return StanzaError.BadRequest;
        if (me.Role == Role.Visitor) AskModerators(turn, me);
        return null;
    }

    private static StanzaError? Answer(Turn turn, Occupant me, DataForm form, bool allowed)
    {
        if (me.Role != Role.Moderator) return StanzaError.Forbidden;
        if (form.Values("muc#roomnick") is not [var nick]) return StanzaError.BadRequest;
        // Two moderators may both answer: the second finds it done.
        if (!allowed || turn.Room.Occupants.ByNick(nick) is not { Role: Role.Visitor } visitor) return null;
        Presences.AnnounceRole(turn, visitor, turn.SetRole(visitor, Role.Participant), new Notice { Actor = Administering.Actor(turn) });
        return null;
    }

    private static void AskModerators(Turn turn, Occupant visitor) => turn.Send(
        new Stanza(StanzaKind.Message)
        {
            From = turn.Room.Jid,
            Id = turn.NewId(),
            Children =
            [
                new DataForm("form", FormType)
                {
                    Title = "Voice request",
                    Instructions = $"{visitor.Nick} asks for voice: to approve it, select the box and submit the form.",
                    Fields =
                    [
                        new FormField("muc#role", "list-single", "Requested role") { Values = [Role.Participant.Word()], Options = [new(Role.Participant.Word(), "Participant")] },
                        new FormField("muc#jid", "jid-single", "User ID") { Values = [visitor.Shown.Jid.ToString()] },
                        new FormField("muc#roomnick", "text-single", "Room nickname") { Values = [visitor.Nick] },
                        new FormField("muc#request_allow", "boolean", "Grant voice to this person?") { Values = ["0"] },
                    ],
                }.ToXml(),
            ],
        },
        turn.Room.Occupants.Audience.Moderators);
}
