using System.Buffers;
using System.Globalization;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// What was written and maybe has not reached the server. XEP-0114 knows no acknowledgements, so behind what is written
/// goes an <see cref="Echo"/>: the server takes the stanzas of a stream in their order, so when that is back it has all that
/// was before.
/// </summary>
internal sealed class Unconfirmed : IDisposable
{
    /// <summary>One ping is under way at a time; in quiet hours each message has its own, and a busy server gets a hundred a second.</summary>
    private static readonly Rate Pings = new(20, TimeSpan.FromMilliseconds(10));

    /// <summary>A server that does not bring pings back must not make us hold everything.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Of what weighs more together the oldest is not sent again (in the measure of <see cref="Outbox.DefaultCapacity"/>).</summary>
    public const long MaxWeight = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<(long Number, Batch Batch)> _batches = new();
    private readonly Queue<(long Number, Delivery Delivery)> _forgotten = new();
    private readonly string _prefix = $"got-{Guid.NewGuid():N}-";
    private readonly Jid _domain;
    private readonly TimeProvider _clock;
    private readonly Action _wake;
    private readonly Action<Delivery> _delivered;
    private readonly Pace _pace;
    private readonly ITimer _timer;
    private long _weight;
    private long _added;
    private long _confirmed;

    // The ping that is under way, if any: its number, what it confirms, and when it was written.
    private long _pings;
    private long _upTo;
    private bool _isAsking;
    private long _askedAt;

    /// <param name="wake">Has the writer come by although there is nothing to write.</param>
    /// <param name="delivered">Told of what has arrived, in order.</param>
    public Unconfirmed(Jid domain, TimeProvider clock, Action wake, Action<Delivery> delivered)
    {
        (_domain, _clock, _wake, _delivered) = (domain, clock, wake, delivered);
        _pace = new Pace(clock, Pings);
        _timer = clock.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>This was written, wholly.</summary>
    public void Add(Batch batch)
    {
        lock (_lock)
        {
            _added++;
            _batches.Enqueue((_added, batch));
            _weight += batch.Weight;
            // The news goes on without its stanzas.
            while (_weight > MaxWeight && _batches.Count > 1) Forget(_batches.Dequeue());
        }
    }

    /// <summary>Writes a ping if it is time for one, behind all that was added.</summary>
    public void Ask(ArrayBufferWriter<byte> output)
    {
        lock (_lock)
        {
            if (_isAsking && _clock.GetElapsedTime(_askedAt) > Patience) Arrived();
            if (_isAsking || _added == _confirmed) return;
            if (_pace.Wait is var wait && wait > TimeSpan.Zero)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }
            _pace.Count();
            (_isAsking, _upTo, _askedAt) = (true, _added, _clock.GetTimestamp());
            Echo.Write(_domain, IdOf(++_pings), output);
        }
    }

    /// <summary>Whether this is the id of a ping of ours that came back.</summary>
    public bool TryConfirm(string id)
    {
        if (!id.StartsWith(_prefix, StringComparison.Ordinal)) return false;
        lock (_lock)
        {
            if (!_isAsking || id != IdOf(_pings)) return true;
            Arrived();
            if (_added > _confirmed) _wake();
        }
        return true;
    }

    /// <summary>All that was written has arrived.</summary>
    public void ConfirmAll()
    {
        lock (_lock)
        {
            _upTo = _added;
            Arrived();
        }
    }

    /// <summary>Takes out what may be lost, in order, since the connection ended.</summary>
    public IReadOnlyList<Batch> TakeAll()
    {
        lock (_lock)
        {
            List<Batch> batches = [.. _forgotten.Select(f => new Batch([], f.Delivery)), .. _batches.Select(b => b.Batch)];
            _forgotten.Clear();
            _batches.Clear();
            (_weight, _confirmed, _isAsking) = (0, _added, false);
            return batches;
        }
    }

    public void Dispose() => _timer.Dispose();

    private string IdOf(long ping) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{ping}");

    private void Forget((long Number, Batch Batch) old)
    {
        _weight -= old.Batch.Weight;
        if (old.Batch.Delivery is { } delivery) _forgotten.Enqueue((old.Number, delivery));
    }

    private void Arrived()
    {
        (_confirmed, _isAsking) = (_upTo, false);
        while (_forgotten.TryPeek(out var next) && next.Number <= _upTo) _delivered(_forgotten.Dequeue().Delivery);
        while (_batches.TryPeek(out var next) && next.Number <= _upTo)
        {
            _weight -= next.Batch.Weight;
            if (_batches.Dequeue().Batch.Delivery is { } delivery) _delivered(delivery);
        }
    }
}
