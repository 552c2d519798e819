using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>The stamp on what is said again later (XEP-0203).</summary>
public static class Delay
{
    public static readonly XName ElementName = Ns.Delay + "delay";

    /// <summary>Stamped by the room, as XEP-0045 §7.2.13 asks, so that nobody's address shows.</summary>
    public static XElement By(Jid room, DateTimeOffset at) =>
        new(ElementName, new XAttribute("from", room.ToString()), new XAttribute("stamp", Timestamp.Format(at)));
}
