using System.Collections.Immutable;
using MucComponent.People;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>Takes back what somebody said lately in all rooms (<see cref="Removals"/>).</summary>
public sealed class PersonRemove : Operation
{
    private const int MostHours = 24 * 365;

    public override string Name => "person remove";

    public override string Meaning => "Take back all that somebody said in the last hours, in all rooms";

    public override ImmutableArray<Argument> Arguments =>
    [
        new("jid", "The person's bare JID", ArgumentType.Jid, Required: true),
        new("hours", "Of how many hours; 24 if not given", ArgumentType.Number),
        new("reason", "Why; those in the rooms are told"),
    ];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var receipt = await request.Removals().RemoveAsync(request.Person(), TimeSpan.FromHours(request.Number("hours", 24, MostHours)), request.Text("reason"), stop).ConfigureAwait(false);
        return receipt.ToResult($"Taken back, and until {Timestamp.Format(receipt.Until)} to be undone with: removals undo {receipt.Removal}");
    }
}

/// <summary>What was taken back and can be given back.</summary>
public sealed class RemovalsList : Operation
{
    private const int Most = 100;

    public override string Name => "removals list";

    public override string Meaning => "Show what was taken back and can be given back";

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop) => OperationResult.Table(
        [new("removal", "Removal"), new("messages", "Messages", ColumnType.Number), new("until", "Until", ColumnType.Time)],
        (await request.Removals().ListAsync(Most, stop).ConfigureAwait(false)).Select(r => new object?[] { r.Removal.ToString(), r.Messages, r.Until }));
}

/// <summary>Gives back what was taken back.</summary>
public sealed class RemovalsUndo : Operation
{
    public override string Name => "removals undo";

    public override string Meaning => "Give back what was taken back";

    public override ImmutableArray<Argument> Arguments => [new("removal", "Which, as in the list", Required: true)];

    public override async Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop)
    {
        if (!Guid.TryParse(request.Text("removal"), out var removal)) throw new RefusedException($"There is no removal {request.Text("removal")}.");
        var receipt = await request.Removals().UndoAsync(removal, stop).ConfigureAwait(false);
        return receipt.Rooms.Count > 0 ? receipt.ToResult("Given back.") : throw new RefusedException($"Nothing is put aside of {removal}.");
    }
}

internal static class OfPeople
{
    public static Jid Person(this OperationRequest request) =>
        request.Jid("jid") is { HasLocal: true } person ? person : throw new RefusedException("jid: a person has an address like user@example.org.");

    public static Removals Removals(this OperationRequest request) => new(request.Service.Store, request.Service.Rooms.AskAsync, request.Service.Clock);

    public static OperationResult ToResult(this RemovalReceipt receipt, string note) => OperationResult.Table(
        [new("room", "Room", ColumnType.Jid), new("messages", "Messages", ColumnType.Number), new("failed", "Failed", ColumnType.Number)],
        receipt.Rooms.Select(r => new object?[] { r.Room, r.Messages, r.Failed })) with { Note = note };
}
