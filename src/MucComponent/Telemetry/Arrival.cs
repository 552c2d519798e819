using System.Diagnostics;
using MucComponent.Xmpp;

namespace MucComponent.Telemetry;

/// <summary>A stanza, and when it came.</summary>
/// <param name="At">A timestamp of <see cref="Stopwatch"/>; 0 where nobody wants to know.</param>
internal readonly record struct Arrival(Stanza Stanza, long At)
{
    public static Arrival Of(Stanza stanza) => new(stanza, Passage.IsWatched ? Stopwatch.GetTimestamp() : 0);
}
