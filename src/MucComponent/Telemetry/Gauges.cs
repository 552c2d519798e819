using System.Diagnostics.Metrics;
using MucComponent.Component;
using MucComponent.Hosting;

namespace MucComponent.Telemetry;

/// <summary>The numbers of a service that are there anyway: nothing is done for them until somebody asks.</summary>
internal sealed class Gauges : IDisposable
{
    private readonly Meter _meter = new(Meters.Name);
    private long _attached;

    public Gauges(ComponentConnection connection, Outbox outbox, LocalRooms rooms)
    {
        connection.Authenticated += () => Interlocked.Increment(ref _attached);
        _meter.CreateObservableGauge("muc.stream.up", () => connection.IsAuthenticated ? 1 : 0, null, "1 while the service is attached to the server.");
        _meter.CreateObservableCounter("muc.stream.reconnects", () => Math.Max(0, Interlocked.Read(ref _attached) - 1), "{connection}", "How often it was attached again.");
        _meter.CreateObservableGauge("muc.rooms.loaded", () => rooms.Loaded, "{room}", "Rooms in memory: those that somebody is in.");
        _meter.CreateObservableGauge("muc.occupants", () => rooms.Occupants, "{occupant}", "Occupants of all rooms.");
        _meter.CreateObservableGauge("muc.mailboxes.waiting", () => rooms.Waiting, "{stanza}", "Stanzas that wait for their room.");
        _meter.CreateObservableGauge("muc.outbox.weight", () => outbox.Weight, "By", $"What waits for the server to take it; at {Outbox.DefaultCapacity} rooms wait.");
        _meter.CreateObservableCounter("muc.outbox.dropped", () => outbox.Dropped, "{stanza}", "Answers for which there was no room there.");
        _meter.CreateObservableGauge("muc.archive.waiting", () => rooms.Reads.Waiting, "{query}", "Archive queries that wait for their turn.");
    }

    public void Dispose() => _meter.Dispose();
}
