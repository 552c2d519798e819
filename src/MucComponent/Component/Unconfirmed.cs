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
/// <remarks>
/// A service that is started anew loses what comes in these milliseconds, without a word. So right behind each stanza for it goes a
/// question, to be lost with it; were it written later, the new one would answer for what the old one never brought.
/// </remarks>
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

    // The ping that is under way, if any, and the questions to the service, which answers in turn.
    private readonly Queue<Question> _questions = new();
    private Question? _ping;
    private long _asked;
    private long _serviceAskedAt;

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
    public void Ask(ArrayBufferWriter<byte> output)
    {
        lock (_lock)
        {
            if (_ping is { } ping && IsOlder(ping.At, Patience)) Arrived(ping);
            if (_questions.TryPeek(out var next) && IsOlder(next.At, Patience)) Lose("it does not answer");
            if (_multicast.IsOver) _wake();
            else if (_questions.Count > 0) AskAgain(output);
            else if (_ping is null && _added > _confirmed) Ping(output);
        }
    }

    /// <summary>Asks the service, right behind the stanza that went there.</summary>
    public void AskService(ArrayBufferWriter<byte> output)
    {
        lock (_lock)
        {
            var question = NextQuestion();
            _questions.Enqueue(question);
            _serviceAskedAt = question.At;
            Echo.Write(_domain, IdOf(question), output, _multicast.Ask());
            // Where all wait for the answer nobody else has the writer come by.
            WakeIn(Again);
        }
    }

    /// <summary>Whether this is the id of a ping of ours that came back.</summary>
    /// <param name="error">Why the service that was asked did not answer itself.</param>
    public bool TryConfirm(string id, string? error = null)
    {
        if (!id.StartsWith(_prefix, StringComparison.Ordinal)) return false;
        lock (_lock)
        {
            var isPing = _ping is { } ping && id == IdOf(ping);
            if (isPing) Arrived(_ping!.Value);
            // Somebody may wait for what is behind it.
            if (isPing ? _added > _confirmed : TryAnswer(id, error)) _wake();
        }
        return true;
    }

    /// <summary>All that was written has arrived, unless some of it is under way by a service.</summary>
    public void ConfirmAll()
    {
        lock (_lock)
        {
            if (_multicast.IsUnderWay) return;
            Arrived(NextQuestion());
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
            _questions.Clear();
            (_weight, _confirmed, _ping) = (0, _added, null);
            return batches;
        }
    }

    public void Dispose() => _timer.Dispose();

    private string IdOf(Question question) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{question.Number}");

    private Question NextQuestion() => new(++_asked, _added, _clock.GetTimestamp());

    private bool IsOlder(long at, TimeSpan age) => _clock.GetElapsedTime(at) >= age;

    private void Forget((long Number, Batch Batch) old)
    {
        _weight -= old.Batch.Weight;
        if (old.Batch.Delivery is { } delivery) _forgotten.Enqueue((old.Number, delivery));
    }

    private void Ping(ArrayBufferWriter<byte> output)
    {
        if (_pace.Wait is var wait && wait > TimeSpan.Zero)
        {
            WakeIn(wait);
            return;
        }
        _pace.Count();
        _ping = NextQuestion();
        Echo.Write(_domain, IdOf(_ping.Value), output);
    }

    private void AskAgain(ArrayBufferWriter<byte> output)
    {
        var wait = Again - _clock.GetElapsedTime(_serviceAskedAt);
        if (wait <= TimeSpan.Zero) AskService(output);
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

    /// <summary>An answer to what the service was asked; to the next question, or it has lost something.</summary>
    private bool TryAnswer(string id, string? error)
    {
        if (!_questions.TryPeek(out var next) || !long.TryParse(id.AsSpan(_prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (number < next.Number || number > _asked) return false;
        if (error is not null) Lose($"it answers {error}");
        else if (number > next.Number) Lose("it has lost a question");
        else
        {
            _questions.Dequeue();
            if (_multicast.Answered()) Arrived(next);
        }
        return true;
    }

    private void Lose(string why)
    {
        _questions.Clear();
        _multicast.Lose(why);
    }

    private void Arrived(Question question)
    {
        if (_ping?.Number <= question.Number) _ping = null;
        _confirmed = Math.Max(_confirmed, question.UpTo);
        while (_forgotten.TryPeek(out var next) && next.Number <= _confirmed) _delivered(_forgotten.Dequeue().Delivery);
        while (_batches.TryPeek(out var next) && next.Number <= _confirmed)
        {
            _weight -= next.Batch.Weight;
            if (_batches.Dequeue().Batch.Delivery is { } delivery) _delivered(delivery);
        }
    }

    /// <param name="Number">Counted over all of them, and in its id.</param>
    /// <param name="UpTo">The last batch before it.</param>
    /// <param name="At">When it was written.</param>
    private readonly record struct Question(long Number, long UpTo, long At);
}
