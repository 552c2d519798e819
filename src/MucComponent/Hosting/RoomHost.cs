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
    /// <summary>Inputs that share one save. Enough for a busy room, and short enough for the others to get their turn.</summary>
    private const int BatchBound = 100;

    /// <summary>When so much waits for all rooms, their turns are shorter, so that each comes round sooner.</summary>
    private const int Flooded = 10_000;
    private const int FloodedBatchBound = 20;

    private static readonly StanzaError TooBig = StanzaError.PolicyViolation with { Detail = new XElement(Ns.Errors + "stanza-too-big") };

    private readonly Mailbox _mailbox = new();
    // What could not be kept and cannot be refused either, such as somebody's going: it is done before whatever comes next.
    private readonly Queue<Heard> _undone = new();
    private readonly MessageIds _ids = new(rooms.Clock);
    private bool _running;
    private bool _willRest;
    private bool _dozes;
    private int _spoilt; // rests in a row that were too short
    private long _idleSince;
    private long _restedSince;
    private Occupants? _rested; // who was there
    private bool _ended;
    private bool _hasTold; // anything at all, since it was loaded first
    private Guid _turn;
    private Room? _room;
    private Room? _attended; // as it is known to the attendance
    private Claim? _claim;
    private Task _run = Task.CompletedTask;

    /// <summary>Done when nothing waits in the mailbox and nothing is in hand.</summary>
    public Task Idle
    {
        get { lock (_mailbox) return _run; }
    }

    /// <summary>The room as it is now, for who only looks; null while it is being loaded.</summary>
    public Room? Room => Volatile.Read(ref _room);

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

    public Posted Post(Heard heard)
    {
        lock (_mailbox)
        {
            // Looked at in here, so that who closes and then asks whether we are idle misses nothing.
            if (rooms.IsClosed) return Posted.Closed;
            if (_ended) return Posted.Ended;
            if (!_mailbox.TryAdd(heard, _attended?.Occupants.Count ?? 0, rooms.Waiting)) return Posted.Full;
            rooms.CountWaiting(1);
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
            if (IsWaiting) await Task.Yield();
        }
    }

    private bool IsWaiting
    {
        get { lock (_mailbox) return _mailbox.Count > 0; }
    }

    // One bad request must not sink its neighbours; and where somebody else had the room meanwhile, it is ours again.
    private async Task TryOneByOneAsync(List<Heard> batch)
    {
        foreach (var heard in batch)
            if (await FailureAsync([heard]).ConfigureAwait(false) is { } failure) GiveUp([heard], failure);
    }

    private List<Heard>? TakeBatch()
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
                Attend(null);
                rooms.Ended(jid, this);
                return null;
            }
            var bound = rooms.Waiting < Flooded ? BatchBound : FloodedBatchBound;
            var batch = new List<Heard>(Math.Min(_undone.Count + _mailbox.Count, bound));
            while (batch.Count < bound && _undone.TryDequeue(out var undone)) batch.Add(undone);
            var again = batch.Count;
            while (batch.Count < bound && _mailbox.TryTake(out var heard)) batch.Add(heard);
            rooms.CountWaiting(again - batch.Count);
            return batch;
        }
    }

    private void BecomeIdle()
    {
        _idleSince = rooms.Clock.GetTimestamp();
        _dozes = false;
        if (_willRest) return;
        _willRest = true;
        // Who enters or leaves makes most of it anew in any case.
        if (_rested is not null && _rested == _room?.Occupants) _spoilt = Resting.Spoilt(rooms.Clock.GetElapsedTime(_restedSince), _spoilt);
        _rested = null;
        rooms.Resting.Add(this);
    }

    /// <summary>Lets go of what can be made again, as far as nothing has happened here for long enough. False if there is more for later.</summary>
    public bool Rest()
    {
        lock (_mailbox)
        {
            var quiet = rooms.Clock.GetElapsedTime(_idleSince);
            if (_running || quiet < Resting.Quiet) return false;
            if (!_dozes) _room?.Doze();
            _dozes = true;
            if (quiet < Resting.QuietAfter(_spoilt)) return false;
            _willRest = false;
            (_restedSince, _rested) = (rooms.Clock.GetTimestamp(), _room?.Occupants);
            _mailbox.TrimExcess();
            _undone.TrimExcess();
            _run = Task.CompletedTask;
            _room?.Rest();
            return true;
        }
    }

    /// <summary>Why nothing came of these inputs, and nothing is known of them to anybody; null if all is well.</summary>
    private async Task<Exception?> FailureAsync(List<Heard> inputs)
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

    private async Task HandleAsync(List<Heard> inputs)
    {
        var passage = Passage.Begin(jid, inputs);
        List<(Room Before, Stanza Stanza, Step Step)>? counted = StepMeter.IsOn ? [] : null;
        var changes = new List<Change>();
        var outgoing = ImmutableArray.CreateBuilder<Outgoing>();
        var room = _room ??= await LoadAsync(outgoing).ConfigureAwait(false);
        var reads = new List<Read>();
        var told = outgoing.Count > 0;
        foreach (var heard in inputs)
        {
            var step = Decide(room, heard);
            rooms.Attendance.Note(room, step, heard.Stanza.From!);
            counted?.Add((room, heard.Stanza, step));
            room = _attended = step.Room;
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
        Attend(room);
        // Loaded again by the same host, what it said before is in the outbox still.
        if (_hasTold) return room;
        Meters.Recovered.Add(stored.Sessions.Count);
        var (now, id) = _ids.Next();
        outgoing.AddRange(rooms.Engine.TellAgain(room, stored, now, id));
        return room;
    }

    private void Attend(Room? room)
    {
        rooms.Attendance.Replace(_attended, room);
        _attended = room;
    }

    private Step Decide(Room room, Heard heard)
    {
        var stanza = heard.Stanza;
        if (heard.Portion is { } portion)
            foreach (var change in portion.Changes)
                if (change is MessageKept { Message.Id: var said }) _ids.StartAfter(said);
        var (now, id) = _ids.Next();
        _turn = id;
        try
        {
            var mayEnter = stanza.Kind == StanzaKind.Presence && stanza.Type is null;
            var step = rooms.Engine.Handle(room, new Input(stanza, now, id) { Found = heard.Found, Portion = heard.Portion, Elsewhere = mayEnter ? rooms.Attendance.Of(stanza.From!.Bare) : default });
            if (IsRefusal(step, stanza) && !rooms.Reticence.TellsOfRule(stanza.From!)) return new Step(room, [], []);
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

    // Who asks by iq is always answered.
    private static bool IsRefusal(Step step, Stanza stanza) =>
        stanza.Kind != StanzaKind.Iq && step.Changes.IsEmpty && step.Outgoing is [{ Stanza.IsError: true }];

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

    private void GiveUp(List<Heard> inputs, Exception failure)
    {
        Meters.SaveFailures.Add(inputs.Count);
        if (failure is StoreUnavailableException or ClaimLostException) rooms.TellNotKept(jid, failure.Message);
        else if (failure is not OperationCanceledException) rooms.Log.HostFailed(failure, jid);
        foreach (var heard in inputs)
            if (failure is StoreUnavailableException && !heard.Stanza.MayBeRefused && _undone.Count < Mailbox.ReservedForGoodbyes) _undone.Enqueue(heard);
            else rooms.Refuse(heard.Stanza, StanzaError.InternalServerError);
    }

    private static string NewSalt() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
}
