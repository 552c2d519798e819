using System.Net.Sockets;
using System.Text.Json;

namespace MucComponent.Control;

/// <summary>Asks the service that runs beside us, on its control socket.</summary>
public static class ControlClient
{
    /// <summary>Bytes of a line of the answer: the longest is a table of all rooms.</summary>
    private const int MaxAnswer = 1 << 30;

    /// <summary>Asks and waits for the answer, however long the work takes.</summary>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="take">Gets the data that the operation gives, or null if it gives none.</param>
    /// <param name="give">Writes the data that the operation works on; null if there is none.</param>
    /// <returns>The result or the error; null if no service runs there.</returns>
    public static async Task<ControlAnswer?> AskAsync(
        string path, ControlRequest request, Action<string> progress, CancellationToken stop, Stream? take = null, Func<Stream, CancellationToken, Task>? give = null)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return null;
        }
        await using var stream = new NetworkStream(socket);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var giving = GiveAsync();
        var answer = await AnswerAsync().ConfigureAwait(false);
        await answered.CancelAsync().ConfigureAwait(false);
        // Where what was to be given could not be had, that is the reason.
        await giving.ConfigureAwait(false);
        return answer;

        async Task GiveAsync()
        {
            try
            {
                var asked = take is null && give is null ? request : request with { HasData = true };
                await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(asked, ControlJson.Options), (byte)'\n'], answered.Token).ConfigureAwait(false);
                if (give is not null) await give(stream, answered.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (answered.IsCancellationRequested || e is IOException { InnerException: SocketException })
            {
                // The service has said why, or has hung up.
            }
            finally
            {
                if (give is not null && socket.Connected) HangUp(socket);
            }
        }

        async Task<ControlAnswer> AnswerAsync()
        {
            var wire = new ControlWire(stream);
            try
            {
                while (await wire.ReadLineAsync(MaxAnswer, stop).ConfigureAwait(false) is { } line)
                {
                    var said = JsonSerializer.Deserialize<ControlAnswer>(line, ControlJson.Options)!;
                    if (said.Data is { } length) await wire.CopyAsync(take ?? Stream.Null, length, stop).ConfigureAwait(false);
                    else if (said.Progress is not null) progress(said.Progress);
                    else return said;
                }
            }
            catch (IOException e) when (e is EndOfStreamException || e.InnerException is SocketException)
            {
                // As if it had hung up.
            }
            return new ControlAnswer(Error: "The service ended before it answered; what was asked may be done or not.");
        }
    }

    // The service sees the end of what it is given.
    private static void HangUp(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has hung up.
        }
    }
}
