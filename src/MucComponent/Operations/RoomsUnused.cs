using System.Collections.Immutable;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>The rooms in which nobody is and nothing has happened for long; to be looked at first, and destroyed when asked to.</summary>
public sealed class RoomsUnused : Operation
{
    private const int MostDays = 36_500;
    private const int Page = 500;

    public override string Name => "rooms unused";

    public override string Meaning => "List or destroy the rooms that nobody has used for long";

    public override ImmutableArray<Argument> Arguments =>
    [
        new("days", "In which nothing has happened for so many days", ArgumentType.Number, Required: true),
        new("destroy", "Destroy them; without this they are listed only", ArgumentType.Flag),
        new("keep", "Never these", ArgumentType.Rooms),
        new("reason", "Why, for whoever comes back"),
    ];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var since = request.Service.Clock.GetUtcNow() - TimeSpan.FromDays(request.Number("days", 0, MostDays));
        var keep = request.Rooms("keep").ToHashSet();
        var unused = new List<RoomSummary>();
        Jid? after = null;
        while (await request.Service.Store.SurveyAsync(after, Page, hidden: true, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var room in page)
            {
                if (room.Occupants > 0 || room.Active > since || keep.Contains(room.Jid)) continue;
                if (request.Flag("destroy")) await DestroyAsync(request, room.Jid, unused.Count, stop).ConfigureAwait(false);
                unused.Add(room);
            }
            after = page[^1].Jid;
            request.Progress($"{unused.Count} found, at {after}");
        }
        return OperationResult.Table(
            [new("room", "Room", ColumnType.Jid), new("name", "Name"), new("created", "Created", ColumnType.Time), new("active", "Last active", ColumnType.Time)],
            unused.Select(r => new object?[] { r.Jid, r.Name, r.Created, r.Active }));
    }

    private static async Task DestroyAsync(OperationRequest request, Jid room, int before, CancellationToken stop)
    {
        try
        {
            await request.Service.AskAsync(room, "set", RoomsDestroy.Payload(request.Text("reason"), alternate: null), stop).ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            throw new RefusedException($"{e.Message} Before that {before} were destroyed.");
        }
    }
}
