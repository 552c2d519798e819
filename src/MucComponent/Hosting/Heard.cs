using System.Collections.Immutable;
using System.Diagnostics;
using MucComponent.Rooms;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>What waits for a room to hear it.</summary>
public readonly record struct Heard(Stanza Stanza)
{
    /// <summary>What was found for it in the store (<see cref="Input.Found"/>).</summary>
    public ImmutableArray<MessageRecord>? Found { get; init; }

    /// <summary>What the service has the room take over (<see cref="Input.Portion"/>).</summary>
    public Portion? Portion { get; init; }

    /// <summary>When it came: a timestamp of <see cref="Stopwatch"/>; 0 where nobody wants to know.</summary>
    public long At { get; } = Passage.IsWatched ? Stopwatch.GetTimestamp() : 0;
}
