using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Taking back what one has said: XEP-0424, also as version 0.3 of it has it (<c>:0</c>, inside XEP-0422's <c>&lt;apply-to/&gt;</c>).
/// To the others it is a message like any other. For those who come later the room makes tombstones of the original and of its
/// corrections (<see cref="Corrections"/>), if it is by the same person.
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
    /// If this takes back something of the author's, makes tombstones of all its versions. "Using the correct ID": the room's. COMPAT: in
    /// version 0.3, and where a client knows no better, the author's own id, which may look like the room's. It is looked for
    /// among what newcomers get, and then in the archive: what has the room's id, or the author's newest messages
    /// (<see cref="ArchiveQuery.MaxPage"/>). What its versions are is found as far as <see cref="Corrections.Around"/> says.
    /// </summary>
    public static void Apply(Turn turn, Occupant author, Stanza reflected)
    {
        if (!IsIn(reflected)) return;
        if (Versions(turn, []) is var versions && Corrections.AreRemembered(versions)) TakeBack(turn, versions, reflected.Id!);
        else turn.Ask(Lookup(turn, Named(reflected)) with { Request = turn.Stanza with { Id = reflected.Id } });
    }

    /// <summary>The same, once everybody has been told, with what was found of the author's.</summary>
    public static void Apply(Turn turn, ImmutableArray<MessageRecord> found) => TakeBack(turn, Versions(turn, found), turn.Stanza.Id!);

    /// <summary>What says in a tombstone when it was taken back, and by which message.</summary>
    public static XElement Retracted(Turn turn, string by) =>
        new(Ns.Retraction + "retracted", new XAttribute("stamp", Timestamp.Format(turn.Now)), new XAttribute("id", by));

    /// <summary>What stands in a message instead of what was said: who it was, and that it was taken back.</summary>
    /// <param name="author">The occupant id of who had said it.</param>
    public static string Tombstone(string author, XElement retracted) => Fragment.Write([OccupantIds.Element(author), retracted]);

    /// <summary>The id that a room gave to a message, or null if this cannot be one.</summary>
    public static Guid? Id(string? text) => Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id : null;

    private static ImmutableArray<MessageRecord> Versions(Turn turn, ImmutableArray<MessageRecord> found)
    {
        var id = Named(turn.Stanza);
        var versions = new Versions(turn.Sender.Bare, turn.Room.History.Concat(found.Select(m => new Said(m))));
        return versions.Of(id) is var named && named.IsEmpty && Id(id) is { } given ? versions.Of(given) : named;
    }

    private static Lookup Lookup(Turn turn, string id)
    {
        var newest = new ArchiveQuery { With = turn.Sender.Bare, Backwards = true, Max = ArchiveQuery.MaxPage }.KeptSince(Retention.Since(turn));
        if (Id(id) is not { Version: 7 } given) return new Lookup(turn.Stanza, newest);
        return new Lookup(turn.Stanza, newest with { Ids = [given], Passing = true, Max = 1 })
        {
            Further = found => found is [var said] ? Corrections.Around(turn, said) : [newest],
        };
    }

    private static void TakeBack(Turn turn, ImmutableArray<MessageRecord> versions, string by)
    {
        var author = turn.Sender.Bare;
        foreach (var version in versions)
            if (!version.Retracted) turn.Retract(new MessageRetracted(version.Id, author, Tombstone(turn.Room.OccupantId(author), Retracted(turn, by))));
    }

    private static string Named(Stanza message) => message.Children.First(Retracts).Attribute("id")!.Value;

    private static bool Retracts(XElement child) =>
        (child.Name == Ns.Retraction + "retract" || (child.Name == Ns.Fasten + "apply-to" && child.Element(Ns.Retraction0 + "retract") is not null))
        && child.Attribute("id") is { Value.Length: > 0 };
}
