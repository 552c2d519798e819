using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// Fan-out by a multicast service (XEP-0033) on one stream: one stanza with many addresses, which the server expands. What goes
/// there waits for the service, and a copy written later would overtake it on its own way. So whoever something is under way to
/// gets no copy until the service has answered a question behind it (<see cref="Echo"/>, asked by <see cref="Unconfirmed"/>);
/// and since the service takes all that comes, no more is under way than a bound.
/// </summary>
/// <remarks>
/// A service that is started anew loses what comes in its last milliseconds without a word, and the new one answers for it. So each
/// stanza goes to an address of ours too, and was brought only if it has come back there.
/// </remarks>
internal sealed class Multicast(Jid domain, ILogger log)
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

    // To whom something is under way: before the question that was asked, and behind it. A copy each, also of many to the same.
    private HashSet<Jid> _asked = [];
    private HashSet<Jid> _new = [];
    private int _copiesAsked;
    private int _copiesNew;

    // Where it has to come back to us: another address for each stanza, on all streams, since one may come back on a later stream.
    private readonly string _mine = $"proof-{Guid.NewGuid():N}-";
    private readonly HashSet<Jid> _missing = [];
    private readonly HashSet<Jid> _missingNew = [];
    private long _stanzas;

    /// <summary>Whether stanzas have to be written by <see cref="Write"/> now.</summary>
    public bool IsThere
    {
        get { if (IsAbsent) return false; lock (_lock) return _failure is null || _copiesAsked + _copiesNew > 0; }
    }

    /// <summary>Something is under way of which nobody knows that it was expanded.</summary>
    public bool IsUnderWay
    {
        get { if (IsAbsent) return false; lock (_lock) return _copiesAsked + _copiesNew > 0; }
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

    /// <summary>It failed, and what is under way has to come to its end before anything is sent again.</summary>
    public bool IsEnding
    {
        get { if (IsAbsent) return false; lock (_lock) return _failure is not null && _copiesAsked + _copiesNew > 0; }
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

    /// <summary>All that went there before the question has come back.</summary>
    public bool IsProved
    {
        get { lock (_lock) return _missing.Count == 0; }
    }

    /// <summary>Whether this is an address of ours to which the service brings what it brings to others.</summary>
    public bool IsProof(Jid jid) => _stanzas > 0 && jid.IsAt(domain) && jid.ToString().StartsWith(_mine, StringComparison.Ordinal);

    /// <summary>What went there also to this address was brought.</summary>
    public void Prove(Jid proof)
    {
        lock (_lock)
            if (!_missing.Remove(proof)) _missingNew.Remove(proof);
    }

    /// <summary>
    /// The service says that it could not bring something: it is used no more on this stream. What is under way stays so until
    /// a question behind it is answered, or cannot be, and only then what came back is sent again, so that all keeps its order.
    /// </summary>
    public void Take(Stanza error)
    {
        lock (_lock)
        {
            if (AddressesIn(error) is not { } to) _isLost = true;
            else
            {
                foreach (var proof in to.Where(IsProof)) Prove(proof);
                if (_returned.Length < MaxUnderWay) _returned = _returned.Add(new Outgoing(Returned(error), to.RemoveAll(IsProof)));
            }
            Fail($"it answers {error.ErrorCondition}");
            _isOver |= _copiesAsked + _copiesNew == 0;
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

    /// <summary>Moves what is new behind those asked for.</summary>
    /// <returns>Whom to ask, or null if nothing new is under way.</returns>
    public Jid? Ask()
    {
        lock (_lock)
        {
            if (_copiesNew == 0) return null;
            if (_asked.Count == 0) (_asked, _new) = (_new, _asked);
            else _asked.UnionWith(_new);
            _new.Clear();
            _missing.UnionWith(_missingNew);
            _missingNew.Clear();
            (_copiesAsked, _copiesNew) = (_copiesAsked + _copiesNew, 0);
            return _service?.Address;
        }
    }

    /// <summary>The question was answered by the service, or it is clear that it will not be.</summary>
    /// <param name="failure">Why it will not be, or null.</param>
    /// <returns>Whether all that was before the question has been expanded.</returns>
    public bool Answered(string? failure)
    {
        lock (_lock)
        {
            if (failure is not null) Fail(failure);
            if (_failure is null)
            {
                _asked.Clear();
                _copiesAsked = 0;
                _hasNews = true;
                return true;
            }
            // Some of it came back or is gone, and until that is sent again nothing may overtake it.
            _isLost |= failure is not null;
            _isOver |= _isLost || _copiesNew == 0;
            return false;
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

    private bool IsUnderWayTo(Jid jid) => _asked.Contains(jid) || _new.Contains(jid);

    // The service takes the addresses out of what it brings, all of them, and a payload with its own would lose them. And what
    // comes back as an error has lost its type.
    private static bool IsForMany(Stanza stanza) => stanza.Type == TypeOf(stanza) && !stanza.IsError && stanza.Kind != StanzaKind.Iq && stanza.Child(Ns.Addresses) is null;

    /// <summary>What a room says to all is groupchat, or the presence of somebody who has no role any more, or of somebody who has.</summary>
    private static string? TypeOf(Stanza stanza) =>
        stanza.Kind == StanzaKind.Message ? "groupchat"
        : stanza.Child(Ns.MucUser + "x")?.Element(Ns.MucUser + "item")?.Attribute("role")?.Value == "none" ? "unavailable" : null;

    /// <summary>To whom it was to be brought what an error says came back, or null if it does not say.</summary>
    private static ImmutableArray<Jid>? AddressesIn(Stanza error)
    {
        if (error.Child(Ns.Addresses + "addresses") is not { } addresses) return null;
        var to = from address in addresses.Elements(Ns.Addresses + "address")
                 select Jid.TryParse(address.Attribute("jid")?.Value, out var jid) ? jid : null;
        return [.. to.OfType<Jid>()];
    }

    /// <summary>What an error says came back, as it was: the service gives back all of it.</summary>
    private static Stanza Returned(Stanza error)
    {
        var stanza = error.Without(child => child.Name == Ns.Addresses + "addresses" || child.Name == Ns.Client + "error");
        return stanza with { From = error.To, To = null, Type = TypeOf(stanza) };
    }

    private Jid NextProof() => Jid.Parse(string.Create(CultureInfo.InvariantCulture, $"{_mine}{++_stanzas}@{domain}"));

    /// <summary>How many of these are looked at for one stanza; those of them that the service reaches are then in <see cref="_here"/>.</summary>
    private int Gather(ReadOnlySpan<Jid> to, MulticastService service)
    {
        _here.Clear();
        var (count, bytes) = (0, 0);
        for (; count < to.Length && count < service.MaxAddresses - 1 && bytes < MaxAddressBytes; count++)
        {
            if (!to[count].IsAt(service.Host)) continue;
            bytes += to[count].Attribute.Length;
            _here.Add(to[count]);
        }
        return count;
    }

    private int WriteOnce(Stanza stanza, ReadOnlySpan<Jid> to, MulticastService service, Batch batch, ArrayBufferWriter<byte> output)
    {
        if (_copiesAsked + _copiesNew + _here.Count > MaxUnderWay) return 0;
        foreach (var jid in _here) _new.Add(jid);
        _copiesNew += _here.Count;
        var isToAll = _here.Count == to.Length;
        _here.Add(NextProof());
        _missingNew.Add(_here[^1]);
        StanzaWriter.WriteMulticast(stanza.Encoded, service.Address, CollectionsMarshal.AsSpan(_here), output);
        batch.IsMulticast = true;
        if (isToAll) return to.Length;
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

    private void Forget()
    {
        _asked.Clear();
        _new.Clear();
        _missing.Clear();
        _missingNew.Clear();
        (_copiesAsked, _copiesNew, _isOver, _isLost, _hasNews) = (0, 0, false, false, true);
        _returned = [];
    }
}
