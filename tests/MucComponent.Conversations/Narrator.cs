using System.Xml.Linq;
namespace MucComponent.Conversations;
public sealed class Narrator(TextWriter to)
{
    public void Says(string text) => to.WriteLine(text);
    public void Connected(string who, string jid) => to.WriteLine(who + jid);
    public void Disconnected(string who) => to.WriteLine(who);
    public void Sent(string who, XElement stanza) => to.WriteLine(who + stanza);
    public void Received(string who, XElement stanza) => to.WriteLine(who + stanza);
}
