using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Whoever belongs to the room and is not in it gets the messages that mention it (XEP-0452, with XEP-0372 and XEP-0513): by its
/// address, by the nick that is reserved for it, or by its occupant id. Sent to the account, so that they wait there.
/// </summary>
public sealed class Mentions : Feature
{
    public static readonly Toggle Forwarded =
        new("muc#roomconfig_forwardmentions", "Forward messages with mentions to non-present, affiliated users", false);

    private const string Mention = "urn:xmpp:mmn:0";

    /// <summary>People whom one message can reach in this way: whoever means everybody is not helped.</summary>
    private const int Most = 20;

    private const int MostLookedThrough = 1_000;

    private static readonly XNamespace Reference = "urn:xmpp:reference:0";

    public override ImmutableArray<Option> Options => [Forwarded];

    public override IEnumerable<string> Disco(Room room) => room.Config.Get(Forwarded) ? [Mention] : [];

    /// <summary>Sends what was just reflected to those it mentions.</summary>
    public static void Tell(Turn turn, Stanza reflected)
    {
        if (!turn.Config.Get(Forwarded)) return;
        var references = reflected.Children.Where(e => e.Name == Reference + "reference" && e.Attribute("type")?.Value == "mention");
        var mentions = ExplicitMentions.Individuals(reflected);
        var absent = references.Take(Most).Select(e => ByUri(turn.Room, e.Attribute("uri")?.Value))
            .Concat(ByIds(turn.Room, [.. mentions.Take(Most)]))
            .OfType<Jid>().Distinct().Where(who => turn.Room.Occupants.Of(who).IsEmpty).ToImmutableArray();
        if (absent.IsEmpty) return;

        turn.Send(
            new Stanza(StanzaKind.Message)
            {
                From = turn.Room.Jid,
                Id = turn.NewId(),
                Children =
                [
                    new XElement(
                        XNamespace.Get(Mention) + "mentions",
                        new XElement(
                            Ns.Forward + "forwarded",
                            new XElement(Ns.Delay + "delay", new XAttribute("stamp", Timestamp.Format(turn.Now))),
                            (reflected with { To = turn.Room.Jid }).ToXml())),
                ],
            },
            absent);
    }

    // Of each who belongs to the room the id has to be made, so not in rooms with very many.
    private static IEnumerable<Jid?> ByIds(Room room, XElement[] mentions)
    {
        var ids = mentions.Select(m => m.Attribute("occupantid")?.Value).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (ids.Count == 0 || room.Affiliations.Count > MostLookedThrough) return [];
        return room.Affiliations.All.Where(a => a.Affiliation >= Affiliation.Member && !a.Jid.IsDomain && ids.Contains(room.OccupantId(a.Jid))).Select(a => a.Jid);
    }

    // Only who is on the list by its own address: nobody writes to strangers in this way.
    private static Jid? ByUri(Room room, string? uri)
    {
        if (uri?.StartsWith("xmpp:", StringComparison.Ordinal) != true) return null;
        if (!Jid.TryParse(Uri.UnescapeDataString(uri["xmpp:".Length..].Split('?', '#')[0]), out var jid)) return null;
        var who = jid.Bare == room.Jid ? room.Affiliations.ReservedBy(jid.Resource) : jid.Bare;
        return who is not null && room.Affiliations.Entry(who) is { Affiliation: >= Affiliation.Member } && !who.IsDomain ? who : null;
    }
}
