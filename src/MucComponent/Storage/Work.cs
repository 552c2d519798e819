using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>What waits for its transaction. It is answered after the commit, never before.</summary>
internal abstract class Work(CancellationToken stop)
{
    private readonly TaskCompletionSource<StoredRoom> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asked for no more before it was begun.</summary>
    public bool IsStopped => stop.IsCancellationRequested && _answer.TrySetCanceled(stop);

    /// <summary>For a load what it found.</summary>
    public Task<StoredRoom> Answer => _answer.Task;

    /// <summary>What a load found, as of a transaction that is not yet committed.</summary>
    public StoredRoom Found { get; set; } = StoredRoom.Nothing;

    /// <summary>Why a save keeps nothing although the transaction goes well, as of one that is not yet committed.</summary>
    public Exception? Refusal { get; set; }

    public void Committed()
    {
        if (Refusal is null) _answer.TrySetResult(Found);
        else _answer.TrySetException(Refusal);
    }

    public void Failed(Exception why) => _answer.TrySetException(why);
}

/// <summary>A load or save of one room.</summary>
internal abstract class RoomWork(Jid room, Claim claim, CancellationToken stop) : Work(stop)
{
    public Jid Room { get; } = room;

    public Claim Claim { get; } = claim;
}

/// <summary>Claim the room and read it.</summary>
internal sealed class Load(Jid room, CancellationToken stop) : RoomWork(room, Claim.New(), stop);

/// <summary>Note what the server has got. Nobody was promised that it is kept.</summary>
internal sealed class Note(IReadOnlyList<Delivery> deliveries, CancellationToken stop) : Work(stop)
{
    public IReadOnlyList<Delivery> Deliveries { get; } = deliveries;
}

/// <summary>Remove what is too old. It needs no claim: nobody is shown it any more.</summary>
internal sealed class Removal(Expired expired, CancellationToken stop) : Work(stop)
{
    public Expired Expired { get; } = expired;
}

/// <summary>Remove what is in no room any more.</summary>
internal sealed class Tidying(Statement statement, CancellationToken stop) : Work(stop)
{
    public Statement Statement { get; } = statement;
}

/// <summary>Keep these changes.</summary>
internal sealed class Save(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop) : RoomWork(room, claim, stop)
{
    public IReadOnlyList<Change> Changes { get; } = changes;
}
