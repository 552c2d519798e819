using System.Buffers;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// A question whose answer shows how far the server has read: a ping (XEP-0199) to our own name, which it routes back to us, and so
/// shows that it is there; or what items (XEP-0030 §4.1) a service of its has, the least that it can be asked for, which it answers when
/// it has done all that was before.
/// </summary>
internal static class Echo
{
    /// <param name="id">By which it is known when it comes back.</param>
    /// <param name="service">Whom to ask instead of ourselves.</param>
    public static void Write(Jid domain, string id, IBufferWriter<byte> output, Jid? service = null)
    {
        var question = service is null ? Ns.Ping + "ping" : Ns.DiscoItems + "query";
        var iq = new Stanza(StanzaKind.Iq) { Type = "get", Id = id, From = domain, Children = [new XElement(question)] };
        StanzaWriter.Write(iq.Encoded, service ?? domain, output);
    }
}
