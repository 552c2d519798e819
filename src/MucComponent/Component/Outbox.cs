using System.Buffers;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// The stanzas waiting for the socket. One stanza for a thousand addresses is one item here and becomes a thousand only
/// while it is written. What waits stays when the connection breaks, and goes out on the next one.
/// <para>
/// One bad stanza would close the stream for every room, so what a server would not take is dropped here, loudly.
/// </para>
/// </summary>
/// <param name="capacity">See <see cref="DefaultCapacity"/>.</param>
public sealed class Outbox(MucOptions options, ILogger<Outbox> log, long capacity = Outbox.DefaultCapacity) : IOutbox
{
    /// <summary>
    /// 64 MB of stanzas, each counted once, and 64 bytes for each of its addresses: some seconds of a busy service, or a
    /// million deliveries. Whoever comes later waits, which is felt in the rooms' mailboxes and there answered with
    /// <c>resource-constraint</c>.
    /// </summary>
    public const long DefaultCapacity = 64 * 1024 * 1024;

    /// <summary>Above about 523 kB Prosody closes the stream (its default is 512 KiB); the rest is left for the address.</summary>
    public const int MaxStanzaBytes = 500_000;

    private const int AddressWeight = 64;

    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private long _weight;
    private long _dropped;
    private TaskCompletionSource? _room;

    // Only the writer touches these: the item it is in the middle of.
    private Item _current;
    private int _next;

    /// <summary>Either a stanza and its addresses, or bytes that are complete.</summary>
    private readonly record struct Item(EncodedStanza? Stanza, ImmutableArray<Jid> To, byte[]? Whole)
    {
        public long Weight => Whole?.Length ?? Stanza!.Head.Length + Stanza.Tail.Length + ((long)AddressWeight * To.Length);

        public int Copies => Whole is not null ? 1 : Stanza is not null ? To.Length : 0;
    }

    /// <summary>Whether a server would close the stream over it (<see cref="MaxStanzaBytes"/>).</summary>
    public static bool IsTooBig(Outgoing outgoing) => SizeOf(outgoing) > MaxStanzaBytes;

    /// <summary>How many answers found no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>How much waits, in the measure of <see cref="DefaultCapacity"/>.</summary>
    public long Weight
    {
        get { lock (_gate) return _weight; }
    }

    public async ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop)
    {
        var items = Sendable(outgoing);
        while (!TryAdd(items, out var room)) await room.WaitAsync(stop);
    }

    public bool TrySend(Outgoing outgoing) => TryAddOrDrop(Sendable([outgoing]));

    /// <summary>The same for an answer to somebody whose address makes no <see cref="Jid"/>.</summary>
    public bool TrySend(byte[] stanza) => TryAddOrDrop([new Item(null, [], stanza)]);

    /// <summary>Writer only: waits until something is here. False when it has to stop and nothing is.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken stop)
    {
        if (_next < _current.Copies || _items.Reader.TryPeek(out _)) return true;
        try
        {
            return await _items.Reader.WaitToReadAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Writer only: writes whole stanzas until there are enough bytes or no more stanzas. What is written is gone from here.</summary>
    public void Fill(ArrayBufferWriter<byte> output, int enough)
    {
        while (output.WrittenCount < enough && TryReachNext())
        {
            if (_current.Whole is { } whole) output.Write(whole);
            else StanzaWriter.Write(_current.Stanza!, _current.To[_next], output);
            _next++;
        }
    }

    private bool TryReachNext()
    {
        while (_next >= _current.Copies)
        {
            _current = default;
            _next = 0;
            if (!_items.Reader.TryRead(out var item)) return false;
            _current = item;
            MakeRoom(item.Weight);
        }
        return true;
    }

    private void MakeRoom(long weight)
    {
        lock (_gate)
        {
            _weight -= weight;
            if (_weight >= capacity) return;
            _room?.SetResult();
            _room = null;
        }
    }

    /// <summary>All or none, so a room's step stays together; the last one in may exceed the bound, so that anything can get in at all.</summary>
    private bool TryAdd(List<Item> items, out Task room)
    {
        lock (_gate)
        {
            if (_weight >= capacity)
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

    private bool TryAddOrDrop(List<Item> items)
    {
        if (TryAdd(items, out _)) return true;
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Serialises here, on the caller's thread, and not on the only writer's.</summary>
    private List<Item> Sendable(ImmutableArray<Outgoing> outgoing)
    {
        var items = new List<Item>(outgoing.Length);
        foreach (var one in outgoing)
        {
            var (stanza, to) = one;
            if (stanza.From?.Domain != options.Domain.Domain)
                log.DroppedForeignFrom(Stanza.Name(stanza.Kind), stanza.Id, stanza.From);
            else if (IsTooBig(one))
                log.DroppedTooBig(Stanza.Name(stanza.Kind), stanza.Id, stanza.From, SizeOf(one));
            else
                items.Add(new Item(stanza.Encoded, to, null));
        }
        return items;
    }

    private static int SizeOf(Outgoing outgoing) => outgoing.Stanza.Encoded.Head.Length + outgoing.Stanza.Encoded.Tail.Length;
}
