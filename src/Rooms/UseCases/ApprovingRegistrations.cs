using System.Collections.Immutable;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// Registration by an admin's leave: XEP-0045 §9.9. The form names the desired nick, and no two people wait for the same one,
/// so that the nick says whose request an answer is about.
/// </summary>
public static class ApprovingRegistrations
{
    private const string AllowField = "muc#register_allow";

    /// <summary>Somebody asks to be registered: the admins in the room hear of it now, others when they come in.</summary>
    public static StanzaError? Ask(Turn turn, string nick)
    {
        var request = new RegistrationRequest(turn.Sender.Bare, nick);
        if (Registration.Pending(turn.Room).Any(r => r.Nick == nick && r.By != request.By)) return StanzaError.Conflict;
        if (!Registration.TryAdd(turn, request)) return StanzaError.ResourceConstraint;

        Offer(turn, request, [.. turn.Room.Occupants.All.Where(o => o.Affiliation >= Affiliation.Admin).SelectMany(o => o.SessionJids)]);
        turn.Reply();
        return null;
    }

    /// <summary>An admin's answer. Two may answer the same request: the second finds it done.</summary>
    public static StanzaError? Answer(Turn turn, DataForm form)
    {
        if (turn.SenderAffiliation < Affiliation.Admin) return StanzaError.Forbidden;
        if (form.Value(Registering.NickField) is not { } text || form.Value(AllowField) is not { } answer) return StanzaError.BadRequest;
        if (!DataForm.TryParseBoolean(answer, out var allowed)) return StanzaError.BadRequest.Because($"The field {AllowField} is neither yes nor no.");
        if (Registration.Pending(turn.Room).FirstOrDefault(r => r.Nick == turn.Room.Nick(text)) is not { } request) return null;

        Registration.TryRemove(turn, request.By);
        if (!allowed) return null;
        if (Entering.NickTaken(turn, request.Nick, request.By)) return StanzaError.Conflict;
        ChangingAffiliations.Apply(turn, request.By, Affiliation.Member, request.Nick, Administering.Actor(turn), null);
        AuditLog.Note(turn, "affiliation", request.By, Affiliation.Member.Word(), null);
        return null;
    }

    /// <summary>Shows a request to these admins.</summary>
    public static void Offer(Turn turn, RegistrationRequest request, ImmutableArray<Jid> admins) => turn.Send(
        new Stanza(StanzaKind.Message)
        {
            From = turn.Room.Jid,
            Id = turn.NewId(),
            Children =
            [
                new DataForm("form", Registering.FormType)
                {
                    Title = "Registration request",
                    Instructions = $"{request.By} asks to be registered as {request.Nick}: to approve it, select the box and submit the form.",
                    Fields =
                    [
                        FormField.TextSingle(Registering.NickField, "Desired nickname", request.Nick),
                        FormField.Boolean(AllowField, "Allow this person to register with the room?", false),
                    ],
                }.ToXml(),
            ],
        },
        admins);
}
