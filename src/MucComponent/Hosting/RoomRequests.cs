using System.Collections.Concurrent;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// Requests to rooms in the service's own name. A room handles one in its turn like anybody else's, with the same rules, and
/// tells those in it the same; its answer is there when what came of it is kept and on its way.
/// </summary>
/// <param name="post">Hands a stanza to its room, or refuses it.</param>
public sealed class RoomRequests(Jid domain, Action<Heard> post, TimeProvider clock)
{
    /// <summary>A room has a long mailbox, and a store may be slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Stanza>> _waiting = new();

    /// <summary>Asks a room and waits for its answer, a result or an error.</summary>
    /// <param name="type"><c>get</c> or <c>set</c>.</param>
    /// <exception cref="TimeoutException">There was none in a minute.</exception>
    public Task<Stanza> AskAsync(Jid room, string type, XElement payload, CancellationToken stop) => AskAsync(room, type, payload, null, stop);

    /// <summary>Hands a room what it is to take over, and waits until that is kept.</summary>
    /// <exception cref="TimeoutException">It was not in a minute.</exception>
    public Task<Stanza> HandAsync(Jid room, Portion portion, CancellationToken stop) => AskAsync(room, "set", TakingOver.Payload, portion, stop);

    private async Task<Stanza> AskAsync(Jid room, string type, XElement payload, Portion? portion, CancellationToken stop)
    {
        var id = $"own-{Guid.NewGuid():N}";
        var answer = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            post(new Heard(new Stanza(StanzaKind.Iq) { Type = type, Id = id, From = domain, To = room, Children = [payload] }) { Portion = portion });
            return await answer.Task.WaitAsync(Patience, clock, stop).ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Tells a room something, and waits until it has done what it does about it.</summary>
    /// <exception cref="TimeoutException">Not in a minute.</exception>
    public Task TellAsync(Stanza stanza, CancellationToken stop)
    {
        post(new Heard(stanza));
        return AskAsync(stanza.To!.Bare, "get", new XElement(Ns.Ping + "ping"), stop);
    }

    /// <summary>A room said this to the service; what nobody waits for is no matter.</summary>
    public void Take(Stanza stanza)
    {
        if (stanza is { Kind: StanzaKind.Iq, Type: "result" or "error", Id: { } id } && _waiting.TryGetValue(id, out var answer)) answer.TrySetResult(stanza);
    }
}
