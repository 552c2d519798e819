using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>An XMPP server, real or simulated, that a component attaches to and clients connect to.</summary>
public interface IServer : IAsyncDisposable
{
    /// <summary>The loopback port where it accepts the component <c>conference.localhost</c>.</summary>
    int ComponentPort { get; }

    /// <summary>What the component proves itself with.</summary>
    string Secret { get; }

    /// <summary>Logs a client in; no presence is sent.</summary>
    /// <param name="jid">Bare; full for a certain resource.</param>
    Task<IClient> ConnectAsync(string jid, string password, CancellationToken stop);
}

/// <summary>A logged-in client.</summary>
public interface IClient : IAsyncDisposable
{
    /// <summary>Its full JID.</summary>
    string Jid { get; }

    Task SendAsync(string xml, CancellationToken stop);

    /// <summary>The next stanza, in the order they came.</summary>
    /// <exception cref="EndOfStreamException">The stream is closed and nothing is left.</exception>
    Task<XElement> ReceiveAsync(CancellationToken stop);

    /// <summary>Says goodbye, as a client that is closed does.</summary>
    Task DisconnectAsync();
}
