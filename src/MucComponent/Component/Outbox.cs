using System.Buffers;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Storage;
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
/// <param name="capacity">See <see cref="DefaultCapacity"/>.</param>
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
    private readonly Channel<OutboxItem> _items = Channel.CreateUnbounded<OutboxItem>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private long _weight;
    private long _dropped;
    private TaskCompletionSource? _room;

    // Only the writer touches these: what goes out once more, and the item it is in the middle of.
    private readonly Queue<OutboxItem> _again = new();
    private OutboxItem _current;
    private int _next;

    public Outbox(MucOptions options, ILogger<Outbox> log, TimeProvider? clock = null, long capacity = DefaultCapacity)
    {
        (_options, _log, _capacity) = (options, log, capacity);
        _unconfirmed = new Unconfirmed(options.Domain, clock ?? TimeProvider.System, wake: () => _items.Writer.TryWrite(default), delivery => Delivered?.Invoke(delivery));
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

    public async ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null)
    {
        var items = Sendable(outgoing);
        if (delivery is not null) items.Add(new OutboxItem { Delivery = delivery });
        while (!TryAdd(items, out var room)) await room.WaitAsync(stop);
    }

    public bool TrySend(Outgoing outgoing) => TryAddOrDrop(Sendable([outgoing]));

    /// <summary>The same for an answer to somebody whose address makes no <see cref="Jid"/>.</summary>
    public bool TrySend(byte[] stanza) => TryAddOrDrop([new OutboxItem { Whole = stanza }]);

    /// <summary>Writer only: waits until something is here. False when it has to stop and nothing is.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken stop)
    {
        if (_next < _current.Copies || _again.Count > 0 || _items.Reader.TryPeek(out _)) return true;
        try
        {
            return await _items.Reader.WaitToReadAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Writer only: writes whole stanzas until there are enough bytes or no more stanzas.</summary>
    public void Fill(ArrayBufferWriter<byte> output, int enough)
    {
        while (output.WrittenCount < enough && TryReachNext())
        {
            if (_current.Whole is { } whole) output.Write(whole);
            else StanzaWriter.Write(_current.Stanza!, _current.To[_next], output);
            if (++_next == _current.Copies) _unconfirmed.Add(_current);
        }
        _unconfirmed.Ask(output);
    }

    /// <summary>Writer only: a new connection begins. What the last one may have lost goes out again, before all else.</summary>
    public void StartOver()
    {
        if (_next > 0 && _next < _current.Copies) _unconfirmed.Add(_current);
        (_current, _next) = (default, 0);
        var lost = 0;
        foreach (var item in _unconfirmed.TakeAll())
        {
            // Twice is enough: a stanza for which the server closed the stream must not close every stream after.
            if (item.IsAgain) lost++;
            else _again.Enqueue(item with { IsAgain = true });
        }
        if (lost > 0) _log.SentTwiceInVain(lost);
    }

    /// <summary>Whether this id is one of ours: then the server has got what was written before it.</summary>
    public bool TryConfirm(string id) => _unconfirmed.TryConfirm(id);

    /// <summary>The server has got all that was written: it has answered the end of the stream.</summary>
    public void ConfirmAll() => _unconfirmed.ConfirmAll();

    public void Dispose() => _unconfirmed.Dispose();

    private bool TryReachNext()
    {
        while (_next >= _current.Copies)
        {
            (_current, _next) = (default, 0);
            if (!_again.TryDequeue(out _current))
            {
                if (!_items.Reader.TryRead(out _current)) return false;
                MakeRoom(_current.Weight);
            }
            if (_current.Delivery is not null) _unconfirmed.Add(_current);
        }
        return true;
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
    private bool TryAdd(List<OutboxItem> items, out Task room)
    {
        lock (_gate)
        {
            if (_weight >= _capacity)
            {
                room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                return false;
            }
            room = Task.CompletedTask;
            foreach (var item in items)
            {
                _weight += item.Weight;
                _items.Writer.TryWrite(item);
            }
            return true;
        }
    }

    private bool TryAddOrDrop(List<OutboxItem> items)
    {
        if (TryAdd(items, out _)) return true;
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Serialises here, on the caller's thread, and not on the only writer's.</summary>
    private List<OutboxItem> Sendable(ImmutableArray<Outgoing> outgoing)
    {
        var items = new List<OutboxItem>(outgoing.Length);
        foreach (var one in outgoing)
        {
            var (stanza, to) = one;
            if (stanza.From?.Domain != _options.Domain.Domain)
                _log.DroppedForeignFrom(Stanza.Name(stanza.Kind), stanza.Id, stanza.From);
            else if (IsTooBig(one))
                _log.DroppedTooBig(Stanza.Name(stanza.Kind), stanza.Id, stanza.From, SizeOf(one));
            else
                items.Add(new OutboxItem { Stanza = stanza.Encoded, To = to });
        }
        return items;
    }

    private static int SizeOf(Outgoing outgoing) => outgoing.Stanza.Encoded.Head.Length + outgoing.Stanza.Encoded.Tail.Length;
}
