using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// Does the reads that rooms leave behind, outside their turns: looks up, and sends what the read makes of it. A room
/// hands one over when its step is kept and sent, so that a read sees what was reflected before and is answered after it.
/// </summary>
public sealed class ArchiveReads
{
    /// <summary>Reads at once: enough to keep a disk busy, and their pages are what reading costs in memory.</summary>
    public const int MaxRunning = 8;

    /// <summary>Reads that wait for their turn. Everybody who comes back after a restart asks at once; who finds no place asks again.</summary>
    public const int MaxWaiting = 2_000;

    private readonly Channel<Read> _waiting = Channel.CreateBounded<Read>(MaxWaiting);
    private readonly IRoomStore _store;
    private readonly IOutbox _outbox;
    private readonly ILogger _log;
    private readonly Action<Stanza, ImmutableArray<MessageRecord>> _back;
    private readonly CancellationToken _stop;
    private readonly Task _running;

    /// <param name="back">Takes a request to its room again, with what was found for it (<see cref="Lookup"/>); must not wait.</param>
    /// <param name="stop">From then on what still waits is refused.</param>
    public ArchiveReads(IRoomStore store, IOutbox outbox, ILogger log, Action<Stanza, ImmutableArray<MessageRecord>> back, CancellationToken stop)
    {
        (_store, _outbox, _log, _back, _stop) = (store, outbox, log, back, stop);
        _running = Task.WhenAll(Enumerable.Range(0, MaxRunning).Select(_ => Task.Run(RunAsync, CancellationToken.None)));
    }

    /// <summary>How many wait for their turn.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Takes a read, or answers <c>resource-constraint</c>; never waits.</summary>
    public void Start(Read read)
    {
        if (!_waiting.Writer.TryWrite(read)) _outbox.TrySend(read.Refusal(StanzaError.ResourceConstraint));
    }

    /// <summary>Takes no more, and waits until what was taken is answered.</summary>
    public Task FinishAsync(CancellationToken deadline)
    {
        _waiting.Writer.TryComplete();
        return _running.WaitAsync(deadline);
    }

    private async Task RunAsync()
    {
        await foreach (var read in _waiting.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                // While the socket is slow an answer waits for room, and the next read waits for it: so memory stays bounded.
                await _outbox.SendAsync(await AnswerAsync(read).ConfigureAwait(false), _stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _outbox.TrySend(read.Refusal(Refusal.Stopping));
            }
        }
    }

    private async Task<ImmutableArray<Outgoing>> AnswerAsync(Read read)
    {
        try
        {
            var began = Meters.ArchiveTime.Begin();
            var pages = ImmutableArray.CreateBuilder<ArchivePage?>();
            foreach (var query in read.Queries) pages.Add(await _store.ReadArchiveAsync(read.Room, query, _stop).ConfigureAwait(false));
            if (read is Lookup lookup)
                foreach (var query in lookup.Further(Lookup.Found(pages))) pages.Add(await _store.ReadArchiveAsync(read.Room, query, _stop).ConfigureAwait(false));
            Meters.ArchiveTime.RecordSince(began);
            if (read is Lookup) _back(read.Request, Lookup.Found(pages));
            var answer = read.Answer(pages.ToImmutable());
            // Encoded here, so that what cannot be written is one answer's fault.
            foreach (var outgoing in answer) _ = outgoing.Stanza.Encoded;
            return answer;
        }
        catch (StoreUnavailableException e)
        {
            _log.ArchiveNotRead(read.Room, e.Message);
        }
#pragma warning disable CA1031 // Whatever else goes wrong is our bug, and one answer's.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _log.ReadFailed(e, read.Room);
        }
        return [read.Refusal(StanzaError.InternalServerError)];
    }
}
