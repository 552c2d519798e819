using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Rooms.UseCases;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>This process's rooms: each is loaded with its first stanza and leaves memory when nobody is in it.</summary>
public sealed class LocalRooms : IRooms, IDisposable
{
    /// <summary>A full disk is every room's trouble, and is not to be filled with its own complaints.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private const int MostShutOutAtOnce = 100;

    private readonly ConcurrentDictionary<Jid, RoomHost> _hosts = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _telling = new();
    private volatile bool _emptying;
    private volatile bool _closed;
    private int _sentOut;
    private int _waiting;
    private long? _toldAt;
    private int _unsaid;

    public LocalRooms(RoomEngine engine, IRoomStore store, IOutbox outbox, TimeProvider clock, ILogger<LocalRooms> log)
    {
        (Engine, Store, Outbox, Clock, Log) = (engine, store, outbox, clock, log);
        Stopping = _stopping.Token;
        (Reticence, Attendance) = (new Reticence(clock), new Attendance(clock, engine.Policy));
        Reads = new ArchiveReads(store, outbox, log, (stanza, found) => Post(new Heard(stanza) { Found = found }), Stopping);
        Resting = new Resting(clock);
    }

    internal RoomEngine Engine { get; }

    internal IRoomStore Store { get; }

    internal IOutbox Outbox { get; }

    internal TimeProvider Clock { get; }

    internal ILogger Log { get; }

    /// <summary>How often refusals are told.</summary>
    public Reticence Reticence { get; }

    /// <summary>Who is in how many rooms.</summary>
    public Attendance Attendance { get; }

    /// <summary>Answers what the rooms leave to be read.</summary>
    internal ArchiveReads Reads { get; }

    /// <summary>Makes rooms small in which nothing happens.</summary>
    public Resting Resting { get; }

    /// <summary>Ends what still waits when the deadline of a stop is over.</summary>
    internal CancellationToken Stopping { get; }

    /// <summary>No stanza is taken any more.</summary>
    internal bool IsClosed => _closed;

    /// <summary>How many rooms are in memory.</summary>
    public int Loaded => _hosts.Count;

    /// <summary>How many occupants they have.</summary>
    public int Occupants => _hosts.Sum(host => host.Value.Room?.Occupants.Count ?? 0);

    /// <summary>How many stanzas wait for all rooms.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    internal void CountWaiting(int more) => Interlocked.Add(ref _waiting, more);

    /// <summary>How many were told that the service stops (<see cref="Farewell"/>).</summary>
    public int SentOut => Volatile.Read(ref _sentOut);

    public void Post(Stanza stanza) => Post(new Heard(stanza));

    /// <summary>The same, with what comes along.</summary>
    public void Post(Heard heard)
    {
        var stanza = heard.Stanza;
        if (_emptying && stanza.MayBeRefused)
        {
            Refuse(stanza, Refusal.Stopping);
            return;
        }
        while (true)
        {
            switch (_hosts.GetOrAdd(stanza.To!.Bare, static (jid, rooms) => new RoomHost(jid, rooms), this).Post(heard))
            {
                case RoomHost.Posted.Taken:
                    return;
                case RoomHost.Posted.Full:
                    Meters.Overloads.Add(1);
                    if (!stanza.MayBeRefused || Reticence.TellsOfLimit(stanza.From!)) Refuse(stanza, StanzaError.ResourceConstraint);
                    return;
                case RoomHost.Posted.Closed:
                    Refuse(stanza, Refusal.Stopping);
                    return;
            }
        }
    }

    /// <summary>Has every room remove whoever is meant.</summary>
    /// <param name="isMeant">By bare JID.</param>
    public void ShutOut(Func<Jid, bool> isMeant)
    {
        foreach (var host in _hosts.Values)
        {
            if (host.Room is not { } room) continue;
            List<Jid> people = [.. room.Occupants.All.Select(o => o.RealJid).Distinct().Where(isMeant)];
            foreach (var some in people.Chunk(MostShutOutAtOnce)) Post(ShuttingOut.Request(room.Jid, some));
        }
    }

    /// <summary>Nobody comes in or says anything any more; who goes may go.</summary>
    public void LetGo() => _emptying = true;

    /// <summary>Waits until every room has done what it has taken so far.</summary>
    public Task IdleAsync(CancellationToken deadline) => Task.WhenAll(_hosts.Values.Select(host => host.Idle)).WaitAsync(deadline);

    /// <summary>Takes no more, and waits until every room has done what it had taken. After the deadline the rest is refused.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        _closed = true;
        try
        {
            await IdleAsync(deadline).ConfigureAwait(false);
            await Reads.FinishAsync(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.StoppedEarly(_hosts.Values.Count(host => !host.Idle.IsCompleted));
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Somebody else has the rooms now: takes no more, and refuses what waits. All that is in memory of them is void.</summary>
    public async Task GiveUpAsync(CancellationToken deadline)
    {
        _closed = true;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await StopAsync(deadline).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    internal void Ended(Jid room, RoomHost host) => _hosts.TryRemove(new(room, host));

    /// <summary>A room has sent this.</summary>
    internal void Sent(ImmutableArray<Outgoing> outgoing)
    {
        if (_emptying) Interlocked.Add(ref _sentOut, outgoing.Count(o => ShuttingDown.IsFarewell(o.Stanza)));
    }

    /// <summary>Answers at once, if there is room in the outbox: nobody waits for this.</summary>
    internal void Refuse(Stanza stanza, StanzaError error)
    {
        foreach (var refusal in Refusal.Of(stanza, error)) Outbox.TrySend(refusal);
    }

    /// <summary>Tells the operator at a calm rate.</summary>
    internal void TellNotKept(Jid room, string reason)
    {
        lock (_telling)
        {
            if (_toldAt is { } at && Clock.GetElapsedTime(at) < Calm)
            {
                _unsaid++;
                return;
            }
            Log.NotKept(room, reason, _unsaid);
            (_toldAt, _unsaid) = (Clock.GetTimestamp(), 0);
        }
    }
}
