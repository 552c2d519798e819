using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>Who is in a room.</summary>
public sealed class RoomsOccupants : Operation
{
    public override string Name => "rooms occupants";

    public override string Meaning => "Show who is in a room";

    public override ImmutableArray<Argument> Arguments => [new("room", "The room", ArgumentType.Room, Required: true)];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var rows = new List<object?[]>();
        foreach (var role in (Role[])[Role.Moderator, Role.Participant, Role.Visitor])
        {
            var query = new XElement(Ns.MucAdmin + "query", new XElement(Ns.MucAdmin + "item", new XAttribute("role", role.Word())));
            var answer = await request.Service.AskAsync(request.Room("room"), "get", query, stop).ConfigureAwait(false);
            rows.AddRange(answer!.Elements(Ns.MucAdmin + "item").Select(i => new object?[]
            {
                i.Attribute("nick")?.Value, i.Attribute("jid")?.Value, i.Attribute("role")?.Value, i.Attribute("affiliation")?.Value,
            }));
        }
        return OperationResult.Table([new("nick", "Nick"), new("jid", "Address", ColumnType.Jid), new("role", "Role"), new("affiliation", "Affiliation")], rows);
    }
}
