using MucComponent.Hosting;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>To whom a stanza goes: the service itself, or one room. It asks nobody and waits for nobody.</summary>
public sealed class Router(Jid domain, ServiceStanzas service, IRooms rooms)
{
    public void Route(Stanza stanza)
    {
        if (stanza.From is null || stanza.To is null || !stanza.To.IsAt(domain)) return;
        // To the service itself its rooms belong, and it does not speak to them by way of the server.
        if (stanza.From == domain && stanza.To.HasLocal) return;
        if (!stanza.To.HasLocal) service.Handle(stanza);
        else rooms.Post(stanza);
    }
}
