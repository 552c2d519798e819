using System.Buffers;
using System.Globalization;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// What was written and maybe has not reached the server. XEP-0114 knows no acknowledgements, so behind what is written
/// goes an <see cref="Echo"/>: the server takes the stanzas of a stream in their order, so when that is back it has all that
/// was before. Where some of it went by <see cref="Multicast"/>, its service is asked, which has expanded it when it answers.
/// </summary>
internal sealed class Unconfirmed : IDisposable
{
    /// <summary>One ping is under way at a time; in quiet hours each message has its own, and a busy server gets a hundred a second.</summary>
    private static readonly Rate Pings = new(20, TimeSpan.FromMilliseconds(10));

    /// <summary>A server that does not bring pings back must not make us hold everything.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A service is asked again this often. It answers in turn, so if a later answer comes first, it has lost what it had.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Nobody is woken anew for less.</summary>
    private static readonly TimeSpan Coarse = TimeSpan.FromMilliseconds(1);

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
    private readonly Multicast _multicast;
    private readonly Pace _pace;
    private readonly ITimer _timer;
    private readonly long _began;
    private TimeSpan? _wakesAt; // null if nobody is to be woken
    private long _weight;
    private long _added;
    private long _confirmed;

    // The ping that is under way, if any: its number, that of the last one, what it confirms, and when it was written.
    private long _asked;
    private long _pings;
    private long _upTo;
    private bool _isAsking;
    private bool _isAskingService;
    private bool _isAnswered; // but not all has come back that was before
    private long _askedAt;

    /// <param name="wake">Has the writer come by although there is nothing to write.</param>
    /// <param name="delivered">Told of what has arrived, in order.</param>
    public Unconfirmed(Jid domain, TimeProvider clock, Multicast multicast, Action wake, Action<Delivery> delivered)
    {
        (_domain, _clock, _multicast, _wake, _delivered, _began) = (domain, clock, multicast, wake, delivered, clock.GetTimestamp());
        _pace = new Pace(clock, Pings);
        _timer = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    /// <summary>Writes a ping if it is time for one, behind all that was written.</summary>
    /// <param name="isAwaited">Others wait for the answer, so it is time.</param>
    public void Ask(ArrayBufferWriter<byte> output, bool isAwaited = false)
    {
        lock (_lock)
        {
            if (_isAsking && _clock.GetElapsedTime(_askedAt) >= Patience) Answered(_isAskingService ? "it does not answer" : null);
            if (_multicast.IsOver) _wake();
            if (_isAsking && _isAskingService) AskAgain(output);
            if (_isAsking || _multicast.IsOver || (_added == _confirmed && !_multicast.IsToBeAsked)) return;
            if (!isAwaited && _pace.Wait is var wait && wait > TimeSpan.Zero)
            {
                WakeIn(wait);
                return;
            }
            _pace.Count();
            var service = _multicast.Ask();
            (_isAsking, _isAskingService, _upTo, _askedAt, _asked) = (true, service is not null, _added, _clock.GetTimestamp(), _pings + 1);
            WriteQuestion(output, service);
        }
    }

    /// <summary>Whether this is the id of a ping of ours that came back.</summary>
    /// <param name="error">Why the service that was asked did not answer itself.</param>
    public bool TryConfirm(string id, string? error = null)
    {
        if (!id.StartsWith(_prefix, StringComparison.Ordinal)) return false;
        lock (_lock)
        {
            var isFirst = id == IdOf(_asked);
            if (!_isAsking || !(isFirst || (_isAskingService && IsLater(id)))) return true;
            var failure = !_isAskingService ? null : error is not null ? $"it answers {error}" : isFirst ? null : "it has lost something";
            _isAnswered = _isAskingService && failure is null && !_multicast.IsProved;
            if (!_isAnswered) Conclude(failure);
        }
        return true;
    }

    /// <summary>Something has come back from the service; that may be what a question waits for.</summary>
    public void Proved()
    {
        lock (_lock)
            if (_isAnswered && _multicast.IsProved) Conclude();
    }

    /// <summary>All that was written has arrived, unless some of it is under way by a service.</summary>
    public void ConfirmAll()
    {
        lock (_lock)
        {
            if (_multicast.IsUnderWay) return;
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
            (_weight, _confirmed, _isAsking, _isAnswered) = (0, _added, false, false);
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

    private bool IsLater(string id) =>
        long.TryParse(id.AsSpan(_prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var ping) && ping > _asked && ping <= _pings;

    private void WriteQuestion(ArrayBufferWriter<byte> output, Jid? service)
    {
        Echo.Write(_domain, IdOf(++_pings), output, service);
        // Where all wait for the answer nobody else has the writer come by.
        if (service is not null) WakeIn(Again);
    }

    private void AskAgain(ArrayBufferWriter<byte> output)
    {
        var wait = ((_pings - _asked + 1) * Again) - _clock.GetElapsedTime(_askedAt);
        if (wait <= TimeSpan.Zero) WriteQuestion(output, _multicast.Address);
        else WakeIn(wait);
    }

    // Each change wakes the timers' thread, and a busy writer comes by thousands of times while the next ping has to wait. Whoever is
    // woken sooner than he has to be asks for the rest.
    private void WakeIn(TimeSpan time)
    {
        var then = _clock.GetElapsedTime(_began) + time;
        if (_wakesAt is { } sooner && sooner <= then + Coarse) return;
        _wakesAt = then;
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        lock (_lock) _wakesAt = null;
        _wake();
    }

    private void Conclude(string? failure = null)
    {
        var isByService = _isAskingService;
        Answered(failure);
        if (_added > _confirmed || isByService || _multicast.IsToBeAsked) _wake();
    }

    private void Answered(string? failure)
    {
        _isAnswered = false;
        if (!_isAskingService || _multicast.Answered(failure)) Arrived();
        else _isAsking = false;
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
