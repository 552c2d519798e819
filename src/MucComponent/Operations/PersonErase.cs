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
        var receipt = await new PersonErasure(request.Service.Store, request.Service.Rooms.AskAsync, request.Service.Clock).EraseAsync(person, stop, request.Progress).ConfigureAwait(false);
        var table = OperationResult.Table(
            [
                new("room", "Room", ColumnType.Jid), new("messages", "Messages", ColumnType.Number), new("sessions", "Sessions", ColumnType.Number),
                new("affiliations", "Affiliations", ColumnType.Number), new("mentions", "Mentions", ColumnType.Number), new("forsaken", "Has no owner now", ColumnType.Flag), new("failure", "Why there may be more"),
            ],
            receipt.Rooms.Select(r => new object?[] { r.Room, r.Messages, r.Sessions, r.Affiliations, r.Mentions, r.IsForsaken, r.Failure }));
        var note = $"{person} is forgotten in {receipt.Rooms.Count(r => r.Failure is null)} rooms, and {receipt.DestroyedMessages} messages of destroyed ones.";
        if (receipt.Rooms.Count(r => r.IsForsaken) is var forsaken and > 0)
            note += $"\n{person} was the only owner of {forsaken} rooms, marked below. Each goes on without one, until: rooms affiliation ROOM JID owner";
        return table with { Note = note };
    }
}
