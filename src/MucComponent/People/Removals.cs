using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.People;

/// <summary>
/// Takes back all that somebody said lately, in all rooms, as a moderator would (XEP-0425), against waves of spam. What was said is put
/// aside for a while, so that a mistake can be undone; then it is gone.
/// </summary>
public sealed class Removals(IRoomStore store, AskRoom ask, TimeProvider clock)
{
    /// <summary>How long what was taken away can be given back: a mistake shows within days.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private const int PageSize = 100;

    /// <summary>Takes back what this person said within the last so much time; everybody in the rooms is told.</summary>
    /// <param name="author">Bare.</param>
    /// <param name="reason">Told to everybody, or null.</param>
    public async Task<RemovalReceipt> RemoveAsync(Jid author, TimeSpan within, string? reason, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var aside = new Aside(Guid.CreateVersion7(now), now + KeptFor);
        var rooms = new List<RemovedInRoom>();
        Jid? last = null;
        while (await store.ListTracesAsync(author, last, PageSize, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var room in page)
            {
                var done = await RemoveAsync(room, author, now - within, reason, aside, stop).ConfigureAwait(false);
                if (done is not { Messages: 0, Failed: 0 }) rooms.Add(done);
            }
            last = page[^1];
        }
        return new RemovalReceipt(aside.Removal, aside.Until, rooms);
    }

    /// <summary>What can be undone, the newest first.</summary>
    public Task<IReadOnlyList<RemovalRecord>> ListAsync(int max, CancellationToken stop) => store.ListRemovalsAsync(max, stop);

    /// <summary>Gives back what was taken away, where it is still kept; it is in the archives again and newcomers get it. Clients have no word for it, so nobody is told.</summary>
    public async Task<RemovalReceipt> UndoAsync(Guid removal, CancellationToken stop)
    {
        var rooms = new List<RemovedInRoom>();
        RemovedMessage? last = null;
        while (await store.ReadRemovalAsync(removal, last, PageSize, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var message in page)
            {
                if (rooms is not [.., { Room: var room }] || room != message.Room) rooms.Add(new RemovedInRoom(message.Room, 0, 0));
                rooms[^1] = rooms[^1].With(await DoAsync(message.Room, Moderation.Undoing(message.Id, message.Xml), stop).ConfigureAwait(false));
            }
            last = page[^1];
        }
        return new RemovalReceipt(removal, clock.GetUtcNow(), rooms);
    }

    private async Task<RemovedInRoom> RemoveAsync(Jid room, Jid author, DateTimeOffset since, string? reason, Aside aside, CancellationToken stop)
    {
        var done = new RemovedInRoom(room, 0, 0);
        var query = new ArchiveQuery { With = author, Passing = true, Max = ArchiveQuery.MaxPage }.From(since);
        while (await store.ReadArchiveAsync(room, query, stop).ConfigureAwait(false) is { Messages: { IsEmpty: false } messages })
        {
            // What was taken back by them, as a moderator too, stays taken back.
            foreach (var message in messages)
                if (!message.Retracted && !Retraction.IsIn(Read(message)))
                    done = done.With(await DoAsync(room, Moderation.Request(message.Id, reason, aside), stop).ConfigureAwait(false));
            query = query with { After = messages[^1].Id };
        }
        return done;
    }

    private async Task<bool> DoAsync(Jid room, XElement payload, CancellationToken stop)
    {
        try
        {
            return (await ask(room, "set", payload, stop).ConfigureAwait(false)).Type == "result";
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static Stanza Read(MessageRecord message) =>
        Stanza.TryFrom(StanzaParser.Parse(message.Xml), out var stanza) ? stanza : throw new FormatException($"message {message.Id} is not a stanza");
}

/// <summary>What was taken away, or given back.</summary>
/// <param name="Removal">By this it can be undone.</param>
/// <param name="Until">UTC; until then.</param>
public sealed record RemovalReceipt(Guid Removal, DateTimeOffset Until, IReadOnlyList<RemovedInRoom> Rooms);

/// <param name="Messages">How many it worked with.</param>
/// <param name="Failed">And with how many it did not.</param>
public sealed record RemovedInRoom(Jid Room, int Messages, int Failed)
{
    internal RemovedInRoom With(bool worked) => worked ? this with { Messages = Messages + 1 } : this with { Failed = Failed + 1 };
}
