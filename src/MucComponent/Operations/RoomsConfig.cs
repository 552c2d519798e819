using System.Collections.Immutable;

namespace MucComponent.Operations;

/// <summary>The options of a room: all of them as they are, or after changing some.</summary>
public sealed class RoomsConfig : Operation
{
    public override string Name => "rooms config";

    public override string Meaning => "Show or change the options of a room";

    public override ImmutableArray<Argument> Arguments =>
    [
        new("room", "The room", ArgumentType.Room, Required: true),
        new("options", "What to change, NAME=VALUE; nothing shows all", ArgumentType.Texts),
    ];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var (service, room) = (request.Service, request.Room("room"));
        var changes = RoomOptions.Read(service, request.Texts("options"));
        // Refused where there is no room, since a form makes one.
        var form = await service.ConfigurationAsync(room, stop).ConfigureAwait(false);
        if (changes.Count > 0)
        {
            await service.ConfigureAsync(room, changes, stop).ConfigureAwait(false);
            return OperationResult.Done($"The options of {room} are set.");
        }
        return OperationResult.Table(
            [new("option", "Option"), new("value", "Value", ColumnType.Texts), new("label", "Meaning")],
            form.Fields.Where(f => f.Var is not null).Select(f => new object?[] { f.Var, f.Values, f.Label }));
    }
}
