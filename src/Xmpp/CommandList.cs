using System.Xml.Linq;

namespace MucComponent.Xmpp;

/// <summary>Commands in service discovery (XEP-0050 §2.2).</summary>
public static class CommandList
{
    /// <summary>The items of the node of all commands.</summary>
    public static XElement Items(Jid jid, IEnumerable<(string Node, string Name)> commands) => new(
        Ns.DiscoItems + "query",
        new XAttribute("node", Ns.Commands.NamespaceName),
        commands.Select(c => new XElement(
            Ns.DiscoItems + "item", new XAttribute("jid", jid.ToString()), new XAttribute("node", c.Node), new XAttribute("name", c.Name))));

    /// <param name="type"><c>command-list</c> or <c>command-node</c>.</param>
    public static XElement Info(string node, string type, string name) => new(
        Ns.DiscoInfo + "query",
        new XAttribute("node", node),
        new XElement(Ns.DiscoInfo + "identity", new XAttribute("category", "automation"), new XAttribute("type", type), new XAttribute("name", name)),
        Feature(Ns.Commands), Feature(Ns.DataForms));

    private static XElement Feature(XNamespace ns) => new(Ns.DiscoInfo + "feature", new XAttribute("var", ns.NamespaceName));
}
