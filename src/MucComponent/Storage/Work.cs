using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>One load or save that waits for its transaction. It is answered after the commit, never before.</summary>
internal abstract class Work(Jid room, Claim claim, CancellationToken stop)
{
    private readonly TaskCompletionSource<StoredRoom> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Jid Room { get; } = room;

    public Claim Claim { get; } = claim;

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

/// <summary>Claim the room and read it.</summary>
internal sealed class Load(Jid room, CancellationToken stop) : Work(room, Claim.New(), stop);

/// <summary>Remove what is too old. It needs no claim: nobody is shown it any more.</summary>
internal sealed class Removal(Expired expired, CancellationToken stop) : Work(expired.Room, Claim.New(), stop)
{
    public Expired Expired { get; } = expired;
}

/// <summary>Keep these changes.</summary>
internal sealed class Save(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop) : Work(room, claim, stop)
{
    public IReadOnlyList<Change> Changes { get; } = changes;
}
