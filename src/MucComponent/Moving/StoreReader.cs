using System.Runtime.CompilerServices;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>
/// All that is in a store, piece by piece, in an order that depends on nothing else: the same store is read the same each time. A
/// service may run on it: each room is read as it is at one moment, and what is taken back or removed meanwhile is not read any more.
/// </summary>
public static class StoreReader
{
    /// <summary>Rooms listed at once.</summary>
    private const int Rooms = 1_000;

    /// <summary>Messages read at once: few, since one may have half a megabyte.</summary>
    private const int Messages = 100;

    public static async IAsyncEnumerable<Moved> ReadAsync(IWholeStore store, [EnumeratorCancellation] CancellationToken stop)
    {
        Jid? after = null;
        while (await store.ListAllAsync(after, Rooms, stop) is { Count: > 0 } rooms)
        {
            foreach (var room in rooms)
                await foreach (var piece in RoomAsync(store, room, stop)) yield return piece;
            after = rooms[^1];
        }

        var last = Guid.Empty;
        while (await store.ListDestroyedAsync(last, Rooms, stop) is { Count: > 0 } archives)
        {
            foreach (var (room, archive) in archives)
            {
                yield return new MovedArchive(room, archive);
                await foreach (var message in AllAsync((id, max) => store.ReadDestroyedAsync(archive.Id, id, max, stop))) yield return new MovedMessage(message);
            }
            last = archives[^1].Archive.Id;
        }
    }

    private static async IAsyncEnumerable<Moved> RoomAsync(IWholeStore store, Jid room, [EnumeratorCancellation] CancellationToken stop)
    {
        var (stored, last) = await store.SeeAsync(room, stop);
        if (stored.Tombstone is { } tombstone) yield return new MovedTombstone(room, tombstone);
        if (stored.Room is not { } record) yield break;

        yield return new MovedRoom(room, record, stored.Delivered);
        foreach (var affiliation in stored.Affiliations.Values.OrderBy(a => a.Jid.ToString(), StringComparer.Ordinal)) yield return new MovedAffiliation(affiliation);
        foreach (var session in stored.Sessions.Values.OrderBy(s => s.Jid.ToString(), StringComparer.Ordinal)) yield return new MovedSession(session);

        // A store may have some more that are neither archived nor new enough for anybody, since it forgets them a little later.
        var forNewcomers = stored.History.FirstOrDefault()?.Id ?? Guid.AllBitsSet;
        await foreach (var message in AllAsync((id, max) => store.ReadMessagesAsync(room, id, max, stop)))
        {
            if (message.Id.CompareTo(last) > 0) break;
            if (message.Archived || message.Id.CompareTo(forNewcomers) >= 0) yield return new MovedMessage(message);
        }
    }

    private static async IAsyncEnumerable<MessageRecord> AllAsync(Func<Guid, int, Task<IReadOnlyList<MessageRecord>>> read)
    {
        var last = Guid.Empty;
        while (await read(last, Messages) is { Count: > 0 } messages)
        {
            foreach (var message in messages) yield return message;
            last = messages[^1].Id;
        }
    }
}
