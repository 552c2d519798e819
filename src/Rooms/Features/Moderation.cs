using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Taking back what somebody else has said: XEP-0425, also as version 0.2 of it has it (<c>:0</c>, inside XEP-0422's
/// <c>&lt;apply-to/&gt;</c>). The room looks whether there is such a message before anybody hears that it is none any more. It is taken
/// back with all its versions, whichever is named (<see cref="Corrections"/>).
/// </summary>
public sealed class Moderation : Feature
{
    private const string Moderators = "moderators";
    private const string Admins = "admins";
    private const string Nobody = "none";

    public static readonly Choice By = new(
        "muc#roomconfig_retractothers", "Who may take back what others said?", Moderators,
        (Moderators, "Moderators"), (Admins, "Owners and admins"), (Nobody, "Nobody"));

    public override ImmutableArray<Option> Options => [By];

    // "Discovering support"
    public override IEnumerable<string> Disco(Room room) =>
        room.Config.Get(By) == Nobody ? [] : [Ns.Moderation.NamespaceName, Ns.Moderation0.NamespaceName];

    public override ImmutableArray<XNamespace> Answers => [Ns.Moderation, Ns.Fasten];

    public override StanzaError? Answer(Turn turn, XElement payload)
    {
        if (turn.Stanza.Type != "set") return StanzaError.BadRequest;
        if (payload.Name == Ns.Moderation + "restore" && IsService(turn)) return Restore(turn, payload);
        if (Wanted(payload) is not { } wanted) return payload.Name.Namespace == Ns.Fasten ? StanzaError.FeatureNotImplemented : StanzaError.BadRequest;
        if (!IsAllowed(turn)) return StanzaError.Forbidden.Because("Only moderators may take back what others said.");
        if (wanted.Reason?.Length > turn.Policy.MaxReasonLength) return StanzaError.NotAcceptable.Because($"A reason may have at most {turn.Policy.MaxReasonLength} characters.");
        if (Retraction.Id(wanted.Id) is not { } id) return StanzaError.ItemNotFound;

        switch (turn.Found)
        {
            case null:
                turn.Ask(new Lookup(turn.Stanza, new ArchiveQuery { Ids = [id], Passing = true, Max = 1 }.KeptSince(Retention.Since(turn)))
                {
                    Further = found => found is [var message] && !NamesAll(turn, message) ? Corrections.Around(turn, message) : [],
                });
                return null;
            case [var message, ..] found:
                Retract(turn, message, new Versions(message.Author.Jid.Bare, turn.Room.History.Concat(found.Select(m => new Said(m)))).Of(id), wanted);
                turn.Reply();
                return null;
            default:
                return StanzaError.ItemNotFound;
        }
    }

    /// <summary>What the service asks of a room, in its own name, to take something back.</summary>
    /// <param name="aside">Where what was said is put, in case it is to be undone; null if it is gone for good.</param>
    public static XElement Request(Guid message, string? reason, Aside? aside) => new(
        Ns.Moderation + "moderate",
        new XAttribute("id", message.ToString()),
        aside is null ? null : new XAttribute("removal", aside.Removal.ToString()),
        aside is null ? null : new XAttribute("until", aside.Until.ToString("O", CultureInfo.InvariantCulture)),
        new XElement(Ns.Retraction + "retract"),
        reason is null ? null : new XElement(Ns.Moderation + "reason", reason));

    /// <summary>What the service asks of a room to undo that. Clients have no word for it, so nobody is told.</summary>
    /// <param name="xml">As the message was.</param>
    public static XElement Undoing(Guid message, string xml) => new(Ns.Moderation + "restore", new XAttribute("id", message.ToString()), xml);

    private static bool IsService(Turn turn) => turn.Sender.IsDomainOf(turn.Room.Jid);

    // The service takes back one message after the other, so that the later versions come up by themselves.
    private static bool NamesAll(Turn turn, MessageRecord message) => IsService(turn) && Corrections.Corrected(new Said(message).Late) is null;

    private static bool IsAllowed(Turn turn) => IsService(turn) || turn.Config.Get(By) switch
    {
        Moderators => turn.SenderAffiliation >= Affiliation.Admin || turn.Me is { Role: Role.Moderator },
        Admins => turn.SenderAffiliation >= Affiliation.Admin,
        _ => false,
    };

    private static StanzaError? Restore(Turn turn, XElement payload)
    {
        if (Retraction.Id(payload.Attribute("id")?.Value) is not { } id || payload.Value.Length == 0) return StanzaError.BadRequest;
        turn.Restore(new MessageRestored(id, payload.Value));
        turn.Reply();
        return null;
    }

    // "Success case", "Tombstones"
    private static void Retract(Turn turn, MessageRecord message, ImmutableArray<MessageRecord> versions, Wish wish)
    {
        if (versions.All(v => v.Retracted)) return;
        var moderated = Moderated(turn);
        // Clients know a message by the id of its first version, or by that of the last one they saw.
        ImmutableArray<Guid> known = [.. new[] { versions[0].Id, message.Id, versions[^1].Id }.Distinct().Order()];
        var telling = known.ToDictionary(id => id, _ => turn.NewId());
        foreach (var version in versions.Where(v => !v.Retracted))
            turn.Retract(new MessageRetracted(version.Id, null, Retraction.Tombstone(
                turn.Room.OccupantId(version.Author.Jid.Bare),
                With(Retraction.Retracted(turn, telling.GetValueOrDefault(version.Id, telling[known[0]])), new XElement(moderated), Reason(Ns.Retraction, wish))))
            {
                Aside = IsService(turn) ? wish.Aside : null,
            });
        for (var i = 0; i < known.Length; i++) Tell(turn, known[i], telling[known[i]], turn.IdBefore(known.Length - 1 - i), moderated, wish);
        AuditLog.Note(turn, "retraction", message.Author.Jid.Bare, message.Id.ToString(), wish.Reason);
    }

    private static void Tell(Turn turn, Guid message, string telling, Guid key, XElement moderated, Wish wish)
    {
        var told = new Stanza(StanzaKind.Message)
        {
            Type = "groupchat",
            From = turn.Room.Jid,
            Id = telling,
            Children =
            [
                With(new XElement(Ns.Retraction + "retract", new XAttribute("id", message.ToString())), new XElement(moderated), Reason(Ns.Retraction, wish)),
                // COMPAT: clients that know version 0.2 alone.
                new XElement(
                    Ns.Fasten + "apply-to", new XAttribute("id", message.ToString()),
                    With(
                        new XElement(Ns.Moderation0 + "moderated", moderated.Attribute("by")), new XElement(Ns.Retraction0 + "retract"),
                        Reason(Ns.Moderation0, wish))),
                StanzaIds.Element(turn, key),
            ],
        };
        turn.Keep(
            told, turn.SenderAffiliation, turn.Me?.Role ?? Role.None,
            inHistory: History.Keeps(turn.Config, told), archived: Archive.Belongs(turn.Config, told), key);
        turn.Send(told, turn.Room.Occupants.Audience.Everyone);
    }

    // By the nick, as everybody knows people here; by the room where an admin is not in it. The service names nobody.
    private static XElement Moderated(Turn turn) => IsService(turn)
        ? new XElement(Ns.Moderation + "moderated", new XAttribute("by", turn.Room.Jid.ToString()))
        : new XElement(
            Ns.Moderation + "moderated",
            new XAttribute("by", (turn.Me?.Jid ?? turn.Room.Jid).ToString()),
            OccupantIds.Element(turn.Room.OccupantId(turn.Sender.Bare)));

    private static XElement? Reason(XNamespace ns, Wish wish) => wish.Reason is null ? null : new XElement(ns + "reason", wish.Reason);

    private static XElement With(XElement element, params ReadOnlySpan<XElement?> children)
    {
        foreach (var child in children) element.Add(child);
        return element;
    }

    private static Wish? Wanted(XElement payload)
    {
        var moderate = payload.Name == Ns.Fasten + "apply-to" ? payload.Element(Ns.Moderation0 + "moderate") : payload;
        if (moderate?.Name.LocalName != "moderate" || payload.Attribute("id")?.Value is not { Length: > 0 } id) return null;
        var ns = moderate.Name.Namespace;
        if (moderate.Element(ns == Ns.Moderation0 ? Ns.Retraction0 + "retract" : Ns.Retraction + "retract") is null) return null;
        return new Wish(id, moderate.Element(ns + "reason") is { Value.Length: > 0 } reason ? reason.Value : null)
        {
            Aside = Guid.TryParse(moderate.Attribute("removal")?.Value, out var removal)
                && DateTimeOffset.TryParse(moderate.Attribute("until")?.Value, CultureInfo.InvariantCulture, out var until) ? new Aside(removal, until) : null,
        };
    }

    /// <param name="Id">As the client wrote it.</param>
    private sealed record Wish(string Id, string? Reason)
    {
        public Aside? Aside { get; init; }
    }
}
