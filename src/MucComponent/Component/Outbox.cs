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
/// while it is written. Each room's stanzas stay in their order, and the rooms take turns (<see cref="Lane"/>). What waits stays
/// when the connection breaks, and goes out on the next one; so does what was written and maybe never arrived
/// (<see cref="Unconfirmed"/>).
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

    /// <summary>One room's part of the capacity: a flooded room fills only its own, and then waits for itself.</summary>
    private const int LanesInCapacity = 32;

    /// <summary>What a room writes before it is another's turn: some dozens of stanzas.</summary>
    private const int TurnBytes = 8 * 1024;

    /// <summary>Lanes of rooms that have nothing to say now, to be used again.</summary>
    private const int SpareLanes = 256;

    /// <summary>Above about 523 kB Prosody closes the stream (its default is 512 KiB); the rest is left for the address.</summary>
    public const int MaxStanzaBytes = 500_000;

    private readonly MucOptions _options;
    private readonly ILogger _log;
    private readonly long _capacity;
    private readonly Multicast _multicast;
    private readonly Unconfirmed _unconfirmed;
    // Who has something to say, each once, in the order of their turns.
    private readonly Channel<Lane> _line = Channel.CreateUnbounded<Lane>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Dictionary<Jid, Lane> _lanes = [];
    private readonly Stack<Lane> _spare = new();
    private long _weight;
    private long _dropped;

    // Only the writer touches them: what goes out once more, and who has to wait for the multicast service.
    private readonly Lane _again = new();
    private readonly Queue<Lane> _held = new();

    // Only has the writer come by.
    private static readonly Lane Nobody = new();

    public Outbox(MucOptions options, ILogger<Outbox> log, TimeProvider? clock = null, long capacity = DefaultCapacity)
    {
        (_options, _log, _capacity) = (options, log, capacity);
        _multicast = new Multicast(options.Domain, log);
        _unconfirmed = new Unconfirmed(
            options.Domain, clock ?? TimeProvider.System, _multicast, wake: () => _line.Writer.TryWrite(Nobody), delivery => Delivered?.Invoke(delivery));
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
        var room = outgoing is [var first, ..] ? first.Stanza.From?.Bare : delivery?.Room;
        while (!TryAdd(batch, room ?? _options.Domain, isAnswer: false, out var free)) await free.WaitAsync(stop);
    }

    public bool TrySend(Outgoing outgoing) => TryAddOrDrop(new Batch(Sendable([outgoing])), outgoing.Stanza.From?.Bare);

    /// <summary>The same for an answer to somebody whose address makes no <see cref="Jid"/>.</summary>
    public bool TrySend(byte[] stanza) => TryAddOrDrop(new Batch([]) { Whole = stanza }, null);

    /// <summary>Writer only: waits until something is here. False when it has to stop and nothing is, or when the link is over.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken stop, CancellationToken over = default)
    {
        if (!_again.IsEmpty || _line.Reader.TryPeek(out _)) return true;
        try
        {
            // What a service is still expanding may come back.
            return await _line.Reader.WaitToReadAsync(_multicast.IsUnderWay ? over : stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Writer only: writes whole stanzas until there are enough bytes or no more stanzas.</summary>
    public void Fill(ArrayBufferWriter<byte> output, int enough)
    {
        if (_multicast.IsOver) SendAgainAsCopies();
        if (_multicast.TakeNews()) LetGo();
        var multicast = _multicast.IsThere ? _multicast : null;
        while (output.WrittenCount < enough && TryReach(out var lane))
        {
            var turn = Math.Min(enough, output.WrittenCount + TurnBytes);
            do
            {
                if (lane.WriteOn(output, turn, lane == _again ? null : multicast) is not { } written) break;
                _unconfirmed.Add(written);
                Count(written);
            }
            while (output.WrittenCount < turn && TryBegin(lane));
            if (lane.IsHeld) _held.Enqueue(lane);
            else if (lane != _again) Line(lane);
        }
        _unconfirmed.Ask(output, isAwaited: _held.Count > 0 || _multicast.IsEnding);
    }

    /// <summary>Writer only: a new connection begins. What the last one may have lost goes out again, before all else.</summary>
    public void StartOver()
    {
        _multicast.StartOver();
        LetGo();
        if (_again.Interrupt() is { } again) _unconfirmed.Add(again);
        lock (_gate)
        {
            foreach (var lane in _lanes.Values)
                if (lane.Interrupt() is { } current) _unconfirmed.Add(current);
        }
        var lost = 0;
        foreach (var batch in _unconfirmed.TakeAll())
        {
            // Twice is enough: a stanza for which the server closed the stream must not close every stream after.
            if (batch.IsAgain) lost += batch.Outgoing.Length;
            _again.Add(batch.IsAgain ? new Batch([], batch.Delivery) : batch with { IsAgain = true });
        }
        if (lost > 0) _log.SentTwiceInVain(lost);
    }

    /// <summary>Whether this id is one of ours: then the server has got what was written before it.</summary>
    public bool TryConfirm(string id) => _unconfirmed.TryConfirm(id);

    /// <summary>On this stream, what goes to many goes by this service from now on.</summary>
    public void Use(MulticastService service) => _multicast.Use(service);

    /// <summary>Whether this is for us from the multicast service: what it brings to all, its answer to how far it is, or something that it could not bring to anybody.</summary>
    public bool TakesFromService(Stanza stanza)
    {
        if (stanza.To is { } proof && _multicast.IsProof(proof))
        {
            _multicast.Prove(proof);
            _unconfirmed.Proved();
            return true;
        }
        if (!_multicast.IsFrom(stanza.From)) return false;
        if (stanza.Kind == StanzaKind.Iq) return stanza is { Type: "result" or "error", Id: { } id } && _unconfirmed.TryConfirm(id, stanza.IsError ? stanza.ErrorCondition ?? "with an error" : null);
        if (!stanza.IsError) return false;
        _multicast.Take(stanza);
        _unconfirmed.Proved();
        _line.Writer.TryWrite(Nobody);
        return true;
    }

    /// <summary>The server has got all that was written: it has answered the end of the stream.</summary>
    public void ConfirmAll() => _unconfirmed.ConfirmAll();

    public void Dispose() => _unconfirmed.Dispose();

    /// <summary>Whose turn it is, with something begun to be written.</summary>
    private bool TryReach(out Lane lane)
    {
        lane = _again;
        if (_again.TryBegin(out _)) return true;
        while (_line.Reader.TryRead(out lane!))
        {
            if (lane == Nobody) continue;
            if (TryBegin(lane)) return true;
            Line(lane);
        }
        return false;
    }

    /// <summary>What the multicast service did not bring: what it gave back, or all that was under way if nobody knows. The rest is delivered only behind it.</summary>
    private void SendAgainAsCopies()
    {
        var (returned, isAll) = _multicast.TakeLost();
        foreach (var one in Sendable(returned)) _again.Add(new Batch([one]));
        lock (_gate)
        {
            foreach (var lane in _lanes.Values)
                if (!isAll && lane.Interrupt(multicastOnly: true) is { } current) _unconfirmed.Add(current);
        }
        foreach (var batch in _unconfirmed.TakeAll())
        {
            var isLost = batch.IsMulticast && !isAll;
            if (!batch.IsMulticast) _unconfirmed.Add(batch with { Delivery = null });
            if (isLost || batch.Delivery is not null) _again.Add(new Batch(isLost ? batch.Outgoing : [], batch.Delivery));
        }
    }

    private void LetGo()
    {
        while (_held.TryDequeue(out var lane)) Line(lane);
    }

    private static void Count(Batch batch)
    {
        if (Meters.Sent.Enabled)
            foreach (var (stanza, to) in batch.Outgoing) Meters.Sent.Count(stanza.Kind, to.Length);
        if (!batch.IsAgain) batch.Passage?.Sent();
    }

    private bool TryBegin(Lane lane)
    {
        if (lane == _again) return lane.TryBegin(out _);
        lock (_gate)
        {
            if (!lane.TryBegin(out var begun)) return false;
            _weight -= begun;
            if (lane.Free is null || !HasRoom(lane)) return true;
            lane.Free.SetResult();
            lane.Free = null;
            return true;
        }
    }

    /// <summary>It had its turn: behind all others with it, unless it has nothing more to say.</summary>
    private void Line(Lane lane)
    {
        lock (_gate)
        {
            lane.IsInLine = !lane.IsEmpty;
            if (lane.IsInLine)
            {
                _line.Writer.TryWrite(lane);
                return;
            }
            _lanes.Remove(lane.Room!);
            if (_spare.Count < SpareLanes) _spare.Push(lane);
        }
    }

    // Who has nothing waiting always has room: a room waits with no more than it has in hand anyway.
    private bool HasRoom(Lane lane) => !lane.HasWaiting || (_weight < _capacity && lane.Weight < _capacity / LanesInCapacity);

    /// <summary>All or none, so a room's step stays together; the last one in may exceed the bound, so that anything can get in at all.</summary>
    /// <param name="isAnswer">It may be dropped: then all of the bound holds, since anybody can ask.</param>
    private bool TryAdd(Batch batch, Jid room, bool isAnswer, out Task free)
    {
        lock (_gate)
        {
            free = Task.CompletedTask;
            if (isAnswer && _weight >= _capacity) return false;
            if (!_lanes.TryGetValue(room, out var lane))
            {
                if (!_spare.TryPop(out lane)) lane = new Lane();
                lane.Room = room;
                _lanes.Add(room, lane);
            }
            if (!HasRoom(lane))
            {
                if (!isAnswer) free = (lane.Free ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                return false;
            }
            _weight += batch.Weight;
            lane.Add(batch);
            if (!lane.IsInLine) _line.Writer.TryWrite(lane);
            lane.IsInLine = true;
            return true;
        }
    }

    private bool TryAddOrDrop(Batch batch, Jid? room)
    {
        if (TryAdd(batch, room ?? _options.Domain, isAnswer: true, out _)) return true;
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
