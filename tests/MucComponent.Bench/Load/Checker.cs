using System.Buffers.Text;
using System.Text;

namespace MucComponent.Bench.Load;

/// <summary>
/// Is what the component sends exactly what it had to send? Every copy of every message at every occupant of its room: once,
/// in order, from the right nick, with its body untouched; everybody's coming and going told to everybody who was there, once.
/// Knows of what was asked for by <see cref="Joining"/>, <see cref="Leaving"/> and <see cref="Said"/>, in the order of asking.
/// <para>
/// User <c>room × stride + occupant</c> is the occupant of that number in that room; message s is said in room <c>s mod rooms</c>.
/// </para>
/// </summary>
public sealed class Checker
{
    private enum Kind
    {
        Other,
        Message,
        Available,
        Unavailable,
    }

    private readonly Addresses _addresses;
    private readonly int _rooms, _stride, _speakers, _rowWords;
    private readonly byte[] _body;
    private readonly int[] _present;
    private readonly bool[] _isIn, _isShown;
    private readonly int[] _shown;
    private readonly int _large;
    private readonly ulong[] _sees;
    private readonly int[] _turn;
    private readonly int[] _missing;
    private readonly ulong[] _got;

    // The stanza before, to know the next copy of the same one by its bytes.
    private byte[] _last = new byte[4096];
    private int _lastLength, _lastTo, _lastToLength;
    private Kind _kind;
    private int _room, _about, _message;
    private bool _isSelf, _isCreation;

    /// <param name="stride">Occupants a room can have.</param>
    /// <param name="speakers">How many of them speak, in turn.</param>
    /// <param name="messages">How many there will be.</param>
    /// <param name="bodyBytes">The size of each body: ten digits, a space, filler.</param>
    /// <param name="large">Above how many occupants newcomers are not shown to the others; they do not speak then.</param>
    public Checker(Addresses addresses, int rooms, int stride, int speakers, int messages = 0, int bodyBytes = 100, int large = int.MaxValue)
    {
        (_addresses, _rooms, _stride, _speakers, _large) = (addresses, rooms, stride, speakers, large);
        _rowWords = (stride + 63) / 64;
        _body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("the quick brown fox jumps over a lazy dog ", 1 + (bodyBytes / 40))))[..bodyBytes];
        _body[10] = (byte)' ';
        _present = new int[rooms];
        _isIn = new bool[rooms * stride];
        _shown = new int[rooms];
        _isShown = new bool[rooms * stride];
        _sees = new ulong[(long)rooms * stride * _rowWords];
        _turn = new int[rooms * stride];
        _missing = new int[messages];
        _got = new ulong[(((long)messages * stride) + 63) / 64];
    }

    /// <summary>All stanzas that came, of whatever kind.</summary>
    public long Stanzas { get; private set; }

    /// <summary>Copies of messages, and presences of both kinds, that came and were right.</summary>
    public long Copies { get; private set; }

    public long Available { get; private set; }

    public long Unavailable { get; private set; }

    /// <summary>Messages that have reached everybody.</summary>
    public int Whole { get; private set; }

    public int SaidSoFar { get; private set; }

    public long AvailableDue { get; private set; }

    public long UnavailableDue { get; private set; }

    /// <summary>History, subjects and the room's own notices: allowed and not counted.</summary>
    public long Notices { get; private set; }

    /// <summary>What was wrong, by kind; each also says the first of it.</summary>
    public Faults Faults { get; } = new();

    /// <summary>All that is due has come.</summary>
    public bool IsComplete => Whole == SaidSoFar && Available >= AvailableDue && Unavailable >= UnavailableDue;

    /// <summary>Somebody hears that they are in; with whether they created the room.</summary>
    public Action<int, bool>? Entered { get; set; }

    /// <summary>Somebody hears that they are out.</summary>
    public Action<int>? Left { get; set; }

    /// <summary>The last copy of a message came.</summary>
    public Action<int>? Reached { get; set; }

    /// <summary>An answer came to the iq with this id.</summary>
    public StanzaHandler? Answered { get; set; }

    /// <summary>The component asks something.</summary>
    public StanzaHandler? Asked { get; set; }

    /// <summary>Looks at an iq while it lies in the buffer.</summary>
    public delegate void StanzaHandler(in ScannedStanza stanza, ReadOnlySpan<byte> to);

    public void Joining(int user)
    {
        // The newcomer is told of everybody who is shown, everybody of the newcomer if that one is, and the newcomer of itself.
        var room = user / _stride;
        var others = _present[room]++;
        _isShown[user] = others < _large;
        AvailableDue += _shown[room] + (_isShown[user] ? others : 0) + 1;
        if (_isShown[user]) _shown[room]++;
        _isIn[user] = true;
    }

    public void Leaving(int user)
    {
        var room = user / _stride;
        UnavailableDue += _isShown[user] ? _present[room] : 1;
        _present[room]--;
        if (_isShown[user]) _shown[room]--;
        _isIn[user] = false;
    }

    /// <summary>The next message is on its way, in room <c>s mod rooms</c>, from <see cref="AuthorOf"/>.</summary>
    public void Said()
    {
        _missing[SaidSoFar] = _present[SaidSoFar % _rooms];
        SaidSoFar++;
    }

    public int AuthorOf(int message) => message / _rooms % _speakers;

    public void WriteBody(StanzaBuffer output, int message)
    {
        output.AddTen(message);
        output.Add(_body.AsSpan(10));
    }

    /// <summary>Takes whole stanzas off the front.</summary>
    /// <returns>How many bytes were used; the rest must come again, with more behind it.</returns>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var rest = bytes[at..];
            if (rest[0] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                at++;
                continue;
            }
            var used = TrySame(rest);
            if (used == 0)
            {
                if (rest.StartsWith("</"u8)) throw new IOException("the component closed its stream");
                used = StanzaScanner.Scan(rest, out var stanza);
                if (used == StanzaScanner.Broken) throw new IOException($"this is no stanza: {Encoding.UTF8.GetString(rest[..Math.Min(200, rest.Length)])}");
                if (used == StanzaScanner.Incomplete) break;
                Remember(rest[..used], stanza);
                Take(stanza, rest[..used]);
            }
            Stanzas++;
            at += used;
        }
        return at;
    }

    /// <summary>At the end, and after a while in which nothing more came: whatever is still due is lost.</summary>
    public void Finish()
    {
        for (var message = 0; message < SaidSoFar; message++)
            if (_missing[message] > 0) Faults.Add(Fault.Lost, _missing[message], $"{_missing[message]} copies of message {message}");
        for (var user = 0; user < _isIn.Length; user++)
        {
            var first = user / _stride * _stride;
            for (var occupant = 0; occupant < _stride; occupant++)
                if (Sees(user, occupant) != (_isIn[user] && _isIn[first + occupant] && (_isShown[first + occupant] || user == first + occupant)))
                    Faults.Add(Fault.Lost, 1, $"user {user} has not heard that occupant {occupant} is {(Sees(user, occupant) ? "out" : "in")}");
        }
    }

    // --- the next copy of the same stanza ------------------------------------------------------------------

    /// <summary>
    /// A message to a thousand is a thousand times the same bytes but for the address. One comparison of memory says that it is
    /// the very same, which is both the strictest check there is and the cheapest.
    /// </summary>
    private int TrySame(ReadOnlySpan<byte> bytes)
    {
        if (_kind == Kind.Other || !bytes.StartsWith(_last.AsSpan(0, _lastTo))) return 0;
        var length = bytes[_lastTo..].IndexOf(_last[_lastTo - 1]);
        if (length < 0) return 0;
        var tail = _last.AsSpan((_lastTo + _lastToLength).._lastLength);
        if (!bytes[(_lastTo + length)..].StartsWith(tail)) return 0;
        Deliver(bytes.Slice(_lastTo, length), bytes);
        return _lastTo + length + tail.Length;
    }

    private void Remember(ReadOnlySpan<byte> bytes, in ScannedStanza stanza)
    {
        _kind = Kind.Other;
        if (_last.Length < bytes.Length) _last = new byte[2 * bytes.Length];
        bytes.CopyTo(_last);
        (_lastLength, _lastTo, _lastToLength) = (bytes.Length, stanza.ToStart, stanza.ToLength);
    }

    // --- what it says --------------------------------------------------------------------------------------

    private void Take(in ScannedStanza stanza, ReadOnlySpan<byte> bytes)
    {
        var to = bytes.Slice(stanza.ToStart, stanza.ToLength);
        if (stanza.Name.SequenceEqual("message"u8)) TakeMessage(stanza, to, bytes);
        else if (stanza.Name.SequenceEqual("presence"u8)) TakePresence(stanza, to, bytes);
        else if (!stanza.Name.SequenceEqual("iq"u8)) Wrong(Fault.Unexpected, "not a stanza", bytes);
        else if (stanza.Type.SequenceEqual("get"u8) || stanza.Type.SequenceEqual("set"u8)) Asked?.Invoke(stanza, to);
        else if (stanza.Type.SequenceEqual("result"u8)) Answered?.Invoke(stanza, to);
        else Wrong(Fault.Unexpected, "an error", bytes);
    }

    private void TakeMessage(in ScannedStanza stanza, ReadOnlySpan<byte> to, ReadOnlySpan<byte> bytes)
    {
        if (stanza.Type.SequenceEqual("error"u8)) Wrong(Fault.Unexpected, "an error", bytes);
        else if (stanza.IsDelayed || !stanza.HasBody) Notices++;
        else if (!_addresses.TryOccupant(stanza.From, out var room, out var occupant)) Wrong(Fault.WrongNick, "from nobody known", bytes);
        else if (occupant < 0) Notices++;
        else if (!stanza.Type.SequenceEqual("groupchat"u8) || stanza.ToStart == 0) Wrong(Fault.Unexpected, "a message nobody sent", bytes);
        else if (!TryBody(stanza.Body, out var message)) Wrong(Fault.Altered, "a body nobody wrote", bytes);
        else if (message % _rooms != room || AuthorOf(message) != occupant) Wrong(Fault.WrongNick, $"message {message} was said by another", bytes);
        else
        {
            (_kind, _room, _about, _message) = (Kind.Message, room, occupant, message);
            Deliver(to, bytes);
        }
    }

    private bool TryBody(ReadOnlySpan<byte> body, out int message)
    {
        message = 0;
        return body.Length == _body.Length && Utf8Parser.TryParse(body[..10], out message, out var digits) && digits == 10
            && message >= 0 && message < SaidSoFar && body[10..].SequenceEqual(_body.AsSpan(10));
    }

    private void TakePresence(in ScannedStanza stanza, ReadOnlySpan<byte> to, ReadOnlySpan<byte> bytes)
    {
        if (!_addresses.TryOccupant(stanza.From, out var room, out var occupant) || occupant >= _stride || room >= _rooms)
        {
            Wrong(Fault.WrongNick, "from nobody known", bytes);
        }
        else if (occupant < 0 && !stanza.Type.SequenceEqual("error"u8))
        {
            Notices++; // the room about itself (XEP-0486)
        }
        else if (stanza.ToStart == 0 || !(stanza.Type.IsEmpty || stanza.Type.SequenceEqual("unavailable"u8)))
        {
            Wrong(Fault.Unexpected, "a presence nobody is due", bytes);
        }
        else
        {
            (_kind, _room, _about, _isSelf, _isCreation) =
                (stanza.Type.IsEmpty ? Kind.Available : Kind.Unavailable, room, occupant, stanza.IsSelf, stanza.IsCreation);
            Deliver(to, bytes);
        }
    }

    // --- to whom -------------------------------------------------------------------------------------------

    private void Deliver(ReadOnlySpan<byte> to, ReadOnlySpan<byte> bytes)
    {
        if (!Addresses.TryUser(to, out var user) || user < 0 || user >= _isIn.Length || user / _stride != _room) Wrong(Fault.Misdelivered, "to nobody in this room", bytes);
        else if (_kind == Kind.Message) Message(user, bytes);
        else if (_isSelf != (user % _stride == _about)) Wrong(Fault.Unexpected, "status 110 is for oneself", bytes);
        else if (_kind == Kind.Available) Come(user, bytes);
        else Go(user, bytes);
    }

    private void Message(int user, ReadOnlySpan<byte> bytes)
    {
        var bit = ((long)_message * _stride) + (user % _stride);
        var mask = 1UL << (int)(bit & 63);
        if ((_got[bit >> 6] & mask) != 0)
        {
            Wrong(Fault.Doubled, $"message {_message} again to user {user}", bytes);
            return;
        }
        _got[bit >> 6] |= mask;
        var turn = _message / _rooms;
        if (turn != _turn[user]) Wrong(Fault.Disordered, $"message {_message} to user {user} is the room's number {turn}, and number {_turn[user]} was next", bytes);
        _turn[user] = turn + 1;
        Copies++;
        if (--_missing[_message] > 0) return;
        Whole++;
        Reached?.Invoke(_message);
    }

    private void Come(int user, ReadOnlySpan<byte> bytes)
    {
        if (Sees(user, _about))
        {
            Wrong(Fault.Doubled, $"occupant {_about} again to user {user}", bytes);
            return;
        }
        _sees[Word(user, _about)] |= Mask(_about);
        Available++;
        if (user % _stride == _about) Entered?.Invoke(user, _isCreation);
    }

    private void Go(int user, ReadOnlySpan<byte> bytes)
    {
        if (!Sees(user, _about))
        {
            Wrong(Fault.Doubled, $"occupant {_about} is not there for user {user}", bytes);
            return;
        }
        _sees[Word(user, _about)] &= ~Mask(_about);
        Unavailable++;
        if (user % _stride != _about) return;
        // Who is out sees nobody.
        _sees.AsSpan((int)Word(user, 0), _rowWords).Clear();
        Left?.Invoke(user);
    }

    private bool Sees(int user, int occupant) => (_sees[Word(user, occupant)] & Mask(occupant)) != 0;

    private long Word(int user, int occupant) => ((long)user * _rowWords) + (occupant >> 6);

    private static ulong Mask(int occupant) => 1UL << (occupant & 63);

    private void Wrong(Fault fault, string why, ReadOnlySpan<byte> bytes) =>
        Faults.Add(fault, 1, Faults.Any ? "" : $"{why}: {Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 400)])}");
}
