using System.Diagnostics;
using System.Text;
using MucComponent.Xmpp;

namespace MucComponent.Bench.Load;

/// <summary>What users do in one workload: makes its rooms, fills them, and does what is measured.</summary>
public sealed class Driver
{
    private const int Owners = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(150);

    private readonly ServerStream _stream;
    private readonly Workload _work;
    private readonly Addresses _addresses;
    private readonly byte[] _form;
    private readonly int _rooms, _speakers, _stride, _messages;
    private readonly long[] _since;
    private readonly long[] _samples;
    private readonly Stay[] _stays;
    private readonly long _ticksApart;
    private int _sampled, _next, _pending, _ready, _window, _finished, _begun;
    private bool _isCreating, _isChurning;
    private long _start;

    /// <param name="config">What the owner sets in each room.</param>
    /// <param name="number">Different for each workload on one stream.</param>
    public Driver(ServerStream stream, Workload work, string domain, IEnumerable<(string Var, string Value)> config, int number)
    {
        var large = work.Sizes.TryGetValue("large", out var from) ? (int)from : 0;
        (_stream, _work, _form) = (stream, work, Form([.. config, .. large > 0 ? [("muc#roomconfig_largeroom", $"{large}")] : Array.Empty<(string, string)>()]));
        _addresses = new Addresses(domain, number);
        (_rooms, _speakers, _messages) = work.Kind switch
        {
            "join" or "rest" => (work["r"], work["n"], 0),
            "fanout" => (1, work["n"], work["m"]),
            "rooms" => (work["r"], work["n"], work["m"]),
            "latency" => (1, work["n"], (int)(work.Sizes["rate"] * work.Sizes["secs"])),
            "churn" => (1, work["n"], 0),
            _ => (0, 1, 0),
        };
        _stride = _speakers + (work.Kind == "churn" ? work["u"] : 0);
        if (work.Kind == "latency") _ticksApart = (long)(Stopwatch.Frequency / work.Sizes["rate"]);
        _stays = new Stay[_stride - _speakers];
        _since = new long[Math.Max(_messages, _rooms * _stride)];
        _samples = new long[Math.Max(_messages, (2 * (work.Kind == "churn" ? work["cycles"] : 0)) + (_rooms * _stride))];
        Checker = new Checker(_addresses, _rooms, _stride, _speakers, _messages, work.Sizes.TryGetValue("body", out var body) ? Math.Max(12, (int)body) : 100, large > 0 ? large : int.MaxValue)
        {
            Entered = Entered,
            Left = Gone,
            Reached = message => Sample(_since[message]),
            Answered = Answered,
            Asked = Answer,
        };
    }

    public Checker Checker { get; }

    /// <summary>Stanzas sent to the component.</summary>
    public long Sent { get; private set; }

    /// <summary>How long each message took to its last copy, or each join and leave to its author, in order of size.</summary>
    public ReadOnlySpan<long> Latencies
    {
        get
        {
            Array.Sort(_samples, 0, _sampled);
            return _samples.AsSpan(0, _sampled);
        }
    }

    /// <summary>All that is not measured: rooms made, and filled unless filling is the work.</summary>
    public string? Prepare()
    {
        if (_rooms == 0) return null;
        var why = _work.Kind == "rest" ? null : Create();
        if (why is null && _work.Kind is not ("join" or "rest")) why = Fill(_speakers > 200 ? 8 : 64);
        if (why is null) _stream.Listen(Checker, Grace);
        _sampled = 0;
        return why;
    }

    /// <summary>What is measured.</summary>
    public string? Measure()
    {
        switch (_work.Kind)
        {
            case "join":
                return Fill(_work["w"]);
            case "rest":
                return Create() ?? Fill(_work["w"]);
            case "churn":
                (_isChurning, _next) = (true, 0);
                return Run(Churn, () => _finished == _work["cycles"] && Checker.IsComplete);
            case "latency":
                _start = Stopwatch.GetTimestamp();
                return Run(SpeakInTime, () => Checker.Whole == _messages);
            case "idle":
                _stream.Listen(Checker, TimeSpan.FromSeconds(_work.Sizes["secs"]));
                return null;
            default:
                _window = _work["w"];
                return Run(Speak, () => Checker.Whole == _messages);
        }
    }

    /// <summary>Waits for what should not come, and sees what never came.</summary>
    public void Finish()
    {
        _stream.Listen(Checker, Grace);
        Checker.Finish();
    }

    // An empty one opens a room as it is (XEP-0045 §10.1.2).
    private static byte[] Form((string Var, string Value)[] config)
    {
        var fields = string.Concat(config.Select(c => $"<field var='{XmlText.Escape(c.Var)}'><value>{XmlText.Escape(c.Value)}</value></field>"));
        var type = "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>";
        return Encoding.UTF8.GetBytes($"<x xmlns='jabber:x:data' type='submit'>{(config.Length == 0 ? "" : type)}{fields}</x>");
    }

    private string? Run(Func<long> produce, Func<bool> done) => _stream.Run(Checker.Read, produce, done, Patience);

    // --- rooms and who is in them ----------------------------------------------------------------------------

    private string? Create()
    {
        (_isCreating, _next, _pending, _ready) = (true, 0, 0, 0);
        var why = Run(CreateMore, () => _ready == _rooms && Checker.IsComplete);
        _isCreating = false;
        return why is null ? null : $"making rooms: {why}";
    }

    private long CreateMore()
    {
        for (; _next < _rooms && _next - _ready < Owners; _next++) Join(_next * _stride);
        return 0;
    }

    private string? Fill(int window)
    {
        (_next, _pending, _window) = (0, 0, window);
        return Run(FillMore, () => _next == _rooms * (_speakers - 1) && _pending == 0 && Checker.IsComplete);
    }

    // Joins are of one room after the other; otherwise all rooms grow together.
    private long FillMore()
    {
        for (; _next < _rooms * (_speakers - 1) && _pending < _window; _next++)
        {
            _pending++;
            Join(_work.Kind == "join"
                ? (_next / (_speakers - 1) * _stride) + 1 + (_next % (_speakers - 1))
                : (_next % _rooms * _stride) + 1 + (_next / _rooms));
        }
        return 0;
    }

    private void Entered(int user, bool created)
    {
        Sample(_since[user]);
        if (_isCreating && created) Unlock(user / _stride);
        else if (_isCreating) _ready++;
        else if (!_isChurning) _pending--;
        else _stays[user - _speakers] = Stay.In;
    }

    private void Answered(in ScannedStanza stanza, ReadOnlySpan<byte> to)
    {
        if (stanza.Id.StartsWith("open"u8)) _ready++;
    }

    // --- in and out --------------------------------------------------------------------------------------------

    private enum Stay : byte
    {
        Out,
        OnTheWay,
        In,
    }

    private long Churn()
    {
        for (var i = 0; i < _stride - _speakers; i++)
        {
            if (_stays[i] == Stay.OnTheWay || (_stays[i] == Stay.Out && _begun == _work["cycles"])) continue;
            if (_stays[i] == Stay.In)
            {
                Leave(_speakers + i);
            }
            else
            {
                _begun++;
                Join(_speakers + i);
            }
            _stays[i] = Stay.OnTheWay;
        }
        return 0;
    }

    private void Gone(int user)
    {
        Sample(_since[user]);
        if (!_isChurning) return;
        _stays[user - _speakers] = Stay.Out;
        _finished++;
    }

    // --- what is said ------------------------------------------------------------------------------------------

    private long Speak()
    {
        if (Checker.SaidSoFar - Checker.Whole >= _window) return 0;
        var now = Stopwatch.GetTimestamp();
        while (Checker.SaidSoFar < _messages && Checker.SaidSoFar - Checker.Whole < _window) Say(now);
        return 0;
    }

    /// <summary>At a fixed rate, whatever comes back. A message that is late already counts from when it should have been sent.</summary>
    private long SpeakInTime()
    {
        var now = Stopwatch.GetTimestamp();
        while (Checker.SaidSoFar < _messages)
        {
            var due = _start + (Checker.SaidSoFar * _ticksApart);
            if (due > now) return due;
            Say(due);
        }
        return 0;
    }

    private void Say(long at)
    {
        var message = Checker.SaidSoFar;
        var (room, author) = (message % _rooms, Checker.AuthorOf(message));
        _since[message] = at;
        var output = _stream.Out;
        output.Add("<message type='groupchat' id='m"u8);
        output.Add(message);
        Address(output, (room * _stride) + author);
        _addresses.WriteRoom(output, room);
        output.Add("'><body>"u8);
        Checker.WriteBody(output, message);
        output.Add("</body></message>"u8);
        Checker.Said();
        Sent++;
    }

    private void Join(int user)
    {
        _since[user] = Stopwatch.GetTimestamp();
        var output = _stream.Out;
        output.Add("<presence id='p"u8);
        output.Add(user);
        Address(output, user);
        _addresses.WriteOccupant(output, user / _stride, user % _stride);
        output.Add("'><x xmlns='http://jabber.org/protocol/muc'/></presence>"u8);
        Checker.Joining(user);
        Sent++;
    }

    private void Leave(int user)
    {
        _since[user] = Stopwatch.GetTimestamp();
        var output = _stream.Out;
        output.Add("<presence type='unavailable' id='p"u8);
        output.Add(user);
        Address(output, user);
        _addresses.WriteOccupant(output, user / _stride, user % _stride);
        output.Add("'/>"u8);
        Checker.Leaving(user);
        Sent++;
    }

    private void Unlock(int room)
    {
        var output = _stream.Out;
        output.Add("<iq type='set' id='open"u8);
        output.Add(room);
        Address(output, room * _stride);
        _addresses.WriteRoom(output, room);
        output.Add("'><query xmlns='http://jabber.org/protocol/muc#owner'>"u8);
        output.Add(_form);
        output.Add("</query></iq>"u8);
        Sent++;
    }

    private static void Address(StanzaBuffer output, int from)
    {
        output.Add("' from='"u8);
        Addresses.WriteUser(output, from);
        output.Add("' to='"u8);
    }

    // Users answer pings, and nobody answers anything else.
    private void Answer(in ScannedStanza stanza, ReadOnlySpan<byte> to)
    {
        var isPing = stanza.Child.SequenceEqual("ping"u8);
        var output = _stream.Out;
        output.Add("<iq type='"u8);
        output.Add(isPing ? "result"u8 : "error"u8);
        output.Add("' id='"u8);
        output.Add(stanza.Id);
        output.Add("' from='"u8);
        output.Add(to);
        output.Add("' to='"u8);
        output.Add(stanza.From);
        output.Add(isPing ? "'/>"u8 : "'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"u8);
        Sent++;
    }

    private void Sample(long since)
    {
        if (_sampled < _samples.Length) _samples[_sampled++] = _stream.ReceivedAt - since;
    }
}
