using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// One connection to the server, from connecting to its end (XEP-0114). Three loops run beside each other and never wait
/// for one another: one reads, one writes, one watches whether the server is still there. The first to end ends the link.
/// </summary>
public sealed class Link : IDisposable
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    /// <summary>And then for its goodbye.</summary>
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    /// <summary>After two quiet ticks we ping, after four the server is gone: noticed between 20 and 25 s after its last byte.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private const int TicksToPing = 2;
    private const int TicksToDeath = 4;

    /// <summary>Many stanzas go out in one write.</summary>
    private const int BatchBytes = 64 * 1024;
    private const int ReadBytes = 64 * 1024;

    // As Linux numbers and writes its socket options.
    private const int Tcp = 6;
    private static readonly byte[] On = BitConverter.GetBytes(1);

    private readonly MucOptions _options;
    private readonly Outbox _outbox;
    private readonly Inbound _inbound;
    private readonly ComponentStream _stream;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly byte[] _ping;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _over;
    private readonly TaskCompletionSource _authenticated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NetworkStream? _bytes;
    private long _reads;

    public Link(MucOptions options, Outbox outbox, Action<Stanza> received, ILogger log, TimeProvider clock)
    {
        _options = options;
        _outbox = outbox;
        _log = log;
        _clock = clock;
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        var pingId = $"ping-{Guid.NewGuid():N}";
        _ping = Ping(options.Domain, pingId);
        _inbound = new Inbound(options, outbox, received, log, pingId);
        _stream = new ComponentStream(options.Domain.Domain, options.Secret, new StanzaFramer(options.MaxStanzaBytes));
    }

    /// <summary>How long a stopping component waits for the server to take what is left; less where rooms have much to say before.</summary>
    private TimeSpan FlushTime => TimeSpan.FromSeconds(_options.Stop == StopKind.Leave ? 1.5 : 3);

    /// <summary>Runs the link to its end.</summary>
    /// <param name="authenticated">Called as soon as the handshake has succeeded, before any stanza is handed on.</param>
    /// <param name="stop">Ends an authenticated link gently: what waits in the outbox is sent, the stream is closed.</param>
    public async Task<LinkEnd> RunAsync(Action authenticated, CancellationToken stop)
    {
        if (await ConnectAsync(stop) is { } unreachable) return unreachable;
        var reading = ReadAsync(authenticated);
        List<Task<LinkEnd>> loops = [reading];
        try
        {
            if (await ShakeHandsAsync(reading, stop) is { } failed) return failed;
            var writing = WriteAsync(stop);
            loops.AddRange(writing, WatchAsync());
            var first = await Task.WhenAny(loops);
            if (first != writing) return stop.IsCancellationRequested ? LinkEnd.Stopped : await first;

            // We are done, or it takes nothing any more. Either way the server may have a last word.
            await Task.WhenAny(reading, Task.Delay(GoodbyeTime, _clock, _over.Token));
            // It closes its stream when it has read all of ours.
            if (await writing == LinkEnd.Stopped && reading.IsCompleted) _outbox.ConfirmAll();
            return await writing != LinkEnd.Stopped && reading.IsCompleted ? await reading : await writing;
        }
        finally
        {
            await _over.CancelAsync();
            _socket.Dispose();
            await Task.WhenAll(loops);
        }
    }

    public void Dispose()
    {
        _bytes?.Dispose();
        _socket.Dispose();
        _sending.Dispose();
        _over.Dispose();
    }

    private LinkStage Stage => _authenticated.Task.IsCompleted ? LinkStage.Authenticated : LinkStage.Handshake;

    private async Task<LinkEnd?> ConnectAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(ConnectTime, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            await _socket.ConnectAsync(_options.ServerHost, _options.ServerPort, either.Token);
            NoticeDeathBelow(_socket);
            _bytes = new NetworkStream(_socket);
            return null;
        }
        catch (SocketException error)
        {
            return LinkEnd.Unreachable(error);
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? LinkEnd.Stopped : LinkEnd.Unreachable(new SocketException((int)SocketError.TimedOut));
        }
    }

    /// <summary>The second line behind <see cref="WatchAsync"/>: the kernel gives up on unacknowledged bytes, and on an idle peer.</summary>
    private static void NoticeDeathBelow(Socket socket)
    {
        const int UserTimeout = 18, Milliseconds = 30_000;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes(Milliseconds));
    }

    /// <summary>
    /// Prosody leaves Nagle's algorithm on: it sends no second small packet before the first one is acknowledged, which the kernel would
    /// do up to 40 ms later where we have no answer. It forgets that it was told otherwise, so it is told each time.
    /// </summary>
    private void AcknowledgeAtOnce()
    {
        const int QuickAck = 12;
        try
        {
            if (OperatingSystem.IsLinux()) _socket.SetRawSocketOption(Tcp, QuickAck, On);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The link ends; whoever reads or writes next says why.
        }
    }

    private async Task<LinkEnd?> ShakeHandsAsync(Task<LinkEnd> reading, CancellationToken stop)
    {
        try
        {
            await SendAsync(_stream.Opening);
            var first = await Task.WhenAny(reading, _authenticated.Task).WaitAsync(HandshakeTime, _clock, stop);
            return first == reading ? await reading : null;
        }
        catch (TimeoutException)
        {
            return new LinkEnd(LinkStage.Handshake, "It took the connection but does not answer the handshake. Is MUC_SERVER_PORT its component port?");
        }
        catch (OperationCanceledException)
        {
            return LinkEnd.Stopped;
        }
        catch (IOException)
        {
            return await reading;
        }
    }

    private async Task<LinkEnd> ReadAsync(Action authenticated)
    {
        var reader = PipeReader.Create(_bytes!, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(_over.Token);
                var buffer = read.Buffer;
                Interlocked.Increment(ref _reads);
                AcknowledgeAtOnce();
                while (_stream.TryNext(ref buffer, out var next))
                {
                    switch (next)
                    {
                        case HeaderReceived header:
                            await SendAsync(header.Answer);
                            break;
                        case Authenticated:
                            authenticated();
                            _authenticated.SetResult();
                            break;
                        case StanzaReceived stanza:
                            _inbound.Take(stanza.Bytes);
                            break;
                        case StanzaRefused refused:
                            _inbound.Refuse(refused.Reason, refused.OpeningTag);
                            break;
                        default:
                            return LinkEnd.Of(next, Stage);
                    }
                }
                if (read.IsCompleted) return LinkEnd.HungUp(Stage);
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (IOException error)
        {
            return new LinkEnd(Stage, $"The connection broke ({error.InnerException?.Message ?? error.Message}).");
        }
        catch (OperationCanceledException)
        {
            return LinkEnd.Stopped;
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private async Task<LinkEnd> WriteAsync(CancellationToken stop)
    {
        using var deadline = stop.Register(() => _over.CancelAfter(FlushTime));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token);
        var batch = new ArrayBufferWriter<byte>(2 * BatchBytes);
        _outbox.StartOver();
        try
        {
            while (await _outbox.WaitAsync(ending.Token, _over.Token))
            {
                batch.ResetWrittenCount();
                _outbox.Fill(batch, BatchBytes);
                if (batch.WrittenCount > 0) await SendAsync(batch.WrittenMemory);
            }
            await SendAsync(ComponentStream.Closing);
            return LinkEnd.Stopped;
        }
        catch (IOException error)
        {
            return new LinkEnd(Stage, $"The connection broke ({error.InnerException?.Message ?? error.Message}).");
        }
        catch (OperationCanceledException)
        {
            if (stop.IsCancellationRequested) _log.ClosedEarly(_options.ServerHost, _options.ServerPort, FlushTime.TotalSeconds);
            return LinkEnd.Stopped;
        }
    }

    /// <summary>
    /// Half-open TCP looks like silence. So after some silence we send a ping (XEP-0199) to our own name, which the server
    /// routes back to us; whatever arrives is a sign of life, even an error.
    /// </summary>
    private async Task<LinkEnd> WatchAsync()
    {
        try
        {
            // Counted from tick to tick: the ping may be back before we go on from sending it.
            var before = Interlocked.Read(ref _reads);
            for (var quiet = 0; ;)
            {
                await Task.Delay(Tick, _clock, _over.Token);
                var now = Interlocked.Read(ref _reads);
                quiet = now == before ? quiet + 1 : 0;
                before = now;
                if (quiet == TicksToPing) _ = PingAsync();
                if (quiet == TicksToDeath) return LinkEnd.Silent;
            }
        }
        catch (OperationCanceledException)
        {
            return LinkEnd.Stopped;
        }
    }

    /// <summary>Nobody waits for it: a link that takes no bytes is what the watch is about.</summary>
    private async Task PingAsync()
    {
        try
        {
            await SendAsync(_ping);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The reader notices the same.
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync(_over.Token);
        try
        {
            await _bytes!.WriteAsync(bytes, _over.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static byte[] Ping(Jid domain, string id)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Echo.Write(domain, id, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
