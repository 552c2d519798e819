using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>What waits for a room to hear it.</summary>
public readonly record struct Heard(Stanza Stanza)
{
    /// <summary>What was found for it in the store (<see cref="Input.Found"/>).</summary>
    public ImmutableArray<MessageRecord>? Found { get; init; }
}
