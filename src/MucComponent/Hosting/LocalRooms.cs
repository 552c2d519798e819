using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>This process's rooms: each is loaded with its first stanza and leaves memory when nobody is in it.</summary>
public sealed class LocalRooms(RoomEngine engine, IRoomStore store, IOutbox outbox, TimeProvider clock, ILogger<LocalRooms> log) : IRooms, IDisposable
{
    private readonly ConcurrentDictionary<Jid, RoomHost> _hosts = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _closed;

    internal RoomEngine Engine => engine;

    internal IRoomStore Store => store;

    internal IOutbox Outbox => outbox;

    internal TimeProvider Clock => clock;

    internal ILogger Log => log;

    /// <summary>Ends what still waits when the deadline of a stop is over.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>How many rooms are in memory.</summary>
    public int Loaded => _hosts.Count;

    public void Post(Stanza stanza)
    {
        var room = stanza.To!.Bare;
        while (!_closed)
        {
            switch (_hosts.GetOrAdd(room, static (jid, rooms) => new RoomHost(jid, rooms), this).Post(stanza))
            {
                case RoomHost.Posted.Taken:
                    return;
                case RoomHost.Posted.Full:
                    if (stanza.MayBeRefused) outbox.TrySend(new Outgoing(stanza.Error(StanzaError.ResourceConstraint, room), [stanza.From!]));
                    return;
            }
        }
    }

    /// <summary>Waits until every room has done what it had taken.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        _closed = true;
        try
        {
            foreach (var host in _hosts.Values) await host.Idle.WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _stopping.Dispose();

    internal void Ended(Jid room, RoomHost host) => _hosts.TryRemove(new(room, host));
}
