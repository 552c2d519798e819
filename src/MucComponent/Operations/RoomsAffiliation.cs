using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>The affiliations in a room (XEP-0045 §5.2): all of them, somebody's, or after changing somebody's.</summary>
public sealed class RoomsAffiliation : Operation
{
    private static readonly ImmutableArray<Affiliation> Lists = [Affiliation.Owner, Affiliation.Admin, Affiliation.Member, Affiliation.Outcast];

    public override string Name => "rooms affiliation";

    public override string Meaning => "Show or change affiliations in a room";

    public override ImmutableArray<string> Nodes => [.. base.Nodes, "http://prosody.im/protocol/muc#set-affiliation"];

    public override ImmutableArray<Argument> Arguments =>
    [
        new("room", "The room", ArgumentType.Room, Required: true),
        new("jid", "Whose; nothing shows all", ArgumentType.Jid),
        new("affiliation", "The new one; nothing shows the one there is") { Choices = ["owner", "admin", "member", "none", "outcast"] },
        new("reason", "Why; whom it concerns is told"),
        new("nick", "The nick to reserve"),
    ];

    public override string? FormType(string node) => node == Nodes[0] ? null : node;

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var (service, room, jid) = (request.Service, request.Room("room"), request.Jid("jid"));
        if (Ladders.AffiliationOf(request.Text("affiliation")) is { } affiliation)
        {
            if (jid is null) throw new RefusedException("jid is missing: whose affiliation this is to be.");
            await service.AffiliateAsync(room, [new AffiliationRecord(jid, affiliation, request.Text("nick"), request.Text("reason"))], stop).ConfigureAwait(false);
            return OperationResult.Done("Affiliation updated");
        }
        var records = new List<AffiliationRecord>();
        foreach (var list in Lists) records.AddRange(await service.AffiliationsAsync(room, list, stop).ConfigureAwait(false));
        return OperationResult.Table(
            [new("jid", "Address", ColumnType.Jid), new("affiliation", "Affiliation"), new("nick", "Nick"), new("reason", "Reason")],
            records.Where(r => jid is null || r.Jid == jid).Select(r => new object?[] { r.Jid, r.Affiliation.Word(), r.Nick, r.Reason }));
    }
}
