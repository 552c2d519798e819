using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>Publish-subscribe (XEP-0060) as far as a block list needs it: nodes whose items come and go, and those who hear of it.</summary>
/// <param name="route">Takes what it says.</param>
internal sealed class SimulatedPubSub(Action<XElement> route)
{
    private static readonly XNamespace PubSub = "http://jabber.org/protocol/pubsub";
    private static readonly XNamespace Event = "http://jabber.org/protocol/pubsub#event";
    private static readonly XNamespace Errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

    private readonly Dictionary<string, (Dictionary<string, XElement> Items, HashSet<string> Subscribers)> _nodes = [];

    public void Take(XElement iq)
    {
        if ((string?)iq.Attribute("type") is not ("get" or "set")) return;
        var request = iq.Element(PubSub + "pubsub")?.Elements().FirstOrDefault();
        if (request?.Name == PubSub + "create") _nodes.TryAdd(Node(request), ([], []));
        if (request is null || !_nodes.TryGetValue(Node(request), out var node))
        {
            Answer(iq, "error", new XElement(ScriptXml.Client + "error", new XAttribute("type", "cancel"), new XElement(Errors + "item-not-found")));
            return;
        }
        // As Prosody and ejabberd do it: an item without content is none.
        if (request.Name == PubSub + "publish" && request.Elements(PubSub + "item").Any(i => !i.HasElements))
        {
            Answer(iq, "error", new XElement(ScriptXml.Client + "error", new XAttribute("type", "modify"), new XElement(Errors + "bad-request")));
            return;
        }
        if (request.Name == PubSub + "subscribe") node.Subscribers.Add((string)request.Attribute("jid")!);
        Answer(iq, "result", request.Name != PubSub + "items" ? null : new XElement(
            PubSub + "pubsub", new XElement(PubSub + "items", new XAttribute("node", Node(request)), node.Items.Values)));

        if (request.Name.LocalName is not ("publish" or "retract")) return;
        foreach (var item in request.Elements(PubSub + "item"))
        {
            var (id, isIn) = ((string)item.Attribute("id")!, request.Name.LocalName == "publish");
            if (isIn) node.Items[id] = item;
            else node.Items.Remove(id);
            foreach (var subscriber in node.Subscribers)
                route(new XElement(
                    ScriptXml.Client + "message", new XAttribute("from", BlockList.Service), new XAttribute("to", subscriber),
                    new XElement(Event + "event", new XElement(
                        Event + "items", new XAttribute("node", Node(request)), new XElement(Event + (isIn ? "item" : "retract"), new XAttribute("id", id))))));
        }
    }

    private static string Node(XElement request) => (string?)request.Attribute("node") ?? "";

    private void Answer(XElement iq, string type, XElement? payload) => route(new XElement(
        iq.Name, new XAttribute("type", type), iq.Attribute("id"), new XAttribute("from", BlockList.Service), new XAttribute("to", (string)iq.Attribute("from")!), payload));
}
