namespace MucComponent.Storage;

/// <summary>
/// The right of one instance to be attached to the server, where several run on one store. Claims keep what is stored
/// right whatever happens; the lease keeps the server from having two who speak for the same rooms.
/// </summary>
public interface ILease : IAsyncDisposable
{
    /// <summary>Another instance has the lease, and it comes to this one as soon as that one is gone.</summary>
    bool IsStandingBy { get; }

    /// <summary>Waits, for ever if need be, until this instance has the lease; the token it returns is cancelled when it has it no longer.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    Task<CancellationToken> AcquireAsync(CancellationToken stop);

    /// <summary>Somebody acts as if the lease were theirs. Unless it proves at once to be ours, it counts as lost. Does not wait.</summary>
    void Doubt();
}
