using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// Fan-out by a multicast service (XEP-0033) on one stream: one stanza with many addresses, which the server expands. What goes
/// there waits for the service, and a copy written later would overtake it on its own way. So whoever something is under way to
/// gets no copy until the service has answered a question behind it (<see cref="Echo"/>, asked by <see cref="Unconfirmed"/>);
/// and since the service takes all that comes, no more is under way than a bound. It answers in turn, so a question that has no
/// answer when a later one has went with what the service had in hand when it was started anew.
/// </summary>
internal sealed class Multicast(ILogger log)
{
    /// <summary>For fewer a stanza to the service costs the server as much as copies.</summary>
    public const int Fewest = 3;

    /// <summary>Copies that the service may have in hand: some tens of milliseconds of its work.</summary>
    public const int MaxUnderWay = 2_000;

    /// <summary>Of the addresses of one stanza, in bytes.</summary>
    private const int MaxAddressBytes = 32 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Jid> _here = [];
    private volatile MulticastService? _service;
    private string? _failure;
    private bool _isOver;
    private bool _isLost;
    private bool _hasNews;

    // What the service could not bring, by its own word.
    private ImmutableArray<Outgoing> _returned = [];

    // Whom something went to, and the number of the question behind the last of it; and the copies before each question that has no
    // answer yet, in all, and behind the last one.
    private readonly Dictionary<Jid, long> _behind = [];
    private readonly Queue<int> _asked = new();
    private long _answers;
    private int _copies;
    private int _copiesNew;

    /// <summary>Whether stanzas have to be written by <see cref="Write"/> now.</summary>
    public bool IsThere
    {
        get { if (IsAbsent) return false; lock (_lock) return _failure is null || _copies > 0; }
    }

    /// <summary>Something is under way of which nobody knows that it was expanded.</summary>
    public bool IsUnderWay
    {
        get { if (IsAbsent) return false; lock (_lock) return _copies > 0; }
    }

    /// <summary>Something went to the service behind the last question.</summary>
    public bool IsToBeAsked
    {
        get { if (IsAbsent) return false; lock (_lock) return _copiesNew > 0; }
    }

    /// <summary>It failed, and nothing is under way any more: what it did not bring is to be sent again (<see cref="TakeLost"/>).</summary>
    public bool IsOver
    {
        get { if (IsAbsent) return false; lock (_lock) return _isOver; }
    }

    /// <summary>The service of this stream, or null.</summary>
    public Jid? Address => _service?.Address;

    /// <summary>Whether this is the service of this stream.</summary>
    public bool IsFrom(Jid? jid) => _service is { } service && jid == service.Address;

    /// <summary>From now on this service is used, until it fails or the stream ends.</summary>
    public void Use(MulticastService service)
    {
        lock (_lock) _service = service;
        log.MulticastUsed(service.Address, service.MaxAddresses, service.Host);
    }

    /// <summary>A new stream begins, without a service.</summary>
    public void StartOver()
    {
        lock (_lock)
        {
            (_service, _failure) = (null, null);
            Forget();
        }
    }

    /// <summary>
    /// The service says that it could not bring something: it is used no more on this stream. What is under way stays so until
    /// a question behind it is answered, or cannot be, and only then what came back is sent again, so that all keeps its order.
    /// </summary>
    public void Take(Stanza error)
    {
        lock (_lock)
        {
            if (Returned(error) is not { } returned) _isLost = true;
            else if (_returned.Length < MaxUnderWay) _returned = _returned.Add(returned);
            Fail($"it answers {error.ErrorCondition}");
            _isOver |= _copies == 0;
        }
    }

    /// <summary>What is to be sent again, as copies.</summary>
    /// <returns>What came back; and whether that is not all, since nobody knows what became of what was under way.</returns>
    public (ImmutableArray<Outgoing> Returned, bool IsAll) TakeLost()
    {
        lock (_lock)
        {
            var lost = (_isLost ? [] : _returned, !_isLost);
            Forget();
            return lost;
        }
    }

    /// <summary>The writer only: whether it is worth another try with what had to wait.</summary>
    public bool TakeNews()
    {
        if (IsAbsent) return false;
        lock (_lock)
        {
            var news = _hasNews;
            _hasNews = false;
            return news;
        }
    }

    /// <summary>
    /// Writes the stanza to some of these addresses, the first ones; once for all of them if it can be, or as copies.
    /// </summary>
    /// <param name="batch">Of which it is; told if it went to the service.</param>
    /// <param name="enough">Bytes in the output with which copies end.</param>
    /// <returns>To how many. None if it has to wait (<see cref="TakeNews"/>).</returns>
    public int Write(Stanza stanza, ReadOnlySpan<Jid> to, Batch batch, ArrayBufferWriter<byte> output, int enough)
    {
        lock (_lock)
        {
            if (_service is { } service && _failure is null && to.Length >= Fewest && IsForMany(stanza))
            {
                to = to[..Gather(to, service)];
                if (_here.Count >= Fewest) return WriteOnce(stanza, to, service, batch, output);
            }
            return WriteCopies(stanza, to, output, enough);
        }
    }

    /// <summary>All that went to the service is now before a question.</summary>
    /// <returns>Whom to ask.</returns>
    public Jid Ask()
    {
        lock (_lock)
        {
            _asked.Enqueue(_copiesNew);
            _copiesNew = 0;
            return _service!.Address;
        }
    }

    /// <summary>The service has answered the next question: what went there before it has been expanded.</summary>
    /// <returns>Whether all of it was brought, as far as is known.</returns>
    public bool Answered()
    {
        lock (_lock)
        {
            // What was under way may have been taken already, to be sent again.
            if (!_asked.TryDequeue(out var copies)) return false;
            _answers++;
            _copies -= copies;
            if (_copies == 0) _behind.Clear();
            _hasNews = true;
            // Some of it came back, and until that is sent again nothing may overtake it.
            _isOver |= _failure is not null && _copies == 0;
            return _failure is null;
        }
    }

    /// <summary>The next question will have no answer: nobody knows what became of what is under way.</summary>
    public void Lose(string why)
    {
        lock (_lock)
        {
            Fail(why);
            (_isLost, _isOver) = (true, true);
        }
    }

    private void Fail(string why)
    {
        if (_service is null || _failure is not null) return;
        _failure = why;
        log.MulticastFailed(_service.Address, why);
    }

    // Those without a service pay nothing for it.
    private bool IsAbsent => _service is null;

    private bool IsUnderWayTo(Jid jid) => _behind.TryGetValue(jid, out var question) && question > _answers;

    // The service takes the addresses out of what it brings, all of them, and a payload with its own would lose them. And what
    // comes back as an error has lost its type.
    private static bool IsForMany(Stanza stanza) => stanza.Type == TypeOf(stanza) && !stanza.IsError && stanza.Kind != StanzaKind.Iq && stanza.Child(Ns.Addresses) is null;

    /// <summary>What a room says to all is groupchat, or the presence of somebody who has no role any more, or of somebody who has.</summary>
    private static string? TypeOf(Stanza stanza) =>
        stanza.Kind == StanzaKind.Message ? "groupchat"
        : stanza.Child(Ns.MucUser + "x")?.Element(Ns.MucUser + "item")?.Attribute("role")?.Value == "none" ? "unavailable" : null;

    /// <summary>What an error says came back, as it was: the service gives back all of it, with the addresses.</summary>
    private static Outgoing? Returned(Stanza error)
    {
        if (error.Child(Ns.Addresses + "addresses") is not { } addresses) return null;
        var to = from address in addresses.Elements(Ns.Addresses + "address")
                 select Jid.TryParse(address.Attribute("jid")?.Value, out var jid) ? jid : null;
        var stanza = error.Without(child => child.Name == Ns.Addresses + "addresses" || child.Name == Ns.Client + "error");
        return new Outgoing(stanza with { From = error.To, To = null, Type = TypeOf(stanza) }, [.. to.OfType<Jid>()]);
    }

    /// <summary>How many of these are looked at for one stanza; those of them that the service reaches are then in <see cref="_here"/>.</summary>
    private int Gather(ReadOnlySpan<Jid> to, MulticastService service)
    {
        _here.Clear();
        var (count, bytes) = (0, 0);
        for (; count < to.Length && count < service.MaxAddresses && bytes < MaxAddressBytes; count++)
        {
            if (!to[count].IsAt(service.Host)) continue;
            bytes += to[count].Attribute.Length;
            _here.Add(to[count]);
        }
        return count;
    }

    private int WriteOnce(Stanza stanza, ReadOnlySpan<Jid> to, MulticastService service, Batch batch, ArrayBufferWriter<byte> output)
    {
        if (_copies + _here.Count > MaxUnderWay) return 0;
        StanzaWriter.WriteMulticast(stanza.Encoded, service.Address, CollectionsMarshal.AsSpan(_here), output);
        ForgetArrived();
        foreach (var jid in _here) _behind[jid] = _answers + _asked.Count + 1;
        (_copies, _copiesNew) = (_copies + _here.Count, _copiesNew + _here.Count);
        batch.IsMulticast = true;
        if (_here.Count == to.Length) return to.Length;
        foreach (var jid in to)
            if (!jid.IsAt(service.Host)) StanzaWriter.Write(stanza.Encoded, jid, output);
        return to.Length;
    }

    private int WriteCopies(Stanza stanza, ReadOnlySpan<Jid> to, ArrayBufferWriter<byte> output, int enough)
    {
        // What the service itself says has no order with what rooms say.
        var waits = stanza.From is { HasLocal: true };
        for (var i = 0; i < to.Length; i++)
        {
            if ((i > 0 && output.WrittenCount >= enough) || (waits && IsUnderWayTo(to[i]))) return i;
            StanzaWriter.Write(stanza.Encoded, to[i], output);
        }
        return to.Length;
    }

    // Where there is always something under way, to ever others.
    private void ForgetArrived()
    {
        if (_behind.Count <= 4 * MaxUnderWay) return;
        foreach (var (jid, question) in _behind)
            if (question <= _answers) _behind.Remove(jid);
    }

    private void Forget()
    {
        _asked.Clear();
        _behind.Clear();
        (_copies, _copiesNew, _isOver, _isLost, _hasNews) = (0, 0, false, false, true);
        _returned = [];
    }
}
