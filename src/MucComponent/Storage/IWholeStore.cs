using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// A store read from its first room to its last, for moving rooms out of it and into it. Reading takes no room away from those
/// who host it. All that is listed comes in portions, so that nothing has to fit into memory.
/// </summary>
public interface IWholeStore : IRoomStore
{
    /// <summary>All rooms and tombstones, in the order of their addresses.</summary>
    /// <param name="after">Begin after this room (exclusive), or at the start if null.</param>
    Task<IReadOnlyList<Jid>> ListAllAsync(Jid? after, int max, CancellationToken stop);

    /// <summary>All that is kept of a room, as of one moment and with every save before it; without a claim.</summary>
    Task<SeenRoom> SeeAsync(Jid room, CancellationToken stop);

    /// <summary>All messages that are kept of this room, for newcomers or for the archive, in their order.</summary>
    /// <param name="after">Begin after this one (exclusive).</param>
    Task<IReadOnlyList<MessageRecord>> ReadMessagesAsync(Jid room, Guid after, int max, CancellationToken stop);

    /// <summary>The ids of the messages of this room that are kept, from the first to the last of these.</summary>
    Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop);

    /// <summary>The archives of destroyed rooms, in the order of their ids.</summary>
    /// <param name="after">Begin after this one (exclusive).</param>
    Task<IReadOnlyList<(Jid Room, DestroyedArchive Archive)>> ListDestroyedAsync(Guid after, int max, CancellationToken stop);

    /// <summary>What was said in a destroyed room, in its order.</summary>
    /// <param name="after">Begin after this message (exclusive).</param>
    Task<IReadOnlyList<MessageRecord>> ReadDestroyedAsync(Guid archive, Guid after, int max, CancellationToken stop);

    /// <summary>Keeps these messages of a destroyed room, as far as they are not there. False if this store keeps no such archives.</summary>
    Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop);
}

/// <summary>A room as it was at one moment.</summary>
/// <param name="Last">The newest message of then, or <see cref="Guid.Empty"/>: what comes after it is not part of this.</param>
public sealed record SeenRoom(StoredRoom Stored, Guid Last);
