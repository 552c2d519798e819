using System.Buffers;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>A ping (XEP-0199) to our own name: the server routes it back to us, and so shows that it is there and how far it has read.</summary>
internal static class Echo
{
    /// <param name="id">By which it is known when it comes back.</param>
    public static void Write(Jid domain, string id, IBufferWriter<byte> output)
    {
        var ping = new Stanza(StanzaKind.Iq) { Type = "get", Id = id, From = domain, Children = [new XElement(Ns.Ping + "ping")] };
        StanzaWriter.Write(ping.Encoded, domain, output);
    }
}
