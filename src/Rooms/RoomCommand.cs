using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// An ad-hoc command of a room (XEP-0050), offered by a feature (<see cref="Feature.Commands"/>) and executed in the room's
/// turn. Whoever may not run it does not see it.
/// </summary>
/// <param name="Node">Its name on the wire, different from all others.</param>
/// <param name="Name">Its name for people, as in a menu.</param>
public sealed record RoomCommand(string Node, string Name)
{
    /// <summary>Whether the sender may run it: null for yes.</summary>
    public required Func<Turn, StanzaError?> MayRun { get; init; }

    /// <summary>What has to be filled in, as the room is now; null if nothing is asked. Changes nothing.</summary>
    public Func<Turn, DataForm>? Form { get; init; }

    /// <summary>
    /// Does it, with the form filled in (<see cref="DataForm.FaultIn"/> has found nothing wrong with it; fields that are not
    /// required may be missing). What it returns is the answer, after all that it tells others; an error undoes everything.
    /// </summary>
    public required Func<Turn, DataForm, CommandResult> Run { get; init; }
}
