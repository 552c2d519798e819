using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// The affiliation lists in one piece, and afterwards only what changed (XEP-0463): whoever asks on entering hears what is new since
/// the version it knows, and every change says from which version to which it leads. A room keeps versions from the first time
/// somebody asks; the newest changes are kept with it.
/// </summary>
public sealed class AffiliationVersions : Feature
{
    private const string Name = "affiliation versions";

    /// <summary>Entries in one message: below any server's limit for a stanza.</summary>
    private const int Portion = 500;

    private static readonly XNamespace Namespace = "urn:xmpp:muc:affiliations:1";
    private static readonly XName Mav = Namespace + "mav";

    public override IEnumerable<string> Disco(Room room) => [Namespace.NamespaceName];

    /// <summary>
    /// Tells whoever enters and asks for it what is new in the lists; those who may not read them are told so.
    /// </summary>
    /// <returns>The version it has now, for its own presence; null if it did not ask or may not know.</returns>
    public static XElement? Tell(Turn turn, XElement muc, Role role)
    {
        if (muc.Element(Mav) is not { } asked) return null;
        var affiliation = turn.Room.Affiliations.Get(turn.Sender.Bare);
        var open = Anonymity.IsNonAnonymous(turn.Config) && MemberLists.MayRead(turn.Config, role);
        if (Privileges.MayReadAffiliations(affiliation, Affiliation.Owner, open) is { } no)
        {
            turn.Send(
                new Stanza(StanzaKind.Message) { From = turn.Room.Jid, Type = "error", Id = turn.Stanza.Id, Children = [no.ToXml(turn.Room.Jid)] }, turn.Sender);
            return null;
        }
        if (!IsKept(turn.Room)) Rows.Write(turn, Name, [["0", "", ""]], turn.Policy.AffiliationVersions);

        var all = Privileges.MayReadAffiliations(affiliation, Affiliation.Outcast, open) is null;
        var head = Head(turn.Room);
        var since = asked.Attribute("since")?.Value;
        if (Known(turn.Room, since) is not { } known)
            Send(turn, null, Word(turn.Room, head), turn.Room.Affiliations.All.Where(r => all || r.Affiliation != Affiliation.Outcast).Select(r => (r.Jid, r.Affiliation)));
        else if (known < head)
            Send(turn, since, Word(turn.Room, head), Changed(turn.Room, known).Select(jid => (jid, Shown(turn.Room.Affiliations.Entry(jid), all))));
        return new XElement(Mav, new XAttribute("until", Word(turn.Room, head)));
    }

    /// <summary>An entry of the list is another now.</summary>
    public static void Note(Turn turn, Jid jid, Affiliation affiliation)
    {
        if (IsKept(turn.Room))
            Rows.Write(turn, Name, Rows.Read(turn.Room, Name).Add([Text(Head(turn.Room) + 1), jid.ToString(), affiliation.Word()]), turn.Policy.AffiliationVersions);
    }

    /// <summary>From which version to which a change led, for whoever is told of it; null if nothing changed or nobody asks for versions.</summary>
    public static XElement? Step(Room before, Room after) =>
        !IsKept(before) || Head(before) == Head(after) ? null : new XElement(
            Mav, new XAttribute("since", Word(before, Head(before))), new XAttribute("until", Word(after, Head(after))));

    private static void Send(Turn turn, string? since, string until, IEnumerable<(Jid Jid, Affiliation Affiliation)> entries)
    {
        var portions = entries.OrderBy(e => e.Jid.ToString(), StringComparer.Ordinal).Chunk(Portion).ToList();
        if (portions.Count == 0) portions.Add([]);
        for (var i = 0; i < portions.Count; i++)
        {
            // Between two messages there is a version that nobody can ask for again: then all is told once more.
            var to = i == portions.Count - 1 ? until : $"{until}.{Text(i)}";
            turn.Send(
                new Stanza(StanzaKind.Message)
                {
                    From = turn.Room.Jid,
                    Id = turn.NewId(),
                    Children =
                    [
                        Extended.X(
                            [
                                new XElement(Mav, since is null ? null : new XAttribute("since", since), new XAttribute("until", to)),
                                .. portions[i].Select(e => Extended.Item(e.Jid, e.Affiliation, null)),
                            ]),
                    ],
                },
                turn.Sender);
            since = to;
        }
    }

    private static bool IsKept(Room room) => room.Extra.ContainsKey(Name);

    private static long Head(Room room) => Number(Rows.Read(room, Name)[^1]);

    // The number of a version that somebody knows, if its changes are all here still.
    private static long? Known(Room room, string? word) =>
        word?.Split('.') is [var text, _] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && word == Word(room, number) && number <= Head(room) && number >= Number(Rows.Read(room, Name)[0]) - 1 ? number : null;

    private static IEnumerable<Jid> Changed(Room room, long since) =>
        Rows.Read(room, Name).Where(row => Number(row) > since).Select(row => Jid.Parse(row[1])).Distinct();

    // Who was banned is for those who may not read that list only somebody who is no member any more.
    private static Affiliation Shown(AffiliationRecord? record, bool all) =>
        record is null || (record.Affiliation == Affiliation.Outcast && !all) ? Affiliation.None : record.Affiliation;

    // Only who was told a version knows it.
    private static string Word(Room room, long number) => $"{Text(number)}.{room.Sign($"affiliations {Text(number)}")[..12]}";

    private static long Number(string[] row) => long.Parse(row[0], CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
