using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>The seam that scale-out replaces: who hosts a room is nobody else's business.</summary>
public interface IRooms
{
    /// <summary>
    /// Hands a stanza to the room it is addressed to. Never waits: a room that cannot take more answers
    /// <c>resource-constraint</c> itself.
    /// </summary>
    void Post(Stanza stanza);

    /// <summary>Ends hosting: no more is taken, and what was taken is decided, kept and sent.</summary>
    Task StopAsync(CancellationToken deadline);
}
