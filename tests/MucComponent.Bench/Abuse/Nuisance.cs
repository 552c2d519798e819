using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using MucComponent.Bench.Load;
using MucComponent.Bench.Subject;

namespace MucComponent.Bench.Abuse;

/// <summary>
/// Plays one flood, and measures what people notice who have nothing to do with it: one talks in a room of its own, one in a
/// room that is flooded. Their messages are sent at a fixed rate, and count from when they should have been sent until their
/// authors hear them. They take turns, so that each keeps far below any limit.
/// </summary>
internal sealed class Nuisance
{
    private const int CalmOccupants = 50;
    private const int ProbesPerSecond = 20;

    /// <summary>Of each kind.</summary>
    private const int Innocents = 5;

    private const string Domain = Candidate.Domain;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ServerStream _stream;
    private readonly Flood _flood;
    private readonly Func<long> _resident;
    private readonly List<(long Sent, long Heard)> _elsewhere = [], _sameRoom = [];
    private readonly byte[][] _calmAuthors, _innocents;
    private long _stanzas, _refusals, _entered, _opened, _most;

    public Nuisance(ServerStream stream, Flood flood, Func<long> resident)
    {
        (_stream, _flood, _resident) = (stream, flood, resident);
        _calmAuthors = Authors("calm", 1);
        _innocents = Authors("room", flood.Occupants);
    }

    public Harm Play(string settings, TimeSpan calm, TimeSpan flooded)
    {
        var harm = new Harm(_flood, settings);
        if (Fill("calm", 1, CalmOccupants) is { } why || (why = Fill("room", _flood.Rooms, _flood.Occupants + Innocents)) is not null) return harm with { Why = why };

        var resident = _most = _resident();
        if (Talk(calm, 0) is { } stuck) return harm with { Why = stuck };
        var (before, beforeSame) = (Take(_elsewhere), Take(_sameRoom));
        var (out0, refused0) = (_stanzas, _refusals);
        var start = Stopwatch.GetTimestamp();
        _said = 0;
        stuck = Talk(flooded, _flood.Rate);
        return harm with
        {
            Why = stuck, ElsewhereBefore = before, SameRoomBefore = beforeSame, Elsewhere = Take(_elsewhere), SameRoom = Take(_sameRoom),
            In = _said, Out = _stanzas - out0, Refusals = _refusals - refused0, ResidentBefore = resident, ResidentMost = _most,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
    }

    // ---- what they do -------------------------------------------------------------------------------------------------

    private long _said;

    /// <summary>The innocent talk, and the others flood if there is a rate for it; then a while for what is under way.</summary>
    private string? Talk(TimeSpan time, int rate)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var (probe, looked) = (0, start);
        string? failed = null;
        _stream.Run(Read, Produce, () => Stopwatch.GetTimestamp() >= end, Patience);
        var all = Stopwatch.GetTimestamp();
        failed = _stream.Run(
            Read, () => Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100),
            () => (AreAllHeard(_elsewhere) && AreAllHeard(_sameRoom)) || Stopwatch.GetElapsedTime(all).TotalSeconds > 15, Patience);
        return failed;

        long Produce()
        {
            var now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(looked, now).TotalSeconds > 0.5) (looked, _most) = (now, Math.Max(_most, _resident()));
            var due = start + (probe * Stopwatch.Frequency / ProbesPerSecond);
            if (due <= now)
            {
                probe++;
                Probe(_elsewhere, "calm", _calmAuthors, 'c', due);
                Probe(_sameRoom, "room", _innocents, 's', due);
            }
            if (rate == 0) return due;
            var should = (long)(Stopwatch.GetElapsedTime(start, now).TotalSeconds * rate);
            // What could not be said in time is not made up for all at once.
            for (var i = 0; i < 200 && _said < should; i++) Say();
            return now + (Stopwatch.Frequency / 1000);
        }
    }

    private void Say()
    {
        var (room, flooder) = ((int)(_said % _flood.Rooms), _flood.Flooders == 0 ? 0 : 1 + (int)(_said / _flood.Rooms % _flood.Flooders));
        Write($"<message type='groupchat' id='f' from='{(flooder == 0 ? "stranger@localhost/r" : User("room", room, flooder))}' to='room{room}@{Domain}'><body>Double, double toil and trouble; Fire burn and caldron bubble.</body></message>");
        _said++;
    }

    private void Probe(List<(long, long)> probes, string room, byte[][] authors, char mark, long due)
    {
        Write($"<message type='groupchat' id='{mark}{probes.Count}' from='{Encoding.UTF8.GetString(authors[probes.Count % Innocents])}' to='{room}0@{Domain}'><body>Is all well?</body></message>");
        probes.Add((due, 0));
    }

    // One person is in all the flooded rooms, and everybody else in one.
    private string User(string room, int number, int occupant) =>
        occupant == 1 && _flood.Rooms > 1 && room == "room" ? "nuisance@localhost/r" : $"{room}{number}n{occupant}@localhost/r";

    private byte[][] Authors(string room, int first) =>
        [.. Enumerable.Range(first, Innocents).Select(occupant => Encoding.UTF8.GetBytes(User(room, 0, occupant)))];

    private string? Fill(string name, int rooms, int occupants)
    {
        (_entered, _opened) = (0, 0);
        var (next, opening) = (0, 0);
        var total = rooms * occupants;
        return _stream.Run(Read, Produce, () => _entered >= total && _opened >= rooms, Patience);

        long Produce()
        {
            // The owner first, who opens the room; then the rest, some at a time.
            for (; opening < rooms && opening - _opened < 100; opening++)
            {
                Join(opening, 0);
                Write($"<iq type='set' id='open' from='{User(name, opening, 0)}' to='{name}{opening}@{Domain}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>");
            }
            for (; _opened == rooms && next < total - rooms && next - (_entered - rooms) < 16; next++) Join(next % rooms, 1 + (next / rooms));
            return 0;
        }

        void Join(int room, int occupant) =>
            Write($"<presence from='{User(name, room, occupant)}' to='{name}{room}@{Domain}/n{occupant}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
    }

    private void Write(string xml)
    {
        Span<byte> bytes = stackalloc byte[1024];
        _stream.Out.Add(bytes[..Encoding.UTF8.GetBytes(xml, bytes)]);
    }

    // ---- what they hear -----------------------------------------------------------------------------------------------

    private int Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var used = StanzaScanner.Scan(bytes[at..], out var stanza);
            if (used == StanzaScanner.Incomplete) break;
            if (used == StanzaScanner.Broken) throw new IOException($"this is no stanza: {Encoding.UTF8.GetString(bytes.Slice(at, Math.Min(200, bytes.Length - at)))}");
            Hear(stanza, bytes.Slice(at, used));
            at += used;
        }
        return at;
    }

    private void Hear(in ScannedStanza stanza, ReadOnlySpan<byte> bytes)
    {
        var to = bytes.Slice(stanza.ToStart, stanza.ToLength);
        if (stanza.Name.SequenceEqual("iq"u8) && stanza.Type.SequenceEqual("get"u8))
        {
            // Its ping to itself comes back to it, as from any server.
            Write($"<iq type='result' id='{Encoding.UTF8.GetString(stanza.Id)}' from='{Encoding.UTF8.GetString(to)}' to='{Encoding.UTF8.GetString(stanza.From)}'/>");
            return;
        }
        _stanzas++;
        if (stanza.Type.SequenceEqual("error"u8)) _refusals++;
        else if (stanza.Name.SequenceEqual("iq"u8)) _opened++;
        else if (stanza.Name.SequenceEqual("presence"u8) && stanza.IsSelf) _entered++;
        else if (stanza.Id.Length > 1 && stanza.Id[0] == 'c') Heard(_elsewhere, _calmAuthors, stanza.Id, to);
        else if (stanza.Id.Length > 1 && stanza.Id[0] == 's') Heard(_sameRoom, _innocents, stanza.Id, to);
    }

    private void Heard(List<(long Sent, long Heard)> probes, byte[][] authors, ReadOnlySpan<byte> id, ReadOnlySpan<byte> to)
    {
        if (Utf8Parser.TryParse(id[1..], out int probe, out _) && probe < probes.Count && probes[probe].Heard == 0 && to.SequenceEqual(authors[probe % Innocents])) probes[probe] = (probes[probe].Sent, _stream.ReceivedAt);
    }

    private static bool AreAllHeard(List<(long Sent, long Heard)> probes) => probes.TrueForAll(p => p.Heard > 0);

    private static Latencies Take(List<(long Sent, long Heard)> probes)
    {
        List<double> ms = [.. probes.Where(p => p.Heard > 0).Select(p => (p.Heard - p.Sent) * 1000.0 / Stopwatch.Frequency).Order()];
        var taken = ms.Count == 0 ? new Latencies(0, 0, 0, probes.Count) : new Latencies(ms[ms.Count / 2], ms[ms.Count * 99 / 100], ms[^1], probes.Count - ms.Count);
        probes.Clear();
        return taken;
    }
}
