using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using System.Xml;
using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>
/// The least of a client (RFC 6120): plain TCP on loopback, SASL PLAIN, a bound resource. It answers nothing by itself, so that
/// a script decides everything that is said; received stanzas wait in a queue.
/// </summary>
public sealed class XmppClient : IClient
{
    private static readonly XNamespace Bind = "urn:ietf:params:xml:ns:xmpp-bind";
    private static readonly XNamespace Session = "urn:ietf:params:xml:ns:xmpp-session";
    private static readonly XNamespace Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static readonly TimeSpan ToLogIn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly XmlStream _stream;
    private readonly Channel<XElement> _received = Channel.CreateUnbounded<XElement>();
    private Task _reading = Task.CompletedTask;

    public string Jid { get; private set; }

    private XmppClient(string jid, XmlStream stream)
    {
        Jid = jid;
        _stream = stream;
    }

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="IOException">The server refuses; the message says what.</exception>
    public static async Task<XmppClient> ConnectAsync(string host, int port, string jid, string password, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(host, port), stop);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException($"nothing listens at {host}:{port}: {refused.Message}", refused);
        }
        var client = new XmppClient(jid, new XmlStream(new NetworkStream(socket, ownsSocket: true)));
        try
        {
            await client.LogInAsync(jid, password, stop).WaitAsync(ToLogIn, stop);
        }
        catch (TimeoutException)
        {
            client._stream.Dispose();
            throw new IOException($"{host}:{port} does not answer {jid} as an XMPP server does");
        }
        catch
        {
            client._stream.Dispose();
            throw;
        }
        client._reading = client.ReadAsync();
        return client;
    }

    private async Task LogInAsync(string jid, string password, CancellationToken stop)
    {
        var (bare, resource) = jid.Split('/', 2) is [var b, var r] ? (b, r) : (jid, null);
        var (user, domain) = bare.Split('@', 2) is [var u, var d] ? (u, d) : throw new IOException($"'{jid}' is not a user's address");

        await OpenAsync(domain, stop);
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        var answer = await AskAsync($"<auth xmlns='{Sasl}' mechanism='PLAIN'>{plain}</auth>", stop);
        if (answer.Name != Sasl + "success") throw new IOException($"{bare} may not log in: {ScriptXml.OnOneLine(answer)}");

        var features = await OpenAsync(domain, stop);
        var asked = resource is null ? "" : $"<resource>{resource}</resource>";
        answer = await AskAsync($"<iq type='set' id='bind'><bind xmlns='{Bind}'>{asked}</bind></iq>", stop);
        Jid = answer.Descendants(Bind + "jid").FirstOrDefault()?.Value ?? throw new IOException($"no resource for {jid}: {ScriptXml.OnOneLine(answer)}");
        if (features.Element(Session + "session") is { } session && session.Element(Session + "optional") is null)
            await AskAsync($"<iq type='set' id='session'><session xmlns='{Session}'/></iq>", stop);
    }

    /// <summary>Opens the stream, for the first time or anew after SASL, and returns what the server offers.</summary>
    private async Task<XElement> OpenAsync(string domain, CancellationToken stop)
    {
        await _stream.WriteAsync(
            $"<?xml version='1.0'?><stream:stream to='{domain}' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", stop);
        await _stream.OpenedAsync();
        return await NextAsync();
    }

    private async Task<XElement> AskAsync(string xml, CancellationToken stop)
    {
        await _stream.WriteAsync(xml, stop);
        return await NextAsync();
    }

    private async Task<XElement> NextAsync() => await _stream.ReadAsync() ?? throw new EndOfStreamException("the server closed the stream");

    private async Task ReadAsync()
    {
        try
        {
            while (await _stream.ReadAsync() is { } stanza) _received.Writer.TryWrite(stanza);
        }
        catch (Exception gone) when (gone is IOException or XmlException or ObjectDisposedException)
        {
            // The stream broke or was cut; what came before still counts.
        }
        _received.Writer.TryComplete();
    }

    public Task SendAsync(string xml, CancellationToken stop) => _stream.WriteAsync(xml, stop);

    public async Task<XElement> ReceiveAsync(CancellationToken stop)
    {
        try
        {
            return await _received.Reader.ReadAsync(stop);
        }
        catch (ChannelClosedException)
        {
            throw new EndOfStreamException("the server closed the stream");
        }
    }

    public async Task DisconnectAsync()
    {
        try
        {
            await _stream.WriteAsync("</stream:stream>", CancellationToken.None);
            await _reading.WaitAsync(Goodbye);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or TimeoutException)
        {
            // It is gone either way.
        }
    }

    /// <summary>Goes without a goodbye, as one whose network or power fails.</summary>
    public void Vanish() => _stream.Dispose();

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        _stream.Dispose();
        await _reading;
    }
}
