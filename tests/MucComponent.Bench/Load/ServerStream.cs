using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MucComponent.Conversations;

namespace MucComponent.Bench.Load;

/// <summary>
/// The server's side of XEP-0114 towards one component: one thread, one socket, two buffers. What arrives is checked where it
/// lies. It only ever waits when there is nothing to read, nothing to write and nothing to say.
/// </summary>
public sealed class ServerStream : IDisposable
{
    private const int SendAhead = 256 * 1024;

    /// <summary>When nothing has come for so long, nothing will.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(20);

    private readonly string _domain, _secret;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Socket? _socket;
    private byte[] _in = new byte[1024 * 1024];
    private int _from, _to;

    /// <summary>What is to be sent.</summary>
    public StanzaBuffer Out { get; } = new(1024 * 1024);

    public ServerStream(string domain, string secret)
    {
        (_domain, _secret) = (domain, secret);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>When the bytes that are being looked at were received (<see cref="Stopwatch"/> ticks).</summary>
    public long ReceivedAt { get; private set; }

    /// <summary>Waits for the component and shakes hands with it.</summary>
    /// <exception cref="IOException">It did not come, or could not prove that it knows the secret.</exception>
    public void Accept(TimeSpan patience)
    {
        using (var late = new CancellationTokenSource(patience))
        {
            try
            {
                _socket = _listener.AcceptSocketAsync(late.Token).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                throw new IOException($"no component came within {patience.TotalSeconds:0} s");
            }
        }
        _socket.NoDelay = true;
        var opening = Receive("<stream:stream", ">");
        if (!opening.Contains(_domain, StringComparison.Ordinal)) throw new IOException($"the component wants to be another: {opening}");
        const string Id = "bench-1";
        Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='{_domain}' id='{Id}'>");
        var proof = Receive("<handshake", "</handshake>");
        if (!proof.Contains(Handshake.Proof(Id, _secret), StringComparison.OrdinalIgnoreCase)) throw new IOException($"wrong handshake: {proof}");
        Send("<handshake/>");
        _socket.Blocking = false;
    }

    /// <summary>Looks at what has come, and says how many bytes of it were whole stanzas.</summary>
    public delegate int Reader(ReadOnlySpan<byte> bytes);

    /// <summary>Talks until <paramref name="done"/>.</summary>
    /// <param name="produce">Adds to <see cref="Out"/>; says when it wants to be asked again (<see cref="Stopwatch"/> ticks), or 0: when something came.</param>
    /// <returns>Null, or why it gave up.</returns>
    public string? Run(Reader reader, Func<long> produce, Func<bool> done, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        var last = start;
        while (!done())
        {
            var wake = Out.Length < SendAhead ? produce() : 0;
            Flush();
            if (TryReceive())
            {
                last = ReceivedAt;
                _from += reader(_in.AsSpan(_from.._to));
                continue;
            }
            var now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(start, now) > patience) return "took too long";
            if (Stopwatch.GetElapsedTime(last, now) > Stalled) return "nothing more came";
            var time = wake == 0 ? TimeSpan.FromMilliseconds(100) : Stopwatch.GetElapsedTime(now, Math.Max(now, wake));
            if (time > TimeSpan.Zero) Linux.Wait((int)_socket!.Handle, Out.Length > 0, time < TimeSpan.FromMilliseconds(100) ? time : TimeSpan.FromMilliseconds(100));
        }
        return null;
    }

    /// <summary>Listens for a while, in case something more comes.</summary>
    public void Listen(Checker checker, TimeSpan time)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        Run(checker.Read, () => until, () => Stopwatch.GetTimestamp() >= until, time * 2);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _listener.Dispose();
    }

    private void Flush()
    {
        while (Out.Length > 0)
        {
            var sent = _socket!.Send(Out.Waiting, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return;
            if (error != SocketError.Success) throw new IOException($"the component closed the connection ({error})");
            Out.Taken(sent);
            BytesIn += sent;
        }
    }

    private bool TryReceive()
    {
        if (_from == _to) _from = _to = 0;
        if (_in.Length - _to < 64 * 1024)
        {
            var to = 2 * (_to - _from) < _in.Length ? _in : new byte[2 * _in.Length];
            _in.AsSpan(_from.._to).CopyTo(to);
            (_in, _from, _to) = (to, 0, _to - _from);
        }
        var got = _socket!.Receive(_in.AsSpan(_to), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success || got == 0) throw new IOException($"the component closed the connection ({error})");
        ReceivedAt = Stopwatch.GetTimestamp();
        _to += got;
        BytesOut += got;
        return true;
    }

    private void Send(string text) => _socket!.Send(Encoding.UTF8.GetBytes(text));

    // Before anything else is said, so what was read ends where the reading does.
    private string Receive(string begin, string end)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!(text.ToString() is var soFar && soFar.Contains(begin, StringComparison.Ordinal) && soFar.EndsWith(end, StringComparison.Ordinal)))
        {
            if (_socket!.Receive(one) == 0 || text.Length > 4096) throw new IOException($"no {begin} came, but '{text}'");
            text.Append((char)one[0]);
        }
        return text.ToString();
    }
}
