using MucComponent.Service;

namespace MucComponent.Operations;

/// <summary>How the service is and how much it has to do.</summary>
public sealed class Stats : Operation
{
    public override string Name => "stats";

    public override string Meaning => "Show how the service is and what it holds";

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var service = request.Service;
        var (process, kept) = (service.Figures(), await service.Store.CountAsync(stop).ConfigureAwait(false));
        return OperationResult.Record(
            (new("service", "Service", ColumnType.Jid), service.Options.Domain),
            (new("version", "Version"), ServiceStanzas.Version),
            (new("storage", "Storage"), service.Options.Storage.ToString().ToLowerInvariant()),
            (new("since", "Serving since", ColumnType.Time), process.Since),
            (new("attached", "Attached to the server", ColumnType.Flag), process.IsAttached),
            (new("rooms", "Rooms", ColumnType.Number), kept.Rooms),
            (new("occupied", "Rooms that somebody is in", ColumnType.Number), kept.Occupied),
            (new("loaded", "Rooms in memory", ColumnType.Number), process.LoadedRooms),
            (new("occupants", "Occupants", ColumnType.Number), kept.Occupants),
            (new("sessions", "Their clients", ColumnType.Number), kept.Sessions),
            (new("waiting", "Waiting for the server, in bytes", ColumnType.Number), process.Waiting),
            (new("dropped", "Answers dropped", ColumnType.Number), process.Dropped),
            (new("memory", "Memory, in bytes", ColumnType.Number), Environment.WorkingSet));
    }
}
