using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Reading;

/// <summary>A page of the archive (XEP-0313, "Query results"): each message forwarded, then the iq that says it was all.</summary>
/// <param name="Shown">Whose real JIDs the asker may see.</param>
public sealed record PageRead(Stanza Request, ArchiveQuery Query, RealJids Shown) : Read(Request)
{
    public override ImmutableArray<ArchiveQuery> Queries => [Query];

    private XElement Asked => Request.Children[0];

    public override ImmutableArray<Outgoing> Answer(ImmutableArray<ArchivePage?> pages)
    {
        if (pages is not [{ } page]) return [Refusal(StanzaError.ItemNotFound)];
        // Flipping turns what is sent around, and not what is on the page ("Flipped pages").
        var messages = Asked.Element(Ns.Mam + "flip-page") is null ? page.Messages : page.Messages.Reverse();
        return [.. messages.Select(m => Tell(Result(m))), Tell(Request.Result(Fin(page)))];
    }

    private Stanza Result(MessageRecord message) => new(StanzaKind.Message)
    {
        From = Room,
        Children =
        [
            new XElement(
                Ns.Mam + "result",
                Asked.Attribute("queryid") is { } queryId ? new XAttribute(queryId) : null,
                new XAttribute("id", message.Id.ToString()),
                new XElement(
                    Ns.Forward + "forwarded",
                    new XElement(Delay.ElementName, new XAttribute("stamp", Timestamp.Format(message.At))),
                    Forwarded(message))),
        ],
    };

    // As it was reflected, and with its author's address for those who may see it ("MUC Archives"). Of a message that was
    // brought from another server nobody may know it: then it is the author's address in the room.
    private XElement Forwarded(MessageRecord message)
    {
        var xml = StanzaParser.Parse(message.Xml);
        var (jid, affiliation, role, open) = message.Author;
        if ((Shown == RealJids.All || (Shown == RealJids.Open && open)) && jid.Bare != Room) xml.Add(Extended.Of(affiliation, role, jid, View.Full, Notice.None));
        return xml;
    }

    private static XElement Fin(ArchivePage page)
    {
        var set = page.Messages is [var first, ..] ? new ResultSetPage(first.Id.ToString(), page.Messages[^1].Id.ToString()) : ResultSetPage.Empty;
        return new XElement(
            Ns.Mam + "fin",
            page.IsComplete ? new XAttribute("complete", "true") : null,
            (set with { Count = page.Count }).ToXml());
    }
}
