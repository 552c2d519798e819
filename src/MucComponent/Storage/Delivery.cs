using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>The server has got all that a room said up to one of its turns.</summary>
/// <param name="UpTo">The turn's id (<see cref="Rooms.Input.Id"/>).</param>
public readonly record struct Delivery(Jid Room, Guid UpTo);
