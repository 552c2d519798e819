using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Reading;

/// <summary>Where the archive begins and ends (XEP-0313, "Archive metadata").</summary>
public sealed record MetadataRead(Stanza Request) : Read(Request)
{
    public override ImmutableArray<ArchiveQuery> Queries => [new() { Max = 1 }, new() { Max = 1, Backwards = true }];

    public override ImmutableArray<Outgoing> Answer(ImmutableArray<ArchivePage?> pages)
    {
        var metadata = new XElement(Ns.Mam + "metadata");
        if (pages is [{ Messages: [var first] }, { Messages: [var last] }]) metadata.Add(Edge("start", first), Edge("end", last));
        return [Tell(Request.Result(metadata))];
    }

    private static XElement Edge(string name, MessageRecord message) => new(
        Ns.Mam + name, new XAttribute("id", message.Id.ToString()), new XAttribute("timestamp", Timestamp.Format(message.At)));
}
