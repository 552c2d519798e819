using MucComponent.Hosting;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>To whom a stanza goes: the service itself, or one room. It asks nobody and waits for nobody.</summary>
public sealed class Router(Jid domain, ServiceStanzas service, IRooms rooms)
{
    public void Route(Stanza stanza)
    {
        if (stanza.From is null || stanza.To is null || !stanza.To.IsAt(domain)) return;
        if (!stanza.To.HasLocal) service.Handle(stanza);
        else rooms.Post(stanza);
    }
}
