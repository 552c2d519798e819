namespace MucComponent;

/// <summary>The whole service, wired by hand: what <c>Program</c> runs and what tests start in process.</summary>
public sealed class MucService : IAsyncDisposable
{
    /// <summary>Opens the store and starts to connect; does not wait for the server.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store cannot be used.</exception>
    public static Task<MucService> StartAsync(MucOptions options, CancellationToken stop) => throw new NotSupportedException();

    /// <summary>Stops cleanly: what was taken is decided, kept and sent, then the stream is closed.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
