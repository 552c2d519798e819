using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MucComponent.Operations;

namespace MucComponent.Control;

/// <summary>
/// Where subcommands of this program reach the running service: a socket in the file system that its user alone may use. One
/// request for each connection (<see cref="ControlRequest"/>), and its answers. Not reachable from any network.
/// </summary>
public sealed class ControlSocket : IAsyncDisposable
{
    /// <summary>A request, in bytes: some thousand addresses.</summary>
    private const int MaxRequest = 1024 * 1024;

    /// <summary>Connections at once.</summary>
    private const int MaxConnections = 16;

    /// <summary>For whoever connects to say what is wanted.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly string _path;
    private readonly Func<OperatedService?> _service;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MaxConnections);
    private readonly Task _accepting;

    private ControlSocket(Socket socket, string path, Func<OperatedService?> service, ILogger log)
    {
        (_socket, _path, _service, _log) = (socket, path, service, log);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Opens the socket; where that cannot be, it says why, and the service goes on without.</summary>
    /// <param name="service">The service; null while another instance has it.</param>
    public static ControlSocket? Open(MucOptions options, Func<OperatedService?> service, ILogger log)
    {
        if (options.ControlPath is not { } path) return null;
        Socket? socket = null;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            if (IsAnswered(path)) throw new IOException("another instance answers there; give each a path of its own with MUC_CONTROL");
            if (File.Exists(path) && new FileInfo(path).Length > 0) throw new IOException("there is a file, which is no socket");
            File.Delete(path);
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before it listens.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(MaxConnections);
            return new ControlSocket(socket, path, service, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            log.NoControl(path, e.Message);
            socket?.Dispose();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one to open it removes it.
        }
        // Those still at work hold the rest.
    }

    private static bool IsAnswered(string path)
    {
        if (!File.Exists(path)) return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false; // left behind by a process that was killed
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
                var connection = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(connection), CancellationToken.None);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The service stops.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            await AnswerAsync(stream).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever asked is gone, or the service stops.
        }
#pragma warning disable CA1031 // Whatever goes wrong is one command's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.ControlFault(e);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task AnswerAsync(Stream stream)
    {
        var (wire, answering) = (new ControlWire(stream), new SemaphoreSlim(1));
        if (await ReadAsync(wire).ConfigureAwait(false) is not { } request) await SayAsync(new ControlAnswer(Error: "This is no request.")).ConfigureAwait(false);
        else if (OperationList.Named(request.Operation) is not { } operation) await SayAsync(new ControlAnswer(Error: $"The service knows no operation \"{request.Operation}\": is it of another version?")).ConfigureAwait(false);
        else if (_service() is not { } service) await SayAsync(new ControlAnswer(Error: "This instance stands by: another one has the service. Ask that one.")).ConfigureAwait(false);
        else
        {
            ControlAnswer answer;
            try
            {
                await using var data = request.HasData == true ? new ControlData(wire, GiveAsync) : null;
                var asked = new OperationRequest(service, request.Arguments) { Progress = said => _ = SayAsync(new ControlAnswer(Progress: said)), Data = data };
                answer = new ControlAnswer(Result: await service.RunAsync(operation, asked, _stop.Token).ConfigureAwait(false));
            }
            catch (RefusedException e)
            {
                answer = new ControlAnswer(Error: e.Message);
            }
            catch (OperationCanceledException)
            {
                answer = new ControlAnswer(Error: "The service stops; what was asked may be done or not.");
            }
            await SayAsync(answer).ConfigureAwait(false);
        }

        Task GiveAsync(ReadOnlyMemory<byte> data, CancellationToken stop) => WriteAsync(new ControlAnswer(Data: data.Length), data, stop);

        async Task SayAsync(ControlAnswer said)
        {
            try
            {
                await WriteAsync(said, default, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (said.Progress is not null && e is IOException or ObjectDisposedException)
            {
                // Nobody looks any more; what was begun is done all the same.
            }
        }

        async Task WriteAsync(ControlAnswer said, ReadOnlyMemory<byte> data, CancellationToken stop)
        {
            var line = JsonSerializer.SerializeToUtf8Bytes(said, ControlJson.Options);
            await answering.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                await stream.WriteAsync((byte[])[.. line, (byte)'\n'], stop).ConfigureAwait(false);
                if (!data.IsEmpty) await stream.WriteAsync(data, stop).ConfigureAwait(false);
            }
            finally
            {
                answering.Release();
            }
        }
    }

    // Null for what is none.
    private async Task<ControlRequest?> ReadAsync(ControlWire wire)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        late.CancelAfter(Patience);
        return await wire.ReadLineAsync(MaxRequest, late.Token).ConfigureAwait(false) is { } line ? Parse(line) : null;
    }

    private static ControlRequest? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ControlRequest>(line, ControlJson.Options) is { Operation: not null, Arguments: not null } request
                && request.Arguments.Values.All(values => !values.IsDefault && values.All(v => v is not null)) ? request : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
