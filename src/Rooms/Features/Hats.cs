using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Hats (XEP-0317): what people are in this room besides role and affiliation, such as a teacher or a host. Admins make them and
/// give them to people by ad-hoc commands; they stand in presence, and are kept with the room. Nobody gives them to themselves:
/// what clients say of hats is taken from their presence (<see cref="ChangingAvailability"/>).
/// </summary>
public sealed class Hats : Feature
{
    public static readonly Toggle Enabled = new("muc#roomconfig_enablehats", "Let admins give people hats?", true) { Aliases = ["enable_hats"] };

    private const string FormType = "urn:xmpp:hats:commands";
    private const string UriField = "hats#uri";
    private const string TitleField = "hats#title";
    private const string HueField = "hats#hue";
    private const string JidField = "hats#jid";

    private const string ListName = "hats";
    private const string WornName = "hats worn";

    public override ImmutableArray<Option> Options => [Enabled];

    public override IEnumerable<string> Disco(Room room) => room.Config.Get(Enabled) ? [Ns.Hats.NamespaceName] : [];

    public override IEnumerable<InfoField> Info(Room room) =>
        room.Config.Get(Enabled) && room.Wardrobe is { All.IsEmpty: false } hats ? [new("hats#hash", "text-single", hats.Hash())] : [];

    public override ImmutableArray<RoomCommand> Commands =>
    [
        new($"{FormType}:create", "Create or change a hat") { MayRun = ByAdmin, Form = _ => CreateForm, Run = Create },
        new($"{FormType}:destroy", "Destroy a hat") { MayRun = ByAdmin, Form = turn => Form("Destroying a Hat", HatField(turn)), Run = Destroy },
        new($"{FormType}:list", "List the hats") { MayRun = ByOccupant, Run = List },
        new($"{FormType}:assign", "Give a hat to somebody") { MayRun = ByAdmin, Form = turn => Form("Assigning a Hat", Person, HatField(turn)), Run = Assign },
        new($"{FormType}:unassign", "Take a hat from somebody") { MayRun = ByAdmin, Form = turn => Form("Removing a Hat", Person, HatField(turn)), Run = Unassign },
        new($"{FormType}:list-assigned", "List who wears which hat") { MayRun = ByAdmin, Run = ListAssigned },
    ];

    /// <summary>The hats among what is kept of a room; null if there are none.</summary>
    public static Wardrobe? Read(Room room)
    {
        var hats = Rows.Read(room, ListName).Aggregate(Wardrobe.None, (all, row) => all.With(new Hat(row[0], row[1], row[2])));
        return hats.All.IsEmpty ? null : Rows.Read(room, WornName).Aggregate(hats, (all, row) => all.GivenTo(Jid.Parse(row[0]), row[1]));
    }

    // Hats come off and on again with the option.
    public override StanzaError? Configured(Turn turn, Submission form)
    {
        if (turn.Room.Wardrobe is { } hats && turn.Config.Get(Enabled) != turn.Before.Config.Get(Enabled)) Show(turn, [.. hats.Worn.Keys]);
        return null;
    }

    // --- the commands -----------------------------------------------------------------------------------

    private static CommandResult Create(Turn turn, DataForm form)
    {
        var hat = new Hat(form.Value(UriField)!, form.Value(TitleField)!, form.Value(HueField) ?? "");
        if (hat.Uri.Length > turn.Policy.MaxHatLength || hat.Title.Length > turn.Policy.MaxHatLength || (hat.Uri + hat.Title).Any(char.IsControl)
            || !Uri.TryCreate(hat.Uri, UriKind.Absolute, out _))
            return CommandError.BadPayload($"A hat has a URI and a title, of at most {turn.Policy.MaxHatLength} characters each.");
        if (hat.Hue.Length > 0 && !(hat.Hue.Length <= 16 && double.TryParse(hat.Hue, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hue) && hue <= 360))
            return CommandError.BadPayload("A hue is an angle from 0 to 360.");
        var hats = Of(turn);
        if (hats.Find(hat.Uri) is null && hats.All.Length >= turn.Policy.Hats) return StanzaError.ResourceConstraint;

        ChangeList(turn, hats.With(hat), hats.WearersOf(hat.Uri));
        AuditLog.Note(turn, "hat made", null, hat.Uri, null);
        return CommandResult.Done();
    }

    private static CommandResult Destroy(Turn turn, DataForm form)
    {
        if (Find(turn, form) is not { } hat) return StanzaError.ItemNotFound;
        ChangeList(turn, Of(turn).Without(hat), Of(turn).WearersOf(hat.Uri));
        AuditLog.Note(turn, "hat destroyed", null, hat.Uri, null);
        return CommandResult.Done();
    }

    private static CommandResult List(Turn turn, DataForm form) => Told("Hats List", [TitleField, UriField, HueField], Of(turn).All.Select(Fields));

    private static CommandResult Assign(Turn turn, DataForm form)
    {
        if (Find(turn, form) is not { } hat) return StanzaError.ItemNotFound;
        if (Wearer(form) is not { } who) return StanzaError.JidMalformed;
        var hats = Of(turn).GivenTo(who, hat.Uri);
        if (hats.Worn.Sum(w => w.Value.Length) > turn.Policy.HatsWorn) return StanzaError.ResourceConstraint;
        Change(turn, hats, [who]);
        AuditLog.Note(turn, "hat given", who, hat.Uri, null);
        return CommandResult.Done();
    }

    private static CommandResult Unassign(Turn turn, DataForm form)
    {
        if (Wearer(form) is not { } who) return StanzaError.JidMalformed;
        if (Find(turn, form) is not { } hat || !Of(turn).Of(who).Contains(hat)) return StanzaError.ItemNotFound;
        Change(turn, Of(turn).TakenFrom(who, hat.Uri), [who]);
        AuditLog.Note(turn, "hat taken", who, hat.Uri, null);
        return CommandResult.Done();
    }

    private static CommandResult ListAssigned(Turn turn, DataForm form)
    {
        var hats = Of(turn);
        return Told(
            "Assigned Hats List", [JidField, UriField, TitleField, HueField],
            hats.Worn.Keys.OrderBy(who => who.ToString(), StringComparer.Ordinal).SelectMany(who => hats.Of(who).Select(hat =>
                (IEnumerable<FormField>)[FormField.Plain(JidField, who.ToString()), .. Fields(hat)])));
    }

    // --- what changes -----------------------------------------------------------------------------------

    // "When any change is applied to the hats list the room SHOULD broadcast a notification that the configuration changed."
    private static void ChangeList(Turn turn, Wardrobe hats, IEnumerable<Jid> wearers)
    {
        Change(turn, hats, [.. wearers]);
        Configuring.TellOfChange(turn, []);
    }

    // "The room SHOULD broadcast the related JID presences with the refreshed hats list."
    private static void Change(Turn turn, Wardrobe hats, ImmutableArray<Jid> wearers)
    {
        turn.SetWardrobe(hats.All.IsEmpty ? null : hats);
        Rows.Write(turn, ListName, hats.All.Select(h => new[] { h.Uri, h.Title, h.Hue }), turn.Policy.Hats);
        Rows.Write(
            turn, WornName, hats.Worn.OrderBy(w => w.Key.ToString(), StringComparer.Ordinal).SelectMany(w => w.Value.Select(uri => new[] { w.Key.ToString(), uri })),
            turn.Policy.HatsWorn);
        Show(turn, wearers);
    }

    private static void Show(Turn turn, ImmutableArray<Jid> wearers)
    {
        foreach (var who in wearers)
            foreach (var occupant in turn.Room.Occupants.Of(who)) Presences.Announce(turn, turn.Renew(occupant), Notice.None);
    }

    private static Wardrobe Of(Turn turn) => turn.Room.Wardrobe ?? Wardrobe.None;

    private static Hat? Find(Turn turn, DataForm form) => Of(turn).Find(form.Value(UriField) ?? "");

    private static Jid? Wearer(DataForm form) => Jid.TryParse(form.Value(JidField), out var jid) && jid.HasLocal ? jid.Bare : null;

    // --- who may, and what is asked -------------------------------------------------------------------------

    private static StanzaError? ByAdmin(Turn turn) => Allowed(turn, turn.SenderAffiliation >= Affiliation.Admin);

    private static StanzaError? ByOccupant(Turn turn) => Allowed(turn, turn.Me is not null || turn.SenderAffiliation >= Affiliation.Admin);

    private static StanzaError? Allowed(Turn turn, bool may) =>
        !turn.Config.Get(Enabled) ? StanzaError.ItemNotFound : may ? null : StanzaError.Forbidden;

    private static DataForm CreateForm => Form(
        "Creating a Hat",
        FormField.TextSingle(TitleField, "Hat Title", null) with { Required = true },
        FormField.TextSingle(UriField, "Hat URI", null) with { Required = true },
        FormField.TextSingle(HueField, "Hat Hue", null));

    private static FormField Person => FormField.JidSingle(JidField, "User Address", null) with { Required = true };

    private static FormField HatField(Turn turn) => new(UriField, "list-single", "The role")
    {
        Required = true,
        Options = [.. Of(turn).All.Select(h => new FormOption(h.Uri, h.Title))],
    };

    private static DataForm Form(string title, params ReadOnlySpan<FormField> fields) =>
        DataForm.Form(FormType, fields) with { Title = title, Instructions = "Fill out this form." };

    private static IEnumerable<FormField> Fields(Hat hat) =>
        [FormField.Plain(UriField, hat.Uri), FormField.Plain(TitleField, hat.Title), FormField.Plain(HueField, hat.Hue)];

    private static CommandResult Told(string title, ImmutableArray<string> columns, IEnumerable<IEnumerable<FormField>> rows) => CommandResult.Told(new DataForm("result", null)
    {
        Title = title,
        Reported = [.. columns.Select(c => FormField.Plain(c))],
        Items = [.. rows.Select(row => columns.Select(c => row.First(f => f.Var == c)).ToImmutableArray())],
    });
}
