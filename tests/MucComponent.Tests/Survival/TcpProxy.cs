using System.Net;
using System.Net.Sockets;

namespace MucComponent.Tests.Survival;

/// <summary>A network between component and server that can go dead: nothing passes any more, and nobody is told.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private CancellationTokenSource _dead = new();

    public TcpProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The connections there are stay open and carry nothing any more; new ones do.</summary>
    public async Task GoDeadAsync()
    {
        var dead = _dead;
        _dead = new CancellationTokenSource();
        await dead.CancelAsync();
        dead.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var socket in _sockets) socket.Dispose();
        _dead.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var component = await _listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _sockets.AddRange([component, server]);
                await server.ConnectAsync(IPAddress.Loopback, _server);
                _ = CarryAsync(component, server, _dead.Token);
                _ = CarryAsync(server, component, _dead.Token);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task CarryAsync(Socket from, Socket to, CancellationToken dead)
    {
        var bytes = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(bytes, dead) is > 0 and var count)
                for (var sent = 0; sent < count;) sent += await to.SendAsync(bytes.AsMemory(sent, count - sent), dead);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken, or dead.
        }
    }
}
