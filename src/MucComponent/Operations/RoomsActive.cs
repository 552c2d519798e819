using System.Collections.Immutable;

namespace MucComponent.Operations;

/// <summary>The number of rooms that somebody is in: to a chat service what users are to a server (XEP-0133 §4.16).</summary>
public sealed class RoomsActive : Operation
{
    public override string Name => "rooms active";

    public override string Meaning => "Count the rooms that somebody is in";

    public override ImmutableArray<string> Nodes => ["http://jabber.org/protocol/admin#get-active-users-num"];

    public override string FormType(string node) => Announce.AdminFormType;

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var figures = await request.Service.Store.CountAsync(stop).ConfigureAwait(false);
        return OperationResult.Record((new("activeusersnum", "The number of active rooms", ColumnType.Number), figures.Occupied));
    }
}
