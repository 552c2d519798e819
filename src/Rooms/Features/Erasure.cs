using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using MucComponent.Rooms.Reading;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// What the room holds about a person, told to the service and forgotten at its word: what they said, their presence, affiliation
/// and reserved nick, and where they stand in lists that features keep. Only the service itself can ask.
/// </summary>
public sealed class Erasure : Feature
{
    public override ImmutableArray<XNamespace> Answers => [Ns.Person];

    /// <summary>What the service asks of a room, to be told what it holds apart from messages.</summary>
    /// <param name="person">Bare.</param>
    public static XElement Question(Jid person) => new(Ns.Person + "about", new XAttribute("jid", person.ToString()));

    /// <summary>What the service asks of a room, to forget a portion of it: again, until the answer (<see cref="ErasureAnswer"/>) is that there is no more.</summary>
    /// <param name="person">Bare.</param>
    public static XElement Order(Jid person) => new(Ns.Person + "erase", new XAttribute("jid", person.ToString()));

    public override StanzaError? Answer(Turn turn, XElement payload)
    {
        if (!turn.Sender.IsDomainOf(turn.Room.Jid)) return StanzaError.ServiceUnavailable;
        if (!Jid.TryParse(payload.Attribute("jid")?.Value, out var person) || !person.IsBare) return StanzaError.BadRequest;
        switch (turn.Stanza.Type, payload.Name.LocalName)
        {
            case ("get", "about"):
                turn.Reply(Tell(turn.Room, person));
                return null;
            case ("set", "erase") when turn.Found is { } found:
                turn.Reply(Erase(turn, person, found).ToXml());
                return null;
            case ("set", "erase"):
                turn.Ask(new Lookup(turn.Stanza, new ArchiveQuery { With = person, Passing = true, Max = ArchiveQuery.MaxPage }));
                return null;
            default:
                return StanzaError.BadRequest;
        }
    }

    private static XElement Tell(Room room, Jid person) => new(
        Ns.Person + "about",
        room.Affiliations.Entry(person) is not { } entry ? null : new XElement(
            Ns.Person + "affiliation", new XAttribute("affiliation", entry.Affiliation.Word()),
            entry.Nick is null ? null : new XAttribute("nick", entry.Nick), entry.Reason is null ? null : new XAttribute("reason", entry.Reason)),
        room.Occupants.Of(person).SelectMany(o => o.Sessions, (o, s) => new XElement(
            Ns.Person + "session", new XAttribute("jid", s.Jid.ToString()), new XAttribute("nick", o.Nick), new XAttribute("role", o.Role.Word()),
            new XAttribute("since", Timestamp.Format(s.Since)))),
        Rows.About(room, person).Select(r => new XElement(
            Ns.Person + "row", new XAttribute("list", r.List), r.Row.Select(word => new XElement(Ns.Person + "word", word)))));

    private static ErasureAnswer Erase(Turn turn, Jid person, ImmutableArray<MessageRecord> found)
    {
        var sessions = 0;
        foreach (var occupant in turn.Room.Occupants.Of(person))
        {
            sessions += occupant.Sessions.Length;
            Removing.Remove(turn, occupant, 307, null, null);
        }
        var affiliation = turn.Room.Affiliations.Entry(person);
        if (affiliation is not null) turn.ForgetAffiliation(person);

        var rows = Rows.About(turn.Room, person).Count();
        Rows.Forget(turn, person, blanked: name => name == AuditLog.Name);
        if (rows > 0) Elapsing.Schedule(turn);
        turn.SetWardrobe(Hats.Read(turn.Room));

        if (!found.IsEmpty)
        {
            if (turn.Room.Subject is { } subject && found.Any(m => m.At == subject.At && m.From == subject.From)) ClearSubject(turn);
            turn.Erase(new AuthorErased(person, found[^1].Id, Tombstone(turn)));
        }
        return new ErasureAnswer(found.Length, sessions, affiliation is null ? 0 : 1, rows, More: found.Length == ArchiveQuery.MaxPage)
        {
            IsForsaken = affiliation is { Affiliation: Affiliation.Owner } && !turn.Room.Affiliations.Of(Affiliation.Owner).Any(),
        };
    }

    private static string Tombstone(Turn turn) => StanzaWriter.ToText(new Stanza(StanzaKind.Message)
    {
        Type = "groupchat",
        From = turn.Room.Jid,
        Children = [Retraction.Retracted(turn, turn.NewId())],
    });

    private static void ClearSubject(Turn turn)
    {
        turn.SetSubject(new Subject([new XElement(Ns.Client + "subject")], null, turn.Now));
        foreach (var session in turn.Room.Occupants.Audience.Everyone) ChangingSubject.Tell(turn, session);
    }
}

/// <summary>What a room has forgotten of a person: how many of each.</summary>
/// <param name="Rows">Where they stood in lists that features keep.</param>
/// <param name="More">There are more messages.</param>
public sealed record ErasureAnswer(int Messages, int Sessions, int Affiliations, int Rows, bool More)
{
    /// <summary>They were the only owner: nobody has the room now.</summary>
    public bool IsForsaken { get; init; }

    public XElement ToXml() => new(
        Ns.Person + "erased",
        new XAttribute("messages", Messages), new XAttribute("sessions", Sessions), new XAttribute("affiliations", Affiliations), new XAttribute("rows", Rows),
        new XAttribute("more", More), new XAttribute("forsaken", IsForsaken));

    public static ErasureAnswer From(XElement erased) => new(
        Number(erased, "messages"), Number(erased, "sessions"), Number(erased, "affiliations"), Number(erased, "rows"), (bool)erased.Attribute("more")!)
    {
        IsForsaken = (bool)erased.Attribute("forsaken")!,
    };

    private static int Number(XElement erased, string name) => int.Parse(erased.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
