using System.Net;
using System.Net.Sockets;

namespace MucComponent.Conversations;

/// <summary>
/// Loopback ports for servers that are about to be started. Those that the kernel hands out will not do: it may hand out the same one twice
/// before anybody listens there, or to a connection, and who waits for a server to listen there may even be connected with himself.
/// </summary>
public static class FreePort
{
    private const int First = 15_000;
    private const int Count = 15_000;

    // Test runs beside each other start at different places.
    private static int _last = Random.Shared.Next(Count);

    /// <summary>A port where nobody listens, and that this process has not had before.</summary>
    public static int Next()
    {
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's: the next one.
            }
        }
        throw new IOException($"no port from {First} to {First + Count - 1} is free");
    }
}
