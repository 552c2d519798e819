using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;

namespace MucComponent.Tests.Component;

/// <summary>The server's end of XEP-0114 on loopback: it says what the test says, also what no real server would.</summary>
public sealed class FakeServer : IDisposable
{
    public const string Header =
        "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' from='chat.shakespeare.lit' id='3BF96D32'>";

    public const string Secret = "toil-and-trouble";

    /// <summary>SHA-1 of the id above and the secret.</summary>
    private const string Digest = "707154a2baa881d55c1c18925680dfb3029b2a16";

    private readonly TcpListener _listener;

    public FakeServer(int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next connection, with the component's header read.</summary>
    public async Task<Peer> AcceptAsync()
    {
        var peer = new Peer(await _listener.AcceptTcpClientAsync().WaitAsync(Peer.Patience));
        await peer.HearsAsync("to='chat.shakespeare.lit'>");
        return peer;
    }

    /// <summary>The next connection, with the handshake done.</summary>
    public async Task<Peer> AuthenticateAsync()
    {
        var peer = await AcceptAsync();
        await peer.SaysAsync(Header);
        var handshake = await peer.HearsAsync("</handshake>");
        Assert.That(handshake, Is.EqualTo($"<handshake>{Digest}</handshake>"));
        await peer.SaysAsync("<handshake/>");
        return peer;
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>One connection, seen from the server.</summary>
    public sealed class Peer(TcpClient client) : IDisposable
    {
        /// <summary>Against tests that would never end.</summary>
        public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private readonly byte[] _chunk = new byte[64 * 1024];
        private readonly List<byte> _heard = [];

        public async Task SaysAsync(string text) => await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

        /// <summary>Waits for this text, and returns it with all that came before it.</summary>
        public async Task<string> HearsAsync(string text)
        {
            var end = Encoding.UTF8.GetBytes(text);
            for (var from = 0; ;)
            {
                var at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_heard)[from..].IndexOf(end);
                if (at >= 0)
                {
                    var heard = Encoding.UTF8.GetString([.. _heard[..(from + at + end.Length)]]);
                    _heard.RemoveRange(0, from + at + end.Length);
                    return heard;
                }
                from = Math.Max(0, _heard.Count - end.Length);
                if (!await ReadAsync()) throw new EndOfStreamException($"never heard: {text}, but: {Encoding.UTF8.GetString([.. _heard])}");
            }
        }

        /// <summary>Waits until the component hangs up, and returns all that came before.</summary>
        public async Task<string> HearsTheEndAsync()
        {
            while (await ReadAsync())
            {
            }
            return Encoding.UTF8.GetString([.. _heard]);
        }

        public void Dispose() => client.Dispose();

        private async Task<bool> ReadAsync()
        {
            var count = await client.GetStream().ReadAsync(_chunk).AsTask().WaitAsync(Patience);
            _heard.AddRange(_chunk.AsSpan(0, count));
            return count > 0;
        }
    }
}
