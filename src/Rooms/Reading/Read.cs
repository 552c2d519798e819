using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Reading;

/// <summary>
/// A question that a room allowed, and that is answered outside its turn: what to look up, and what to say to what was
/// found. No room waits for a read and no read waits for a room; where the room itself has to know, its request comes back to it
/// as a new one (<see cref="Lookup"/>).
/// </summary>
/// <param name="Request">The iq that asked.</param>
public abstract record Read(Stanza Request)
{
    /// <summary>The room's bare JID.</summary>
    public Jid Room => Request.To!;

    /// <summary>What to look up in the room's archive.</summary>
    public abstract ImmutableArray<ArchiveQuery> Queries { get; }

    /// <summary>The answer.</summary>
    /// <param name="pages">What was found for each query; null where it names a message that is not there.</param>
    public abstract ImmutableArray<Outgoing> Answer(ImmutableArray<ArchivePage?> pages);

    /// <summary>The answer when there is none.</summary>
    public Outgoing Refusal(StanzaError error) => Tell(Request.Error(error, Room));

    protected Outgoing Tell(Stanza stanza) => new(stanza, [Request.From!]);
}

/// <summary>Which authors' real JIDs somebody may see.</summary>
public enum RealJids
{
    None,

    /// <summary>Of what was said while the room showed them to everybody: a room that opens up later does not give away who spoke before.</summary>
    Open,

    All,
}
