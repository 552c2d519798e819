using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Storage;
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

    /// <summary>Inputs that share one save. Enough for a busy room, and short enough for the others to get their turn.</summary>
    private const int BatchBound = 100;

    private readonly Queue<Stanza> _mailbox = new();
    private readonly MessageIds _ids = new(rooms.Clock);
    private bool _running;
    private bool _ended;
    private Room? _room;
    private Claim? _claim;
    private Task _run = Task.CompletedTask;

    /// <summary>Done when nothing waits in the mailbox and nothing is in hand.</summary>
    public Task Idle
    {
        get { lock (_mailbox) return _run; }
    }

    /// <summary>What became of a stanza.</summary>
    internal enum Posted
    {
        Taken,
        Full,

        /// <summary>This host has ended; a new one is needed.</summary>
        Ended,
    }

    public Posted Post(Stanza stanza)
    {
        lock (_mailbox)
        {
            if (_ended) return Posted.Ended;
            if (_mailbox.Count >= MailboxBound) return Posted.Full;
            _mailbox.Enqueue(stanza);
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
            try
            {
                await HandleAsync(batch).ConfigureAwait(false);
            }
            catch (Exception e) when (e is StoreUnavailableException or ClaimLostException)
            {
                rooms.Log.NotKept(jid, e.Message);
                GiveUp(batch);
            }
            catch (OperationCanceledException)
            {
                GiveUp(batch);
            }
#pragma warning disable CA1031 // Whatever else goes wrong is our bug, and one room's.
            catch (Exception e)
#pragma warning restore CA1031
            {
                rooms.Log.HostFailed(e, jid);
                GiveUp(batch);
            }
            await Task.Yield();
        }
    }

    // What is kept is the truth: the room is loaded anew for its next stanza.
    private void GiveUp(List<Stanza> batch)
    {
        _room = null;
        foreach (var stanza in batch) Refuse(stanza, StanzaError.InternalServerError);
    }

    private List<Stanza>? TakeBatch()
    {
        lock (_mailbox)
        {
            if (_mailbox.Count == 0)
            {
                _running = false;
                if (_room is { Occupants.IsEmpty: false }) return null;
                _ended = true;
                rooms.Ended(jid, this);
                return null;
            }
            var batch = new List<Stanza>(Math.Min(_mailbox.Count, BatchBound));
            while (batch.Count < BatchBound && _mailbox.TryDequeue(out var stanza)) batch.Add(stanza);
            return batch;
        }
    }

    private async Task HandleAsync(List<Stanza> batch)
    {
        if (_room is null)
        {
            var (stored, claim) = await rooms.Store.LoadAsync(jid, rooms.Stopping).ConfigureAwait(false);
            (_room, _claim) = (Room.Restore(jid, stored, rooms.Engine.Features.Options, NewSalt()), claim);
        }

        var room = _room;
        var changes = new List<Change>();
        var outgoing = ImmutableArray.CreateBuilder<Outgoing>();
        foreach (var stanza in batch)
        {
            if (Decide(room, stanza) is not { } step) continue;
            room = step.Room;
            changes.AddRange(step.Changes);
            outgoing.AddRange(step.Outgoing);
        }
        if (changes.Count > 0) await rooms.Store.SaveAsync(jid, _claim!, changes, rooms.Stopping).ConfigureAwait(false);
        _room = room;
        await rooms.Outbox.SendAsync(outgoing.DrainToImmutable(), rooms.Stopping).ConfigureAwait(false);
    }

    private Step? Decide(Room room, Stanza stanza)
    {
        var (now, id) = _ids.Next();
        try
        {
            return rooms.Engine.Handle(room, new Input(stanza, now, id));
        }
#pragma warning disable CA1031 // A rule that fails is our bug; it is contained in this one input of this one room.
        catch (Exception e)
#pragma warning restore CA1031
        {
            rooms.Log.RuleFailed(e, jid, stanza.Id);
            Refuse(stanza, StanzaError.InternalServerError);
            return null;
        }
    }

    private void Refuse(Stanza stanza, StanzaError error)
    {
        if (stanza.MayBeRefused) rooms.Outbox.TrySend(new Outgoing(stanza.Error(error, jid), [stanza.From!]));
    }

    private static string NewSalt() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
}
