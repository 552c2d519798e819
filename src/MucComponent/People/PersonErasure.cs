using System.Text.Json;
using MucComponent.Rooms.Features;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.People;

/// <summary>
/// Forgets a person, in all rooms: what they said becomes nameless tombstones, and their presence, affiliations, reserved nicks
/// and places in lists go; bans too. Rooms do it in their own turns, one after another, each message in portions. What is in
/// the text of others, and nicks in other people's tombstones, stays; backups are the operator's.
/// </summary>
public sealed class PersonErasure(IRoomStore store, AskRoom ask, TimeProvider clock)
{
    private const int PageSize = 100;

    /// <summary>Forgets what there is, and says what that was. What fails in one room is said too, and hinders no other; it can be done again.</summary>
    /// <param name="person">Bare.</param>
    /// <param name="progress">Told how far it has come; must not wait.</param>
    /// <exception cref="StoreUnavailableException">Nobody can say where more is; what was done is done.</exception>
    public async Task<ErasureReceipt> EraseAsync(Jid person, CancellationToken stop, Action<string>? progress = null)
    {
        var rooms = new List<ErasedInRoom>();
        Jid? last = null;
        while (await store.ListTracesAsync(person, last, PageSize, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var room in page)
            {
                rooms.Add(await EraseAsync(room, person, stop).ConfigureAwait(false));
                progress?.Invoke($"{rooms.Count} rooms, {rooms.Sum(r => (long)r.Messages)} messages");
            }
            last = page[^1];
        }
        var destroyed = 0;
        DestroyedMessage? message = null;
        while (await store.ReadDestroyedAsync(person, message, PageSize, stop).ConfigureAwait(false) is { Count: > 0 } some)
        {
            destroyed += some.Count;
            message = some[^1];
        }
        if (destroyed > 0) await store.RemoveDestroyedAsync(person, stop).ConfigureAwait(false);
        return new ErasureReceipt(person, clock.GetUtcNow(), rooms, destroyed);
    }

    private async Task<ErasedInRoom> EraseAsync(Jid room, Jid person, CancellationToken stop)
    {
        var done = new ErasedInRoom(room, 0, 0, 0, 0, null);
        while (true)
        {
            Stanza answer;
            try
            {
                answer = await ask(room, "set", Erasure.Order(person), stop).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return done with { Failure = "the room does not answer" };
            }
            if (answer is not { Type: "result", Children: [var erased] })
                return done with { Failure = answer.ErrorCondition ?? "the room does not say what it did" };
            var part = ErasureAnswer.From(erased);
            done = done with
            {
                Messages = done.Messages + part.Messages,
                Sessions = done.Sessions + part.Sessions,
                Affiliations = done.Affiliations + part.Affiliations,
                Mentions = done.Mentions + part.Rows,
                IsForsaken = done.IsForsaken || part.IsForsaken,
            };
            if (!part.More) return done;
        }
    }
}

/// <summary>What was forgotten of a person.</summary>
/// <param name="At">When it was done, UTC.</param>
/// <param name="Rooms">Each room that held something.</param>
/// <param name="DestroyedMessages">Messages in the archives of rooms that were destroyed.</param>
public sealed record ErasureReceipt(Jid Person, DateTimeOffset At, IReadOnlyList<ErasedInRoom> Rooms, int DestroyedMessages)
{
    /// <summary>For the operator's records.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            person = Person.ToString(),
            at = Timestamp.Format(At),
            rooms = Rooms.Select(r => new
            {
                room = r.Room.ToString(),
                messages = r.Messages,
                sessions = r.Sessions,
                affiliations = r.Affiliations,
                mentions = r.Mentions,
                forsaken = r.IsForsaken,
                failure = r.Failure,
            }),
            destroyed_messages = DestroyedMessages,
        },
        PersonExport.Readable);
}

/// <param name="Mentions">Rows of lists: kept roles, invitations, requests, actions of moderators.</param>
/// <param name="Failure">Why there may be more; null if all went well.</param>
public sealed record ErasedInRoom(Jid Room, int Messages, int Sessions, int Affiliations, int Mentions, string? Failure)
{
    /// <summary>They were its only owner, and it has none now.</summary>
    public bool IsForsaken { get; init; }
}
