using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Reading;

/// <summary>Where the archive begins and ends (XEP-0313, "Archive metadata").</summary>
public sealed record MetadataRead(Stanza Request) : Read(Request)
{
    /// <summary>What was said before is not kept any more; null if all is.</summary>
    public DateTimeOffset? Since { get; init; }

    public override ImmutableArray<ArchiveQuery> Queries
    {
        get
        {
            var first = new ArchiveQuery { Max = 1 }.KeptSince(Since);
            return [first, first with { Backwards = true }];
        }
    }

    public override ImmutableArray<Outgoing> Answer(ImmutableArray<ArchivePage?> pages)
    {
        var metadata = new XElement(Ns.Mam + "metadata");
        if (pages is [{ Messages: [var first] }, { Messages: [var last] }]) metadata.Add(Edge("start", first), Edge("end", last));
        return [Tell(Request.Result(metadata))];
    }

    private static XElement Edge(string name, MessageRecord message) => new(
        Ns.Mam + name, new XAttribute("id", message.Id.ToString()), new XAttribute("timestamp", Timestamp.Format(message.At)));
}
