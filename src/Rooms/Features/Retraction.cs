using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Taking back what one has said: XEP-0424, also as version 0.3 of it has it (<c>:0</c>, inside XEP-0422's <c>&lt;apply-to/&gt;</c>).
/// To the others it is a message like any other. For those who come later the room makes a tombstone of the original, if it is
/// by the same person; whether it is, the store knows best, in the transaction that keeps the retraction.
/// </summary>
public sealed class Retraction : Feature
{
    public static readonly Toggle Allowed = new("muc#roomconfig_allowretraction", "Allow occupants to take back what they said?", true);

    public override ImmutableArray<Option> Options => [Allowed];

    // "Discovering support", "Tombstones"
    public override IEnumerable<string> Disco(Room room) =>
        room.Config.Get(Allowed) ? [Ns.Retraction.NamespaceName, Ns.Retraction.NamespaceName + "#tombstone"] : [];

    public override StanzaError? MaySpeak(Turn turn, Occupant author) =>
        !IsIn(turn.Stanza) || turn.Config.Get(Allowed) ? null : StanzaError.NotAllowed.Because("What was said here stays said.");

    /// <summary>Whether a message takes another one back.</summary>
    public static bool IsIn(Stanza message)
    {
        foreach (var child in message.Children)
            if (Retracts(child)) return true;
        return false;
    }

    /// <summary>
    /// If this takes back something of the author's, makes a tombstone of it. "Using the correct ID": the room's. COMPAT: in
    /// version 0.3, and where a client knows no better, the author's own id, which may look like the room's. That is looked for
    /// among what newcomers get, and then among the author's newest messages in the archive.
    /// </summary>
    public static void Apply(Turn turn, Occupant author, Stanza reflected)
    {
        if (!IsIn(reflected)) return;
        var id = Named(reflected);
        var said = turn.Room.History.LastOrDefault(s => s.Record.Author.Jid.Bare == author.RealJid && s.Record.Id != turn.Id && IsNamed(s.Late, id));
        if ((said?.Record.Id ?? Id(id)) is { Version: 7 } given) Apply(turn, given, reflected);
        else
            turn.Ask(new Lookup(
                turn.Stanza with { Id = reflected.Id },
                new ArchiveQuery { With = author.RealJid, Backwards = true, Max = ArchiveQuery.MaxPage }.KeptSince(Retention.Since(turn))));
    }

    /// <summary>The same, once everybody has been told, with what was found of the author's.</summary>
    public static void Apply(Turn turn, ImmutableArray<MessageRecord> found)
    {
        if (found.LastOrDefault(m => IsNamed(new Said(m).Late, Named(turn.Stanza))) is { } said) Apply(turn, said.Id, turn.Stanza);
    }

    /// <summary>What says in a tombstone when it was taken back, and by which message.</summary>
    public static XElement Retracted(Turn turn, string by) =>
        new(Ns.Retraction + "retracted", new XAttribute("stamp", Timestamp.Format(turn.Now)), new XAttribute("id", by));

    /// <summary>What stands in a message instead of what was said: who it was, and that it was taken back.</summary>
    /// <param name="author">The occupant id of who had said it.</param>
    public static string Tombstone(string author, XElement retracted) => Fragment.Write([OccupantIds.Element(author), retracted]);

    /// <summary>The id that a room gave to a message, or null if this cannot be one.</summary>
    public static Guid? Id(string? text) => Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id : null;

    private static void Apply(Turn turn, Guid original, Stanza reflected)
    {
        var author = turn.Sender.Bare;
        turn.Retract(new MessageRetracted(original, author, Tombstone(turn.Room.OccupantId(author), Retracted(turn, reflected.Id!))));
    }

    private static string Named(Stanza message) => message.Children.First(Retracts).Attribute("id")!.Value;

    private static bool IsNamed(Stanza said, string id) =>
        said.Id == id || said.Child(Ns.StanzaId + "origin-id")?.Attribute("id")?.Value == id;

    private static bool Retracts(XElement child) =>
        (child.Name == Ns.Retraction + "retract" || (child.Name == Ns.Fasten + "apply-to" && child.Element(Ns.Retraction0 + "retract") is not null))
        && child.Attribute("id") is { Value.Length: > 0 };
}
