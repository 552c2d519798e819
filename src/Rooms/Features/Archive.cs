using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Reading;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// The archive of what was said (XEP-0313, "MUC Archives"), in rooms whose <see cref="Logging"/> is on. Here is decided what
/// goes into it, who may read it and how much of it they see; the reading itself happens outside the room's turn.
/// </summary>
public sealed class Archive : Feature
{
    // What says something without a body: a subject, an encrypted text, a reaction, that something was seen or taken back.
    // The last three SHOULD carry a hint to be stored, and do not always.
    private static readonly ImmutableArray<XNamespace> Worthy = [Ns.Encryption, Ns.Reactions, Ns.ChatMarkers];

    public override IEnumerable<string> Disco(Room room) =>
        room.Config.Get(Logging.Enabled) ? [Ns.Mam.NamespaceName, Ns.Mam.NamespaceName + "#extended"] : [];

    /// <summary>
    /// Whether a message goes into the archive: all that means something later, and not what passes, as chat states do
    /// ("Message archives"), nor what its author asks not to be kept (XEP-0334).
    /// </summary>
    public static bool Belongs(RoomConfig config, Stanza message) =>
        config.Get(Logging.Enabled)
        && (message.Has(Ns.Client + "body") || message.Has(Ns.Client + "subject") || message.Has(Ns.Hints + "store")
            || message.Children.Any(e => Worthy.Contains(e.Name.Namespace)) || Retraction.IsIn(message))
        && !message.Has(Ns.Hints + "no-store") && !message.Has(Ns.Hints + "no-permanent-store");

    public override ImmutableArray<XNamespace> Answers => [Ns.Mam];

    public override StanzaError? Answer(Turn turn, XElement payload)
    {
        if (!turn.Config.Get(Logging.Enabled)) return StanzaError.ServiceUnavailable;
        if (Refused(turn) is { } no) return no;
        switch (turn.Stanza.Type, payload.Name.LocalName)
        {
            case ("set", "query"):
                return Query(turn, payload);
            case ("get", "query"):
                turn.Reply(new XElement(payload.Name, ArchiveForm.ToXml()));
                return null;
            case ("get", "metadata"):
                turn.Ask(new MetadataRead(turn.Stanza) { Since = Retention.Since(turn) });
                return null;
            case (_, "prefs"):
                // What is archived is the room's affair and nobody's own (XEP-0441).
                return StanzaError.FeatureNotImplemented;
            default:
                return StanzaError.BadRequest;
        }
    }

    private static StanzaError? Query(Turn turn, XElement payload)
    {
        var shown = Shown(turn);
        if (ArchiveForm.Read(payload, out var query) is { } no) return no;
        if (query.With is not null && shown == RealJids.None)
            return StanzaError.Forbidden.Because("Whose message it was is not yours to know.");
        turn.Ask(new PageRead(turn.Stanza, query.KeptSince(Retention.Since(turn)) with { OpenOnly = shown == RealJids.Open }, shown));
        return null;
    }

    /// <summary>
    /// Whoever could enter now may read ("MUC Archives"). A password is not asked for here: it has been given by those who
    /// are in, and those on the list were trusted without it.
    /// </summary>
    private static StanzaError? Refused(Turn turn)
    {
        var affiliation = turn.SenderAffiliation;
        if (!MembersOnly.Admits(turn.Config, affiliation)) return StanzaError.Forbidden;
        if (!Password.Protects(turn.Config) || affiliation >= Affiliation.Member) return null;
        return turn.Room.Occupants.Of(turn.Sender.Bare).IsEmpty ? StanzaError.Forbidden : null;
    }

    // An admin counts as a moderator in or out of the room, as for lists of roles.
    private static RealJids Shown(Turn turn)
    {
        if (turn.SenderAffiliation >= Affiliation.Admin || turn.Me is { Role: Role.Moderator }) return RealJids.All;
        return Presences.MaySeeJids(turn.Config, Role.None) ? RealJids.Open : RealJids.None;
    }
}
