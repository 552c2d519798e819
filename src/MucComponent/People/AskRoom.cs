using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.People;

/// <summary>Asks a room something in the service's own name, and waits for its answer, a result or an error.</summary>
/// <param name="type"><c>get</c> or <c>set</c>.</param>
/// <exception cref="TimeoutException">There was none.</exception>
public delegate Task<Stanza> AskRoom(Jid room, string type, XElement payload, CancellationToken stop);
