using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// The configuration form: XEP-0045 §10.1 (the first one unlocks the room), §10.2 (later ones). A submitted form is a change of
/// what it names: fields that are missing keep their values, unknown ones are ignored.
/// </summary>
public static class Configuring
{
    public const string FormType = "http://jabber.org/protocol/muc#roomconfig";

    public static StanzaError? Get(Turn turn)
    {
        if (Privileges.MayConfigure(turn.SenderAffiliation) is { } no) return no;
        turn.Reply(new XElement(Ns.MucOwner + "query", Form(turn).ToXml()));
        return null;
    }

    public static StanzaError? Set(Turn turn, XElement x)
    {
        if (Privileges.MayConfigure(turn.SenderAffiliation) is { } no) return no;
        if (DataForm.From(x) is not { } form) return StanzaError.BadRequest;
        return form.Type switch
        {
            "cancel" => Cancel(turn),
            "submit" when form.FormType is null or FormType => Submit(turn, form),
            _ => StanzaError.BadRequest,
        };
    }

    // Cancelling the first form takes the room back (§10.1.3); a later one stays as it is.
    private static StanzaError? Cancel(Turn turn)
    {
        if (turn.Room.Locked) Destroying.Destroy(turn, new XElement(Ns.MucUser + "destroy"), null);
        turn.Reply();
        return null;
    }

    /// <summary>Sets what a submitted form names of these options, if the sender may.</summary>
    internal static StanzaError? Take(Turn turn, DataForm form, ImmutableArray<Option> options)
    {
        foreach (var option in options)
        {
            if (Submitted(form, option) is not { } field) continue;
            if (!option.TryRead(field.Values, out var value)) return StanzaError.BadRequest.Because($"The field {field.Var} cannot have this value.");
            if (!turn.Config.Is(option, value) && IsReserved(turn, option)) return StanzaError.NotAcceptable.Because($"The field {field.Var} is not yours to change.");
            if (ServiceLimits.IsTooLong(turn, option, value)) return StanzaError.NotAcceptable.Because($"The field {field.Var} is too long.");
            turn.Set(option, value);
        }
        return null;
    }

    /// <summary>The fields of these options, as the room is now.</summary>
    internal static IEnumerable<FormField> Fields(RoomConfig config, IEnumerable<Option> options) => options.Select(o => new FormField(o.Name, o.Type, o.Label)
    {
        Values = o.Write(config.Get(o)),
        Desc = o.Description,
        Range = o.Range,
        Options = [.. o.Choices.Select(c => new FormOption(c.Value, c.Label))],
    });

    private static StanzaError? Submit(Turn turn, DataForm form)
    {
        if (Take(turn, form, turn.Features.Options) is { } wrong) return wrong;
        var submission = new Submission(form.Values);
        foreach (var feature in turn.Features.All)
            if (feature.Configured(turn, submission) is { } no) return no;

        turn.Unlock();
        turn.Reply();
        TakeEffect(turn);
        return null;
    }

    /// <summary>All options at once, with what follows from them.</summary>
    internal static void Replace(Turn turn, RoomConfig config)
    {
        foreach (var option in turn.Features.Options) turn.Set(option, config.Get(option));
        var nothing = new Submission(_ => null);
        foreach (var feature in turn.Features.All) feature.Configured(turn, nothing);
        TakeEffect(turn);
    }

    private static void TakeEffect(Turn turn)
    {
        AuditLog.NoteConfiguration(turn);
        Tell(turn);
        Presences.AnnounceVisibility(turn);
        Removing.NoLongerEntitled(turn);
    }

    // §10.2.1: one message with everything that changed.
    private static void Tell(Turn turn)
    {
        var (before, after) = (turn.Before.Config, turn.Config);
        if (turn.Features.Options.All(o => after.Is(o, before.Get(o)))) return;
        TellOfChange(turn, turn.Features.All.SelectMany(f => f.ConfigStatuses(before, after)));
    }

    /// <summary>Tells everybody that what the room is has changed.</summary>
    /// <param name="codes">What they should know besides 104.</param>
    internal static void TellOfChange(Turn turn, IEnumerable<int> codes) =>
        turn.Send(
            new Stanza(StanzaKind.Message)
            {
                Type = "groupchat",
                From = turn.Room.Jid,
                Children = [Extended.X([Extended.Status(104), .. codes.Select(Extended.Status)])],
            },
            turn.Room.Occupants.Audience.Everyone);

    private static FormField? Submitted(DataForm form, Option option) =>
        form.Field(option.Name) ?? option.Aliases.Select(form.Field).FirstOrDefault(f => f is not null);

    // §10.1.3: what the service keeps to its own admins.
    private static bool IsReserved(Turn turn, Option option) =>
        (turn.Policy.ReservedOptions.Contains(option.Name) && !turn.IsByService && !turn.Policy.Admins.Contains(turn.Sender.Bare)) || ServiceLimits.IsReserved(turn, option);

    private static DataForm Form(Turn turn)
    {
        var name = About.NameOf(turn.Room);
        return new DataForm("form", FormType)
        {
            Title = $"Configuration for {name}",
            Instructions = $"Complete this form to set what {name} is like.",
            Fields =
            [
                .. turn.Features.All.SelectMany(f => Fields(turn.Config, f.Options.Where(o => !IsReserved(turn, o)))
                    .Concat(f.Derived(turn.Room).Select(d => new FormField(d.Var, d.Type, d.Label) { Values = d.Values }))),
            ],
        };
    }
}
