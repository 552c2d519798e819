using System.Collections.Immutable;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Correcting what one has said: XEP-0308. It is the clients' affair, and a message like any other, but for this: whichever version
/// of a message is taken back (XEP-0424, XEP-0425), all are (<see cref="Versions"/>), and none comes after.
/// </summary>
public sealed class Corrections : Feature
{
    /// <summary>
    /// What a moderator took back is not said again as a correction, by which clients would show it in the old place; that an author was
    /// correcting it just then is no reason to. What the authors took back themselves they may correct: it is theirs to say, and
    /// to take back again. Only what newcomers get is looked at, as corrections are of what was said just now.
    /// </summary>
    public override StanzaError? MaySpeak(Turn turn, Occupant author)
    {
        if (Corrected(turn.Stanza) is not { } id || !turn.Room.History.Any(s => s.Record.Retracted && s.Record.Author.Jid.Bare == author.RealJid)) return null;
        return new Versions(author.RealJid, turn.Room.History).Of(id).Any(IsModerated)
            ? StanzaError.NotAllowed.Because("What this corrects was taken back by a moderator.")
            : null;
    }

    /// <summary>The author's id for what this message corrects, or null.</summary>
    public static string? Corrected(Stanza message) => message.Child(Ns.Correction)?.Attribute("id") is { Value: { Length: > 0 } id } ? id : null;

    /// <summary>
    /// Where the other versions of this message are that the room does not remember: among the author's next messages in the archive,
    /// and if it corrects another, among those before. A page of each (<see cref="ArchiveQuery.MaxPage"/>); what is further away is out of reach.
    /// </summary>
    public static ImmutableArray<ArchiveQuery> Around(Turn turn, MessageRecord message)
    {
        var author = message.Author.Jid.Bare;
        if (AreRemembered(new Versions(author, turn.Room.History).Of(message.Id))) return [];
        var query = new ArchiveQuery { With = author, Max = ArchiveQuery.MaxPage }.KeptSince(Retention.Since(turn));
        var next = query with { After = message.Id };
        return Corrected(new Said(message).Late) is null ? [next] : [query with { Before = message.Id, Backwards = true }, next];
    }

    /// <summary>Whether a room that remembers these remembers all versions: with the first one it does, since corrections come after it.</summary>
    public static bool AreRemembered(ImmutableArray<MessageRecord> versions) => versions is [var first, ..] && Corrected(new Said(first).Late) is null;

    private static bool IsModerated(MessageRecord message) =>
        message.Retracted && new Said(message).Late.Child(Ns.Retraction + "retracted")?.Element(Ns.Moderation + "moderated") is not null;
}
