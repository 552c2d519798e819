using System.Collections.Immutable;
using MucComponent.Storage;

namespace MucComponent.Operations;

/// <summary>All rooms, hidden ones too.</summary>
public sealed class RoomsList : Operation
{
    private const int Most = 10_000;
    private const int Page = 500;

    public override string Name => "rooms list";

    public override string Meaning => "List the rooms";

    public override ImmutableArray<Argument> Arguments =>
    [
        new("after", "Begin after this room", ArgumentType.Room),
        new("max", $"How many at most, up to {Most} (1000)", ArgumentType.Number),
        new("occupied", "Only those that somebody is in", ArgumentType.Flag),
    ];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var max = request.Number("max", 1_000, Most);
        var after = request.Rooms("after") is [var room] ? room : null;
        var found = new List<RoomSummary>();
        while (found.Count < max && await request.Service.Store.SurveyAsync(after, Page, hidden: true, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            found.AddRange(page.Where(r => r.Occupants > 0 || !request.Flag("occupied")).Take(max - found.Count));
            after = page[^1].Jid;
        }
        return OperationResult.Table(
            [
                new("room", "Room", ColumnType.Jid), new("name", "Name"), new("occupants", "Occupants", ColumnType.Number),
                new("listed", "Listed", ColumnType.Flag), new("locked", "Locked", ColumnType.Flag), new("created", "Created", ColumnType.Time),
            ],
            found.Select(r => new object?[] { r.Jid, r.Name, r.Occupants, r.Listed, r.Locked, r.Created }));
    }
}
