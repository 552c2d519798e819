using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>
/// One piece of what is moved. A room comes first, then all that is its own, then the next room: whoever takes it needs to
/// remember the room alone.
/// </summary>
public abstract record Moved;

/// <summary>A room; its affiliations, sessions and messages follow.</summary>
/// <param name="Delivered">The turn up to which its occupants heard all (<see cref="StoredRoom.Delivered"/>); null: up to the last message.</param>
public sealed record MovedRoom(Jid Jid, RoomRecord Record, Guid? Delivered) : Moved;

/// <summary>An entry of the affiliation list of the room before it.</summary>
public sealed record MovedAffiliation(AffiliationRecord Affiliation) : Moved;

/// <summary>A session in the room before it.</summary>
public sealed record MovedSession(SessionRecord Session) : Moved;

/// <summary>A message said in the room, or kept in the destroyed room's archive, before it.</summary>
public sealed record MovedMessage(MessageRecord Message) : Moved;

/// <summary>What stays of a destroyed room.</summary>
public sealed record MovedTombstone(Jid Room, Tombstone Tombstone) : Moved;

/// <summary>The archive of a destroyed room; its messages follow.</summary>
public sealed record MovedArchive(Jid Room, DestroyedArchive Archive) : Moved;
