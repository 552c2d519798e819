using System.Threading.Channels;
using MucComponent.Telemetry;

namespace MucComponent.Storage;

/// <summary>
/// Group commit: one writer, and whatever has gathered while its last transaction was under way goes into the next one.
/// The disk's or the network's slowness is shared by all who wait, so the busier it is the cheaper a save gets.
/// </summary>
internal sealed class SaveQueue : IAsyncDisposable
{
    /// <summary>How many may wait. A room waits for its own save before the next, so this many rooms speak at once.</summary>
    private const int MaxWaiting = 10_000;

    /// <summary>How many share a transaction: enough that more would not be faster, few enough to be over soon.</summary>
    private const int MaxMerged = 500;

    private readonly Channel<Work> _waiting = Channel.CreateBounded<Work>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Func<IReadOnlyList<Work>, Task> _write;
    private readonly Task _loop;

    /// <param name="write">Answers all the work it is given.</param>
    public SaveQueue(Func<IReadOnlyList<Work>, Task> write)
    {
        _write = write;
        _loop = Task.Run(LoopAsync);
    }

    /// <exception cref="StoreUnavailableException">The store was closed.</exception>
    public async Task DoAsync(Work work, CancellationToken stop)
    {
        try
        {
            await _waiting.Writer.WriteAsync(work, stop);
        }
        catch (ChannelClosedException)
        {
            throw new StoreUnavailableException("the store is closed");
        }
        await work.Answer;
    }

    /// <summary>Takes no more, and finishes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task LoopAsync()
    {
        var merged = new List<Work>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            merged.Clear();
            while (merged.Count < MaxMerged && _waiting.Reader.TryRead(out var work))
                if (!work.IsStopped) merged.Add(work);
            if (merged.Count > 0) Meters.SaveBatch.Record(merged.Count);
            try
            {
                await _write(merged);
            }
            catch (Exception e)
            {
                foreach (var work in merged) work.Failed(e);
            }
        }
    }
}
