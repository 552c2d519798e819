using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>What a room hears: a stanza, with the time and a fresh id, since no rule may make either itself.</summary>
/// <param name="Stanza">From somebody, to the room or one of its occupants.</param>
/// <param name="Now">UTC.</param>
/// <param name="Id">A new UUIDv7: the key of the message this input may put into the archive.</param>
public sealed record Input(Stanza Stanza, DateTimeOffset Now, Guid Id);
