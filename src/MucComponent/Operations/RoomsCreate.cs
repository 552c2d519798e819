using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>Makes a room that nobody has to enter first. Its owners are told that they are.</summary>
public sealed class RoomsCreate : Operation
{
    public override string Name => "rooms create";

    public override string Meaning => "Create a room";

    public override ImmutableArray<Argument> Arguments =>
    [
        new("room", "The room", ArgumentType.Room, Required: true),
        new("owners", "Who owns it", ArgumentType.Jids, Required: true),
        new("options", "Its options, NAME=VALUE; it is persistent if they do not say otherwise", ArgumentType.Texts),
    ];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var room = request.Room("room");
        await CreateAsync(request.Service, room, request.Jids("owners"), RoomOptions.Read(request.Service, request.Texts("options")), stop).ConfigureAwait(false);
        return OperationResult.Done($"The room {room} is there.");
    }

    /// <exception cref="RefusedException">It is there already, or cannot be so.</exception>
    internal static async Task CreateAsync(OperatedService service, Jid room, ImmutableArray<Jid> owners, IEnumerable<FormField> options, CancellationToken stop)
    {
        if (await service.ExistsAsync(room, stop).ConfigureAwait(false)) throw new RefusedException($"There is a room {room} already.");
        var fields = options.ToList();
        if (fields.All(f => f.Var != RoomOptions.Persistent)) fields.Add(FormField.Plain(RoomOptions.Persistent, "1"));
        fields.Add(FormField.Plain(RoomOptions.Owners, [.. owners.Select(o => o.ToString())]));
        await service.ConfigureAsync(room, fields, stop).ConfigureAwait(false);
    }
}
