using System.Collections.Immutable;
using MucComponent.People;

namespace MucComponent.Operations;

/// <summary>Forgets a person in all rooms, and says what that was (<see cref="PersonErasure"/>).</summary>
public sealed class PersonErase : Operation
{
    public override string Name => "person erase";

    public override string Meaning => "Forget a person in all rooms: messages, affiliations, bans and all else, for good";

    public override ImmutableArray<Argument> Arguments => [new("jid", "The person's bare JID", ArgumentType.Jid, Required: true)];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var person = request.Person();
        var receipt = await new PersonErasure(request.Service.Store, request.Service.Rooms.AskAsync, request.Service.Clock).EraseAsync(person, stop).ConfigureAwait(false);
        var table = OperationResult.Table(
            [
                new("room", "Room", ColumnType.Jid), new("messages", "Messages", ColumnType.Number), new("sessions", "Sessions", ColumnType.Number),
                new("affiliations", "Affiliations", ColumnType.Number), new("mentions", "Mentions", ColumnType.Number), new("failure", "Why there may be more"),
            ],
            receipt.Rooms.Select(r => new object?[] { r.Room, r.Messages, r.Sessions, r.Affiliations, r.Mentions, r.Failure }));
        return table with { Note = $"{person} is forgotten in {receipt.Rooms.Count(r => r.Failure is null)} rooms, and {receipt.DestroyedMessages} messages of destroyed ones." };
    }
}
