using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// One loaded room: its mailbox, and the only place where it meets the world. For all that waits: decide, save, and only
/// then send. It lives from the first stanza for the room until nobody is in it and nothing waits.
/// </summary>
internal sealed class RoomHost(Jid jid, LocalRooms rooms)
{
    /// <summary>Stanzas that wait for one room. Beyond it a sender hears <c>resource-constraint</c>, and the reader is never held up.</summary>
    public const int MailboxBound = 10_000;

    /// <summary>Beyond that there is still room for what cannot be refused: of somebody who goes the server tells us only once.</summary>
    public const int ReservedForGoodbyes = 10_000;

    /// <summary>Inputs that share one save. Enough for a busy room, and short enough for the others to get their turn.</summary>
    private const int BatchBound = 100;

    private static readonly StanzaError TooBig = StanzaError.PolicyViolation with { Detail = new XElement(Ns.Errors + "stanza-too-big") };

    private readonly Queue<Arrival> _mailbox = new();
    // What could not be kept and cannot be refused either, such as somebody's going: it is done before whatever comes next.
    private readonly Queue<Arrival> _undone = new();
    private readonly MessageIds _ids = new(rooms.Clock);
    private bool _running;
    private bool _willRest;
    private long _idleSince;
    private bool _ended;
    private bool _hasTold; // anything at all, since it was loaded first
    private Guid _turn;
    private Room? _room;
    private Claim? _claim;
    private Task _run = Task.CompletedTask;

    /// <summary>Done when nothing waits in the mailbox and nothing is in hand.</summary>
    public Task Idle
    {
        get { lock (_mailbox) return _run; }
    }

    /// <summary>How many are in the room.</summary>
    public int Occupants => _room?.Occupants.Count ?? 0;

    /// <summary>How many stanzas wait for it.</summary>
    public int Waiting
    {
        get { lock (_mailbox) return _mailbox.Count; }
    }

    /// <summary>What became of a stanza.</summary>
    internal enum Posted
    {
        Taken,
        Full,

        /// <summary>This host has ended; a new one is needed.</summary>
        Ended,

        /// <summary>No room takes anything any more.</summary>
        Closed,
    }

    public Posted Post(Stanza stanza)
    {
        lock (_mailbox)
        {
            // Looked at in here, so that who closes and then asks whether we are idle misses nothing.
            if (rooms.IsClosed) return Posted.Closed;
            if (_ended) return Posted.Ended;
            if (_mailbox.Count >= (stanza.MayBeRefused ? MailboxBound : MailboxBound + ReservedForGoodbyes)) return Posted.Full;
            _mailbox.Enqueue(Arrival.Of(stanza));
            if (_running) return Posted.Taken;
            _running = true;
            _run = Task.Run(RunAsync);
            return Posted.Taken;
        }
    }

    private async Task RunAsync()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            var failure = await FailureAsync(batch).ConfigureAwait(false);
            if (failure is StoreUnavailableException or OperationCanceledException) GiveUp(batch, failure);
            else if (failure is not null) await TryOneByOneAsync(batch).ConfigureAwait(false);
            if (Waiting > 0) await Task.Yield();
        }
    }

    // One bad request must not sink its neighbours; and where somebody else had the room meanwhile, it is ours again.
    private async Task TryOneByOneAsync(List<Arrival> batch)
    {
        foreach (var arrival in batch)
            if (await FailureAsync([arrival]).ConfigureAwait(false) is { } failure) GiveUp([arrival], failure);
    }

    private List<Arrival>? TakeBatch()
    {
        lock (_mailbox)
        {
            if (_mailbox.Count == 0)
            {
                _running = false;
                // After a failure nobody knows who is in it, but only this host knows what is in the outbox.
                if ((_room is null ? _hasTold : !_room.Occupants.IsEmpty) || _undone.Count > 0)
                {
                    BecomeIdle();
                    return null;
                }
                _ended = true;
                rooms.Ended(jid, this);
                return null;
            }
            var batch = new List<Arrival>(Math.Min(_undone.Count + _mailbox.Count, BatchBound));
            while (batch.Count < BatchBound && _undone.TryDequeue(out var undone)) batch.Add(undone);
            while (batch.Count < BatchBound && _mailbox.TryDequeue(out var arrival)) batch.Add(arrival);
            return batch;
        }
    }

    private void BecomeIdle()
    {
        _idleSince = rooms.Clock.GetTimestamp();
        if (_willRest) return;
        _willRest = true;
        rooms.Resting.Add(this);
    }

    /// <summary>Lets go of what can be made again. False if something has happened here within this time.</summary>
    public bool Rest(TimeSpan quiet)
    {
        lock (_mailbox)
        {
            if (_running || rooms.Clock.GetElapsedTime(_idleSince) < quiet) return false;
            _willRest = false;
            _mailbox.TrimExcess();
            _undone.TrimExcess();
            _run = Task.CompletedTask;
            _room?.Rest();
            return true;
        }
    }

    /// <summary>Why nothing came of these inputs, and nothing is known of them to anybody; null if all is well.</summary>
    private async Task<Exception?> FailureAsync(List<Arrival> inputs)
    {
        try
        {
            await HandleAsync(inputs).ConfigureAwait(false);
            return null;
        }
#pragma warning disable CA1031 // Whatever goes wrong is one room's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // What is kept is the truth: the room is loaded anew for its next input.
            _room = null;
            return e;
        }
    }

    private async Task HandleAsync(List<Arrival> inputs)
    {
        var passage = Passage.Begin(jid, inputs);
        List<(Room Before, Stanza Stanza, Step Step)>? counted = StepMeter.IsOn ? [] : null;
        var changes = new List<Change>();
        var outgoing = ImmutableArray.CreateBuilder<Outgoing>();
        var room = _room ??= await LoadAsync(outgoing).ConfigureAwait(false);
        var reads = new List<Read>();
        var told = outgoing.Count > 0;
        foreach (var (stanza, _) in inputs)
        {
            var step = Decide(room, stanza);
            counted?.Add((room, stanza, step));
            room = step.Room;
            changes.AddRange(step.Changes);
            outgoing.AddRange(step.Outgoing);
            reads.AddRange(step.Reads);
        }
        passage?.Decided();
        if (changes.Count > 0)
        {
            var began = Meters.SaveTime.Begin();
            await rooms.Store.SaveAsync(jid, _claim!, changes, rooms.Stopping).ConfigureAwait(false);
            Meters.SaveTime.RecordSince(began);
        }
        passage?.Kept();
        _room = room;
        Delivery? delivery = changes.Count > 0 || told ? new Delivery(jid, _turn) : null;
        if (outgoing.Count > 0 || delivery is not null) await SendAsync(outgoing.DrainToImmutable(), delivery, passage).ConfigureAwait(false);
        _hasTold = true;
        foreach (var read in reads) rooms.Reads.Start(read);
        if (counted is not null)
            foreach (var (before, stanza, step) in counted) StepMeter.Count(before, stanza, step);
    }

    /// <param name="outgoing">Gets what must be told before anything else.</param>
    private async Task<Room> LoadAsync(ImmutableArray<Outgoing>.Builder outgoing)
    {
        var (stored, claim) = await rooms.Store.LoadAsync(jid, rooms.Stopping).ConfigureAwait(false);
        _claim = claim;
        _ids.StartAfter(stored.Delivered);
        foreach (var message in stored.History.Concat(stored.Undelivered)) _ids.StartAfter(message.Id);
        var room = Room.Restore(jid, stored, rooms.Engine.Features.Options, NewSalt());
        // Loaded again by the same host, what it said before is in the outbox still.
        if (_hasTold) return room;
        Meters.Recovered.Add(stored.Sessions.Count);
        var (now, id) = _ids.Next();
        outgoing.AddRange(rooms.Engine.TellAgain(room, stored, now, id));
        return room;
    }

    private Step Decide(Room room, Stanza stanza)
    {
        var (now, id) = _ids.Next();
        _turn = id;
        try
        {
            var step = rooms.Engine.Handle(room, new Input(stanza, now, id));
            // What no server would take must not be kept as if it had been said.
            return IsTooBig(step) && Refusal.Of(stanza, TooBig) is { Length: > 0 } refusal ? new Step(room, [], refusal) : step;
        }
#pragma warning disable CA1031 // A rule that fails is our bug; it is contained in this one input of this one room.
        catch (Exception e)
#pragma warning restore CA1031
        {
            rooms.Log.RuleFailed(e, jid, stanza.Id);
            return new Step(room, [], Refusal.Of(stanza, StanzaError.InternalServerError));
        }
    }

    private static bool IsTooBig(Step step)
    {
        foreach (var outgoing in step.Outgoing)
            if (Outbox.IsTooBig(outgoing)) return true;
        return false;
    }

    // Only this room waits for room in the outbox. It is kept, so whatever happens now is no reason to refuse it.
    private async Task SendAsync(ImmutableArray<Outgoing> outgoing, Delivery? delivery, Passage? passage)
    {
        try
        {
            await rooms.Outbox.SendAsync(outgoing, rooms.Stopping, delivery, passage).ConfigureAwait(false);
            rooms.Sent(outgoing);
        }
        catch (OperationCanceledException)
        {
            // The stop's deadline is over, and the server takes nothing any more.
        }
#pragma warning disable CA1031 // Our bug, and one room's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            rooms.Log.NotSent(e, jid);
        }
    }

    private void GiveUp(List<Arrival> inputs, Exception failure)
    {
        Meters.SaveFailures.Add(inputs.Count);
        if (failure is StoreUnavailableException or ClaimLostException) rooms.TellNotKept(jid, failure.Message);
        else if (failure is not OperationCanceledException) rooms.Log.HostFailed(failure, jid);
        foreach (var arrival in inputs)
            if (failure is StoreUnavailableException && !arrival.Stanza.MayBeRefused && _undone.Count < ReservedForGoodbyes) _undone.Enqueue(arrival);
            else rooms.Refuse(arrival.Stanza, StanzaError.InternalServerError);
    }

    private static string NewSalt() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
}
