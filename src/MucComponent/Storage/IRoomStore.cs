using System.Collections.Immutable;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// Where rooms are kept. All stores mean the same by a <see cref="Change"/> (<see cref="StoredRoom.With"/>), and one
/// contract test suite runs against all of them.
/// </summary>
public interface IRoomStore : IAsyncDisposable
{
    /// <summary>Makes the store ready: creates or upgrades its schema, and proves that it can be written to.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used; the message is one line for the operator.</exception>
    Task OpenAsync(CancellationToken stop);

    /// <summary>Whether it could be used, without using it: for who looks before the service starts. Changes nothing that is kept.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used; the message is one line for the operator.</exception>
    Task TryAsync(CancellationToken stop);

    /// <summary>
    /// Claims the room for the caller and returns all that is kept of it (<see cref="StoredRoom.Nothing"/> if nothing is).
    /// Any earlier claim on it is void from now on. Claiming a room that does not exist writes nothing: of several who
    /// hold such a claim, the first to create the room has it. Whoever destroys a room may create it anew.
    /// </summary>
    Task<LoadedRoom> LoadAsync(Jid room, CancellationToken stop);

    /// <summary>Keeps the changes of one or more steps, in order, all or nothing; they are durable when this returns.</summary>
    /// <exception cref="ClaimLostException">Somebody else has loaded or created the room since; nothing was kept.</exception>
    /// <exception cref="StoreUnavailableException">
    /// Nothing was kept, and trying again later may help; where the store cannot tell (the database went away during the
    /// commit) the claim is lost with it, so that the holder loads again and sees.
    /// </exception>
    /// <exception cref="InvalidOperationException">A change to a room that does not exist and that no earlier one creates.</exception>
    Task SaveAsync(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop);

    /// <summary>
    /// Notes what the server has got, so that a load tells what it may not have (<see cref="StoredRoom.Undelivered"/>).
    /// Needs no claim; of two for one room the later turn counts, and a room that does not exist is passed over. It
    /// survives the end of this process; after the loss of power an earlier one may count again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was noted; trying again later may help.</exception>
    Task DeliveredAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop);

    /// <summary>The rooms strangers may find (<see cref="RoomRecord.Listed"/>), in the order of their addresses.</summary>
    /// <param name="after">Begin after this room (exclusive), or at the start if null.</param>
    /// <param name="before">End before this room (exclusive); with null for <paramref name="backwards"/> pages the last ones.</param>
    /// <param name="backwards">Take the last ones before <paramref name="before"/> instead of the first ones after <paramref name="after"/>; they still come in ascending order.</param>
    /// <param name="max">How many at most; 0 returns the count alone.</param>
    Task<RoomList> ListAsync(Jid? after, Jid? before, bool backwards, int max, CancellationToken stop);

    /// <summary>Rooms with what they say of themselves, and how full they are, in the order of their addresses.</summary>
    /// <param name="after">Begin after this room (exclusive), or at the start if null.</param>
    /// <param name="hidden">Also those that strangers may not find: for the operator.</param>
    Task<IReadOnlyList<RoomSummary>> SurveyAsync(Jid? after, int max, bool hidden, CancellationToken stop);

    /// <summary>How much is kept.</summary>
    Task<StoreFigures> CountAsync(CancellationToken stop);

    /// <summary>The rooms that somebody is in, in the order of their addresses.</summary>
    /// <param name="after">Begin after this room (exclusive), or at the start if null.</param>
    Task<IReadOnlyList<Jid>> ListOccupiedAsync(Jid? after, int max, CancellationToken stop);

    /// <summary>The rooms that wait for their end and that nobody has been in since this time or longer, in the order of their addresses.</summary>
    /// <param name="by">UTC.</param>
    /// <param name="after">Begin after this room (exclusive), or at the start if null.</param>
    Task<IReadOnlyList<Jid>> ListEmptiedAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop);

    /// <summary>The rooms that have something to do of themselves at this time (<see cref="RoomRecord.Due"/>), in the order of their addresses.</summary>
    /// <param name="by">UTC.</param>
    /// <param name="after">Begin after this room (exclusive), or at the start if null.</param>
    Task<IReadOnlyList<Jid>> ListDueAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop);

    /// <summary>
    /// What the room's archive gives for this query (<see cref="ArchiveQuery.Over"/>); null if a message that it names is
    /// not in it. Sees all that was saved before, needs no claim, and holds up no save.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It could not be read; trying again later may help.</exception>
    Task<ArchivePage?> ReadArchiveAsync(Jid room, ArchiveQuery query, CancellationToken stop);

    /// <summary>The rooms that hold anything about a person: messages, an affiliation, a session, a mention in a list; in the order of their addresses.</summary>
    /// <param name="person">Bare.</param>
    /// <param name="after">Begin after this room (exclusive), or at the start if null.</param>
    Task<IReadOnlyList<Jid>> ListTracesAsync(Jid person, Jid? after, int max, CancellationToken stop);

    /// <summary>What was put aside (<see cref="Rooms.Aside"/>), the newest removals first.</summary>
    Task<IReadOnlyList<RemovalRecord>> ListRemovalsAsync(int max, CancellationToken stop);

    /// <summary>What was put aside in one removal, in the order of rooms and messages.</summary>
    /// <param name="after">Begin after this one (exclusive), or at the start if null.</param>
    Task<IReadOnlyList<RemovedMessage>> ReadRemovalAsync(Guid removal, RemovedMessage? after, int max, CancellationToken stop);

    /// <summary>Removes what was put aside until before this time.</summary>
    /// <param name="now">UTC.</param>
    /// <exception cref="StoreUnavailableException">Trying again later may help.</exception>
    Task RemoveAsideAsync(DateTimeOffset now, CancellationToken stop);

    /// <summary>What a person said in rooms that were destroyed and whose archives are kept; one archive after another, oldest first.</summary>
    /// <param name="person">Bare.</param>
    /// <param name="after">Begin after this one (exclusive), or at the start if null.</param>
    Task<IReadOnlyList<DestroyedMessage>> ReadDestroyedAsync(Jid person, DestroyedMessage? after, int max, CancellationToken stop);

    /// <summary>Removes that.</summary>
    /// <exception cref="StoreUnavailableException">Trying again later may help.</exception>
    Task RemoveDestroyedAsync(Jid person, CancellationToken stop);

    /// <summary>
    /// Removes a portion of the messages that are older than their rooms keep them, or kept them before they were destroyed
    /// (<see cref="Rooms.DestroyedArchive"/>), the oldest of a room first. Needs no claim
    /// and voids none, and holds up no save for longer than the portion takes.
    /// </summary>
    /// <param name="now">UTC.</param>
    /// <param name="atMost">What the service allows; null if only rooms set something (<see cref="Rooms.RoomRecord.Retention"/>).</param>
    /// <param name="max">How many at most.</param>
    /// <returns>How many; 0 when there are none any more.</returns>
    /// <exception cref="StoreUnavailableException">Trying again later may help.</exception>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, TimeSpan? atMost, int max, CancellationToken stop);
}

/// <summary>A room as it was kept, and the right to change it.</summary>
public sealed record LoadedRoom(StoredRoom Stored, Claim Claim);

/// <summary>One page of the rooms of the service.</summary>
/// <param name="Count">How many there are in all.</param>
/// <param name="Index">How many come before the first of this page; 0 on an empty page.</param>
public sealed record RoomList(IReadOnlyList<ListedRoom> Rooms, int Count, int Index);

/// <summary>One room of the list.</summary>
public sealed record ListedRoom(Jid Jid, string Name);

/// <summary>What was taken away together and can be given back.</summary>
/// <param name="Messages">How many are put aside.</param>
/// <param name="Until">UTC; then they are gone.</param>
public sealed record RemovalRecord(Guid Removal, int Messages, DateTimeOffset Until);

/// <summary>A message that was put aside.</summary>
/// <param name="Xml">As it was.</param>
public sealed record RemovedMessage(Jid Room, Guid Id, string Xml);

/// <summary>A message of a destroyed room.</summary>
/// <param name="Archive">That of the room (<see cref="DestroyedArchive"/>).</param>
public sealed record DestroyedMessage(Guid Archive, Jid Room, Guid Id, DateTimeOffset At, string Xml);

/// <summary>One room, described.</summary>
/// <param name="Listed">Whether strangers may find it.</param>
/// <param name="Locked">Not configured yet.</param>
/// <param name="Created">UTC.</param>
/// <param name="Occupants">How many are in it, each counted once however many clients they have.</param>
public sealed record RoomSummary(Jid Jid, string Name, bool Listed, bool Locked, DateTimeOffset Created, int Occupants)
{
    /// <summary>When it was made, or anything was told in it last: something said, somebody coming or going, a change of it. UTC.</summary>
    public DateTimeOffset Active { get; private init; } = Created;

    /// <summary>As in <see cref="RoomRecord.Options"/>.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Options { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The same, known to have been active in this turn, or with this message; the last of them counts.</summary>
    public RoomSummary ActiveIn(Guid turn) => Input.TimeOf(turn) is var at && at > Active ? this with { Active = at } : this;
}

/// <summary>How much a store keeps.</summary>
/// <param name="Rooms">Rooms in all.</param>
/// <param name="Occupied">Rooms that somebody is in.</param>
/// <param name="Occupants">Of all rooms together.</param>
/// <param name="Sessions">Their clients.</param>
public sealed record StoreFigures(int Rooms, int Occupied, int Occupants, int Sessions);

/// <summary>Another holder has the room now. Not a fault: this process steps back from the room.</summary>
public sealed class ClaimLostException(Jid room) : Exception($"the claim on {room} was lost to another loader");

/// <summary>The store cannot do its work now. The message is one line for the operator.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Another process has it.</summary>
    public bool IsInUse { get; init; }
}
