using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Reading;

/// <summary>
/// What the room itself has to know of messages that only the store has, before it can decide a request. The request comes back
/// to it with what was found (<see cref="Input.Found"/>), and is decided by how the room is then.
/// </summary>
/// <param name="Query">Whose page is what is found; a named message that is not there finds nothing.</param>
public sealed record Lookup(Stanza Request, ArchiveQuery Query) : Read(Request)
{
    /// <summary>What to look up besides, by what that found.</summary>
    public Func<ImmutableArray<MessageRecord>, ImmutableArray<ArchiveQuery>> Further { get; init; } = _ => [];

    public override ImmutableArray<ArchiveQuery> Queries => [Query];

    /// <summary>All that is on these pages, in their order.</summary>
    public static ImmutableArray<MessageRecord> Found(IEnumerable<ArchivePage?> pages) => [.. pages.SelectMany(page => page?.Messages ?? [])];

    /// <summary>Nothing: the room answers.</summary>
    public override ImmutableArray<Outgoing> Answer(ImmutableArray<ArchivePage?> pages) => [];
}
