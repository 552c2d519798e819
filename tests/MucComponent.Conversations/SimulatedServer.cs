using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using System.Xml;
using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>
/// A server in this process, at the component's socket (XEP-0114). Towards the component it behaves as Prosody and ejabberd were
/// seen to: it stamps <c>from</c>, bounces what goes to a session that is gone, remembers where clients sent presence, and
/// says goodbye for them there (RFC 6121 §4.6). Its clients live in memory.
/// </summary>
public sealed class SimulatedServer : IServer
{
    private const string Domain = "localhost";
    private const string ComponentDomain = "conference.localhost";
    private static readonly XNamespace Errors = "urn:ietf:params:xml:ns:xmpp-stanzas";
    private static readonly XNamespace Accept = "jabber:component:accept";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _routing = new();
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly SimulatedPubSub _lists;
    private readonly Task _accepting;
    private Link? _component;
    private TaskCompletionSource _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _resources;

    public SimulatedServer()
    {
        _lists = new SimulatedPubSub(Route);
        _listener.Start();
        ComponentPort = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int ComponentPort { get; }

    public string Secret { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Waits until a component has proved itself.</summary>
    public Task AttachedAsync(CancellationToken stop)
    {
        lock (_routing) return _attached.Task.WaitAsync(stop);
    }

    /// <summary>Cuts the component's connection, as a broken network does.</summary>
    public void CutComponent()
    {
        lock (_routing) _component?.Dispose();
    }

    public Task<IClient> ConnectAsync(string jid, string password, CancellationToken stop)
    {
        lock (_routing)
        {
            var full = jid.Contains('/', StringComparison.Ordinal) ? jid : $"{jid}/session-{++_resources}";
            if (_sessions.TryGetValue(full, out var older)) Leave(older);
            var session = _sessions[full] = new Session(this, full);
            return Task.FromResult<IClient>(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        CutComponent();
        await _accepting;
    }

    // ---- the component's stream -------------------------------------------------------------------------------------

    private async Task AcceptAsync()
    {
        var links = new List<Task>();
        try
        {
            while (true) links.Add(ServeAsync(await _listener.AcceptSocketAsync()));
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        using var link = new Link(socket);
        try
        {
            if (!await HandshakeAsync(link)) return;
            var writing = link.WriteAllAsync();
            while (await link.Stream.ReadAsync() is { } stanza)
            {
                lock (_routing)
                {
                    if (_component != link) break;
                    if (!FromComponent(stanza, link)) break;
                }
            }
            link.Outgoing.Writer.TryComplete();
            await writing;
        }
        catch (Exception gone) when (gone is IOException or XmlException or ObjectDisposedException)
        {
            // The component is gone, however that came about.
        }
        finally
        {
            lock (_routing)
            {
                if (_component == link)
                {
                    _component = null;
                    _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }

    private async Task<bool> HandshakeAsync(Link link)
    {
        var header = await link.Stream.OpenedAsync();
        var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        await link.Stream.WriteAsync(
            $"<?xml version='1.0'?><stream:stream xmlns='{Accept}' xmlns:stream='http://etherx.jabber.org/streams' from='{ComponentDomain}' id='{id}'>",
            CancellationToken.None);
        if (header.GetValueOrDefault("to") != ComponentDomain) return await RefuseAsync(link, "host-unknown");

        if (await link.Stream.ReadAsync() is not { } handshake || handshake.Name != Accept + "handshake") return await RefuseAsync(link, "not-authorized");
        if (handshake.Value != Handshake.Proof(id, Secret)) return await RefuseAsync(link, "not-authorized");

        lock (_routing)
        {
            // As with "kick_old": the newer one is the one that lives.
            _component?.Close("conflict");
            _component = link;
            link.Outgoing.Writer.TryWrite("<handshake/>");
            _attached.TrySetResult();
        }
        return true;
    }

    private static async Task<bool> RefuseAsync(Link link, string condition)
    {
        await link.Stream.WriteAsync(StreamError(condition), CancellationToken.None);
        return false;
    }

    private static string StreamError(string condition) =>
        $"<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";

    private bool FromComponent(XElement stanza, Link link)
    {
        var from = (string?)stanza.Attribute("from");
        if (from is null || (DomainOf(from) != ComponentDomain))
        {
            link.Close("invalid-from");
            return false;
        }
        if (stanza.Attribute("to") is null)
        {
            link.Close("improper-addressing");
            return false;
        }
        Route(In(ScriptXml.Client, stanza));
        return true;
    }

    // ---- routing; always under the lock -----------------------------------------------------------------------------

    private void Route(XElement stanza)
    {
        var to = (string)stanza.Attribute("to")!;
        if (DomainOf(to) == ComponentDomain) ToComponent(stanza);
        else if (to == BlockList.Service && stanza.Name.LocalName == "iq") _lists.Take(stanza);
        else if (DomainOf(to) == Domain) ToUser(stanza, to);
        else Bounce(stanza, "cancel", "remote-server-not-found");
    }

    private void ToComponent(XElement stanza)
    {
        if (_component is null) Bounce(stanza, "wait", "remote-server-timeout");
        else _component.Outgoing.Writer.TryWrite(ScriptXml.OnTheWire(In(Accept, stanza), Accept));
    }

    private void ToUser(XElement stanza, string to)
    {
        if (_sessions.TryGetValue(to, out var session))
        {
            session.Deliver(stanza);
            return;
        }
        var type = (string?)stanza.Attribute("type");
        var isBare = !to.Contains('/', StringComparison.Ordinal);
        var here = _sessions.Values.Where(s => s.IsAvailable && s.BareJid == BareOf(to)).ToList();
        switch (stanza.Name.LocalName)
        {
            case "presence" when isBare:
                here.ForEach(s => s.Deliver(stanza));
                break;
            case "presence":
                break; // presence to a session that is gone vanishes
            case "message" when type is null or "normal" or "chat" && here.Count > 0:
                here.ForEach(s => s.Deliver(stanza));
                break;
            case "message" when type is "headline":
                break;
            default:
                Bounce(stanza, "cancel", "service-unavailable");
                break;
        }
    }

    private void Bounce(XElement stanza, string type, string condition)
    {
        if ((string?)stanza.Attribute("type") is "error" or "result" || stanza.Attribute("from") is null) return;
        var error = new XElement(stanza.Name, new XElement(ScriptXml.Client + "error", new XAttribute("type", type), new XElement(Errors + condition)));
        error.SetAttributeValue("type", "error");
        error.SetAttributeValue("id", (string?)stanza.Attribute("id"));
        error.SetAttributeValue("from", (string?)stanza.Attribute("to"));
        error.SetAttributeValue("to", (string?)stanza.Attribute("from"));
        Route(error);
    }

    private void FromClient(Session session, XElement stanza)
    {
        stanza.SetAttributeValue("from", session.Jid);
        var to = (string?)stanza.Attribute("to");
        var type = (string?)stanza.Attribute("type");
        if (stanza.Name.LocalName == "presence" && type is null or "unavailable")
        {
            if (to is null)
            {
                Broadcast(session, stanza);
                return;
            }
            if (type is null) session.Directed.Add(to);
            else session.Directed.Remove(to);
        }
        if (to is null) stanza.SetAttributeValue("to", session.BareJid);
        Route(stanza);
    }

    /// <summary>To one's own clients (RFC 6121 §4.2.2); going unavailable also to every address that was told to be available (§4.6.3).</summary>
    private void Broadcast(Session session, XElement presence)
    {
        session.IsAvailable = presence.Attribute("type") is null;
        if (!session.IsAvailable)
        {
            foreach (var to in session.Directed) Route(Addressed(presence, to));
            session.Directed.Clear();
        }
        foreach (var own in _sessions.Values.Where(s => s.IsAvailable && s.BareJid == session.BareJid)) own.Deliver(Addressed(presence, own.Jid));
    }

    private void Leave(Session session)
    {
        if (!_sessions.Remove(session.Jid)) return;
        Broadcast(session, new XElement(ScriptXml.Client + "presence", new XAttribute("type", "unavailable"), new XAttribute("from", session.Jid)));
        session.Inbox.Writer.TryComplete();
    }

    private static XElement Addressed(XElement stanza, string to)
    {
        var copy = new XElement(stanza);
        copy.SetAttributeValue("to", to);
        return copy;
    }

    /// <summary>The stanza as it is named on another stream: what is in the stream's own namespace moves with it, payloads stay.</summary>
    private static XElement In(XNamespace ns, XElement element) => new(
        ns + element.Name.LocalName,
        element.Attributes().Where(a => !a.IsNamespaceDeclaration),
        element.Nodes().Select(node => node is XElement child && child.Name.Namespace == element.Name.Namespace ? In(ns, child) : node));

    private static string BareOf(string jid) => jid.Split('/', 2)[0];

    private static string DomainOf(string jid) => BareOf(jid).Split('@')[^1];

    /// <summary>The component's connection, and what waits to be written to it.</summary>
    private sealed class Link(Socket socket) : IDisposable
    {
        public XmlStream Stream { get; } = new(new NetworkStream(socket, ownsSocket: true));

        public Channel<string> Outgoing { get; } = Channel.CreateUnbounded<string>();

        public async Task WriteAllAsync()
        {
            try
            {
                await foreach (var xml in Outgoing.Reader.ReadAllAsync()) await Stream.WriteAsync(xml, CancellationToken.None);
            }
            finally
            {
                Dispose();
            }
        }

        public void Close(string condition)
        {
            Outgoing.Writer.TryWrite(StreamError(condition));
            Outgoing.Writer.TryComplete();
        }

        public void Dispose()
        {
            Outgoing.Writer.TryComplete();
            Stream.Dispose();
        }
    }

    private sealed class Session(SimulatedServer server, string jid) : IClient
    {
        public string Jid => jid;

        public string BareJid { get; } = BareOf(jid);

        public bool IsAvailable { get; set; }

        public HashSet<string> Directed { get; } = [];

        public Channel<XElement> Inbox { get; } = Channel.CreateUnbounded<XElement>();

        public void Deliver(XElement stanza) => Inbox.Writer.TryWrite(new XElement(stanza));

        public Task SendAsync(string xml, CancellationToken stop)
        {
            var stanza = ScriptXml.Parse(xml);
            lock (server._routing) server.FromClient(this, stanza);
            return Task.CompletedTask;
        }

        public async Task<XElement> ReceiveAsync(CancellationToken stop)
        {
            try
            {
                return await Inbox.Reader.ReadAsync(stop);
            }
            catch (ChannelClosedException)
            {
                throw new EndOfStreamException("the server closed the stream");
            }
        }

        public Task DisconnectAsync()
        {
            lock (server._routing) server.Leave(this);
            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync() => await DisconnectAsync();
    }
}
