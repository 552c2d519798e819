using System.Net.Sockets;
using System.Text.Json;

namespace MucComponent.Control;

/// <summary>Asks the service that runs beside us, on its control socket.</summary>
public static class ControlClient
{
    /// <summary>Asks and waits for the answer, however long the work takes.</summary>
    /// <param name="progress">Told how far it has come.</param>
    /// <returns>The result or the error; null if no service runs there.</returns>
    public static async Task<ControlAnswer?> AskAsync(string path, ControlRequest request, Action<string> progress, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return null;
        }
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Options), (byte)'\n'], stop).ConfigureAwait(false);
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(stop).ConfigureAwait(false) is { } line)
            {
                var answer = JsonSerializer.Deserialize<ControlAnswer>(line, ControlJson.Options)!;
                if (answer.Progress is null) return answer;
                progress(answer.Progress);
            }
        }
        catch (IOException)
        {
            // As if it had hung up.
        }
        return new ControlAnswer(Error: "The service ended before it answered; what was asked may be done or not.");
    }
}
