using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Who may mention whom (XEP-0513, "Multi-User Chats Permissions"): single people, the whole room, those of a role or affiliation,
/// those with a hat. What somebody may not do is taken off their message, so that no client has to decide it. Types of mentions that
/// the room does not know are passed on.
/// </summary>
public sealed class ExplicitMentions : Feature
{
    public static readonly Number Count = new("mentions#count", "How many mentions are allowed in a message?", 20, 1_000);
    public static readonly Choice Individual = Who("mentions#individual", "Who can mention individual users?", Participants);
    public static readonly Choice Channel = Who("mentions#channel", "Who can mention the whole room?", Moderators);
    public static readonly Choice Associations = Who("mentions#associations", "Who can mention roles and affiliations?", Participants);
    public static readonly Choice ByHat = Who("mentions#hats", "Who can mention those with a hat?", Participants);

    private const string Participants = "participants";
    private const string Moderators = "moderators";

    private static readonly XNamespace Namespace = "urn:xmpp:mentions:0";
    private static readonly XName Mention = Namespace + "mention";

    private static readonly ImmutableHashSet<string> Groups = ["moderators", "participants", "visitors", "owner", "admin", "member", "none"];

    public override ImmutableArray<Option> Options => [Count, Individual, Channel, Associations, ByHat];

    public override IEnumerable<string> Disco(Room room) =>
        [Namespace.NamespaceName, .. Offered(room.Config).Skip(2).Select(o => $"{Namespace.NamespaceName}#{o.Name["mentions#".Length..]}")];

    public override IEnumerable<InfoField> Info(Room room) => Offered(room.Config).Select(o => new InfoField(o.Name, o.Type, o.Write(room.Config.Get(o))));

    public override ImmutableArray<XNamespace> Answers => [Namespace];

    public override StanzaError? Answer(Turn turn, XElement payload)
    {
        if (payload.Name != Namespace + "query") return StanzaError.BadRequest;
        if (turn.Stanza.Type == "set") return Set(turn, payload);
        turn.Reply(new XElement(payload.Name, Form("form", "Permissions for explicit mentions", Configuring.Fields(turn.Config, Offered(turn.Config)).Select(f => f with { Required = true })).ToXml()));
        return null;
    }

    public override Stanza Reflecting(Turn turn, Occupant author, Stanza message)
    {
        var mentions = 0;
        foreach (var child in message.Children)
            if (child.Name == Mention) mentions++;
        if (mentions == 0) return message;
        var tooMany = mentions > turn.Config.Get(Count);
        return message.Without(e => e.Name == Mention && (tooMany || !MayUse(turn.Config, author.Role, e)));
    }

    /// <summary>The mentions of single people in a message who are to be told of it ("Mentioning an Individual", "No Ping").</summary>
    public static IEnumerable<XElement> Individuals(Stanza message) =>
        message.Children.Where(e => e.Name == Mention && e.Attribute("mentions") is null && e.Element(Namespace + "noping") is null);

    private static StanzaError? Set(Turn turn, XElement query)
    {
        if (Privileges.MayConfigure(turn.SenderAffiliation) is { } no) return no;
        if (DataForm.From(query.Element(Ns.DataForms + "x")) is not { } form) return StanzaError.BadRequest;
        if (form.Type == "submit" && form.FormType == Namespace.NamespaceName)
        {
            if (Configuring.Take(turn, form, Offered(turn.Config)) is { } wrong) return wrong;
            AuditLog.NoteConfiguration(turn);
            Tell(turn);
        }
        else if (form.Type != "cancel") return StanzaError.BadRequest;
        turn.Reply();
        return null;
    }

    // "The message SHOULD include only those fields which have been modified."
    private static void Tell(Turn turn)
    {
        var changed = Offered(turn.Config).Where(o => !turn.Config.Is(o, turn.Before.Config.Get(o))).ToList();
        if (changed.Count == 0) return;
        turn.Send(
            new Stanza(StanzaKind.Message)
            {
                Type = "groupchat",
                From = turn.Room.Jid,
                Id = turn.NewId(),
                Children =
                [
                    Form("result", "Who may mention whom has changed", changed.Select(o => new FormField(o.Name, o.Type, null) { Values = o.Write(turn.Config.Get(o)) })).ToXml(),
                ],
            },
            turn.Room.Occupants.Audience.Everyone);
    }

    private static DataForm Form(string type, string title, IEnumerable<FormField> fields) =>
        new(type, Namespace.NamespaceName) { Title = title, Fields = [.. fields] };

    // "They MUST be present if and only if the corresponding feature is advertised."
    private static ImmutableArray<Option> Offered(RoomConfig config) =>
        config.Get(Hats.Enabled) ? [Count, Individual, Channel, Associations, ByHat] : [Count, Individual, Channel, Associations];

    private static bool MayUse(RoomConfig config, Role role, XElement mention) => Permission(config, mention) is not { } permission || config.Get(permission) switch
    {
        Participants => role >= Role.Participant,
        Moderators => role == Role.Moderator,
        _ => false,
    };

    // Null where the room has nothing to say.
    private static Choice? Permission(RoomConfig config, XElement mention)
    {
        if (mention.Attribute("mentions")?.Value is not { } uri) return Individual;
        if (!uri.StartsWith($"{Namespace.NamespaceName}#", StringComparison.Ordinal)) return null;
        var group = uri[(Namespace.NamespaceName.Length + 1)..];
        return group switch
        {
            "channel" => Channel,
            "hats" => config.Get(Hats.Enabled) ? ByHat : null,
            _ => Groups.Contains(group) ? Associations : null,
        };
    }

    private static Choice Who(string name, string label, string @default) =>
        new(name, label, @default, (Participants, "Participants"), (Moderators, "Moderators only"), ("none", "Nobody"));
}
