using System.Collections.Immutable;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Voice on request: XEP-0045 §7.13 (a visitor asks), §8.6 (a moderator decides).</summary>
public static class RequestingVoice
{
    public const string FormType = "http://jabber.org/protocol/muc#request";

    private const string RoleField = "muc#role";
    private const string JidField = "muc#jid";
    private const string NickField = "muc#roomnick";
    private const string AllowField = "muc#request_allow";

    /// <summary>A form sent to the room in a message: a request, or an answer to one.</summary>
    public static StanzaError? Submit(Turn turn, DataForm form)
    {
        if (turn.Me is not { } me) return StanzaError.NotAcceptable with { Type = "cancel" };
        if (form.Value(AllowField) is { } answer) return Answer(turn, me, form, answer);
        if (form.Values(RoleField) is not ["participant"]) return StanzaError.BadRequest;
        // Who has voice has nothing to ask for.
        if (me.Role != Role.Visitor) return null;
        if (VoiceRequests.Ask(turn, me) is { } no) return no;
        Offer(turn, me, turn.Room.Occupants.Audience.Moderators);
        return null;
    }

    /// <summary>Shows a visitor's request to these moderators.</summary>
    public static void Offer(Turn turn, Occupant visitor, ImmutableArray<Jid> moderators) => turn.Send(
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
                        new FormField(RoleField, "list-single", "Requested role") { Values = [Role.Participant.Word()], Options = [new(Role.Participant.Word(), "Participant")] },
                        new FormField(JidField, "jid-single", "User ID") { Values = [visitor.Shown.Jid.ToString()] },
                        FormField.TextSingle(NickField, "Room nickname", visitor.Nick),
                        FormField.Boolean(AllowField, "Grant voice to this person?", false),
                    ],
                }.ToXml(),
            ],
        },
        moderators);

    private static StanzaError? Answer(Turn turn, Occupant me, DataForm form, string answer)
    {
        if (me.Role != Role.Moderator) return StanzaError.Forbidden;
        if (!DataForm.TryParseBoolean(answer, out var allowed)) return StanzaError.BadRequest.Because($"The field {AllowField} is neither yes nor no.");
        if (form.Value(JidField) is null && form.Value(NickField) is null) return StanzaError.BadRequest;
        // Two moderators may both answer: the second finds it done.
        if (!allowed || Asker(turn.Room, form) is not { Role: Role.Visitor } visitor) return null;
        var participant = turn.SetRole(visitor, Role.Participant);
        KeptRoles.Keep(turn, participant);
        Presences.AnnounceRole(turn, visitor, participant, new Notice { Actor = Administering.Actor(turn) });
        AuditLog.Note(turn, "role", visitor.RealJid, participant.Role.Word(), null);
        return null;
    }

    // By address: the nick may be another's by now.
    private static Occupant? Asker(Room room, DataForm form)
    {
        if (form.Value(JidField) is { Length: > 0 } address) return Jid.TryParse(address, out var jid) ? room.Occupants.BySession(jid) : null;
        return room.Nick(form.Value(NickField)!) is { } nick ? room.Occupants.ByNick(nick) : null;
    }
}
