using System.Buffers;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// The stanzas waiting for the socket. One stanza for a thousand addresses is one item here and becomes a thousand only
/// while it is written. What waits stays when the connection breaks, and goes out on the next one; so does what was written
/// and maybe never arrived (<see cref="Unconfirmed"/>).
/// <para>
/// One bad stanza would close the stream for every room, so what a server would not take is dropped here, loudly.
/// </para>
/// </summary>
public sealed class Outbox : IOutbox, IDisposable
{
    /// <summary>
    /// 64 MB of stanzas, each counted once, and 64 bytes for each of its addresses: some seconds of a busy service, or a
    /// million deliveries. Whoever comes later waits, which is felt in the rooms' mailboxes and there answered with
    /// <c>resource-constraint</c>.
    /// </summary>
    public const long DefaultCapacity = 64 * 1024 * 1024;

    /// <summary>Above about 523 kB Prosody closes the stream (its default is 512 KiB); the rest is left for the address.</summary>
    public const int MaxStanzaBytes = 500_000;

    private readonly MucOptions _options;
    private readonly ILogger _log;
    private readonly long _capacity;
    private readonly Unconfirmed _unconfirmed;
    private readonly Channel<Batch> _batches = Channel.CreateUnbounded<Batch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private long _weight;
    private long _dropped;
    private TaskCompletionSource? _room;

    // Only the writer touches these: what goes out once more, and where it is in what it is in the middle of.
    private readonly Queue<Batch> _again = new();
    private Batch? _current;
    private int _stanza;
    private int _address;

    public Outbox(MucOptions options, ILogger<Outbox> log, TimeProvider? clock = null, long capacity = DefaultCapacity)
    {
        (_options, _log, _capacity) = (options, log, capacity);
        _unconfirmed = new Unconfirmed(
            options.Domain, clock ?? TimeProvider.System, wake: () => _batches.Writer.TryWrite(Batch.Nothing), delivery => Delivered?.Invoke(delivery));
    }

    /// <summary>The server has this. Handlers must not wait.</summary>
    public event Action<Delivery>? Delivered;

    /// <summary>Whether a server would close the stream over it (<see cref="MaxStanzaBytes"/>).</summary>
    public static bool IsTooBig(Outgoing outgoing) => SizeOf(outgoing) > MaxStanzaBytes;

    /// <summary>How many answers found no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>How much waits, in the measure of <see cref="DefaultCapacity"/>.</summary>
    public long Weight
    {
        get { lock (_gate) return _weight; }
    }

    public async ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null)
    {
        var batch = new Batch(Sendable(outgoing), delivery) { Passage = passage };
        while (!TryAdd(batch, out var room)) await room.WaitAsync(stop);
    }

    public bool TrySend(Outgoing outgoing) => TryAddOrDrop(new Batch(Sendable([outgoing])));

    /// <summary>The same for an answer to somebody whose address makes no <see cref="Jid"/>.</summary>
    public bool TrySend(byte[] stanza) => TryAddOrDrop(new Batch([]) { Whole = stanza });

    /// <summary>Writer only: waits until something is here. False when it has to stop and nothing is.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken stop)
    {
        if (_current is not null || _again.Count > 0 || _batches.Reader.TryPeek(out _)) return true;
        try
        {
            return await _batches.Reader.WaitToReadAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Writer only: writes whole stanzas until there are enough bytes or no more stanzas.</summary>
    public void Fill(ArrayBufferWriter<byte> output, int enough)
    {
        while (output.WrittenCount < enough && TryReach(out var batch))
        {
            if (!WriteOn(batch, output, enough)) break;
            _unconfirmed.Add(batch);
            _current = null;
            Count(batch);
        }
        _unconfirmed.Ask(output);
    }

    /// <summary>Writer only: a new connection begins. What the last one may have lost goes out again, before all else.</summary>
    public void StartOver()
    {
        if (_current is not null) _unconfirmed.Add(_current);
        _current = null;
        var lost = 0;
        foreach (var batch in _unconfirmed.TakeAll())
        {
            // Twice is enough: a stanza for which the server closed the stream must not close every stream after.
            if (batch.IsAgain) lost += batch.Outgoing.Length;
            _again.Enqueue(batch.IsAgain ? new Batch([], batch.Delivery) : batch with { IsAgain = true });
        }
        if (lost > 0) _log.SentTwiceInVain(lost);
    }

    /// <summary>Whether this id is one of ours: then the server has got what was written before it.</summary>
    public bool TryConfirm(string id) => _unconfirmed.TryConfirm(id);

    /// <summary>The server has got all that was written: it has answered the end of the stream.</summary>
    public void ConfirmAll() => _unconfirmed.ConfirmAll();

    public void Dispose() => _unconfirmed.Dispose();

    /// <summary>The batch to go on with, or the next one.</summary>
    private bool TryReach(out Batch batch)
    {
        if (_current is null)
        {
            if (!_again.TryDequeue(out _current))
            {
                if (!_batches.Reader.TryRead(out _current))
                {
                    batch = Batch.Nothing;
                    return false;
                }
                MakeRoom(_current.Weight);
            }
            (_stanza, _address) = (0, 0);
        }
        batch = _current;
        return true;
    }

    /// <summary>Goes on with the batch; false if there are enough bytes before its end.</summary>
    private bool WriteOn(Batch batch, ArrayBufferWriter<byte> output, int enough)
    {
        if (batch.Whole is { } whole) output.Write(whole);
        for (; _stanza < batch.Outgoing.Length; (_stanza, _address) = (_stanza + 1, 0))
        {
            var (stanza, to) = batch.Outgoing[_stanza];
            var encoded = stanza.Encoded;
            for (; _address < to.Length; _address++)
            {
                if (output.WrittenCount >= enough) return false;
                StanzaWriter.Write(encoded, to[_address], output);
            }
        }
        return true;
    }

    private static void Count(Batch batch)
    {
        if (Meters.Sent.Enabled)
            foreach (var (stanza, to) in batch.Outgoing) Meters.Sent.Count(stanza.Kind, to.Length);
        if (!batch.IsAgain) batch.Passage?.Sent();
    }

    private void MakeRoom(long weight)
    {
        lock (_gate)
        {
            _weight -= weight;
            if (_weight >= _capacity) return;
            _room?.SetResult();
            _room = null;
        }
    }

    /// <summary>All or none, so a room's step stays together; the last one in may exceed the bound, so that anything can get in at all.</summary>
    private bool TryAdd(Batch batch, out Task room)
    {
        lock (_gate)
        {
            if (_weight >= _capacity)
            {
                room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                return false;
            }
            room = Task.CompletedTask;
            _weight += batch.Weight;
            _batches.Writer.TryWrite(batch);
            return true;
        }
    }

    private bool TryAddOrDrop(Batch batch)
    {
        if (TryAdd(batch, out _)) return true;
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Serialises here, on the caller's thread, and not on the only writer's.</summary>
    private ImmutableArray<Outgoing> Sendable(ImmutableArray<Outgoing> outgoing)
    {
        foreach (var one in outgoing)
            if (!IsSendable(one)) return outgoing.RemoveAll(bad => !IsSendable(bad, tell: true));
        return outgoing;
    }

    private bool IsSendable(Outgoing outgoing, bool tell = false)
    {
        var stanza = outgoing.Stanza;
        if (stanza.From?.IsAt(_options.Domain) != true)
        {
            if (tell) _log.DroppedForeignFrom(Stanza.Name(stanza.Kind), stanza.Id);
            return false;
        }
        if (IsTooBig(outgoing))
        {
            if (tell) _log.DroppedTooBig(Stanza.Name(stanza.Kind), stanza.Id, stanza.From?.Bare, SizeOf(outgoing));
            return false;
        }
        return true;
    }

    private static int SizeOf(Outgoing outgoing) => outgoing.Stanza.Encoded.Head.Length + outgoing.Stanza.Encoded.Tail.Length;
}
