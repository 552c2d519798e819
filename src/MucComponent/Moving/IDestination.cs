using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>Where an import puts rooms: into a store that nobody else works on (<see cref="IntoStore"/>), or into the running service (<see cref="IntoService"/>).</summary>
public interface IDestination
{
    /// <summary>Whether who was in a room is in it from now on. A service that runs knows by itself who is in.</summary>
    bool TakesSessions { get; }

    /// <summary>What is there of a room that is about to be put.</summary>
    Task<StoredRoom> SeeAsync(Jid room, CancellationToken stop);

    /// <summary>Puts a portion of that room; kept when this returns.</summary>
    /// <returns>False if the room became another one since it was seen, or is gone; nothing was put.</returns>
    Task<bool> PutAsync(Jid room, Portion portion, CancellationToken stop);

    /// <summary>The whole room is there.</summary>
    /// <param name="upTo">The turn up to which its occupants have heard all.</param>
    Task FinishAsync(Jid room, Guid upTo, CancellationToken stop);

    /// <summary>The ids of the messages of this room that are there, from the first to the last of these.</summary>
    Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop);

    /// <summary>Keeps these messages of a destroyed room, as far as they are not there. False if such archives are not kept there.</summary>
    Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop);
}
