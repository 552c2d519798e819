using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>
/// What was kept when the service died, and maybe never reached the server, is told again when the room is loaded, with the
/// same ids (XEP-0359) and its time (XEP-0203), so that a client knows what it has heard before.
/// </summary>
public static class TellingAgain
{
    /// <summary>Tells everybody what nobody is known to have heard: who came or changed since, then what was said.</summary>
    public static void Everybody(Turn turn, StoredRoom stored)
    {
        var delivered = Input.TimeOf(stored.Delivered);
        foreach (var occupant in turn.Room.Occupants.All)
        {
            var fresh = occupant.Sessions.Where(s => s.Since > delivered).ToList();
            // Who came in then may have been told nothing at all.
            foreach (var session in fresh) Presences.TellWhoIsHere(turn, occupant, session.Jid);
            if (fresh.Count > 0) Presences.Announce(turn, occupant, Notice.None);
            foreach (var session in fresh) ChangingSubject.Tell(turn, session.Jid);
        }
        var kept = Retention.Since(turn);
        foreach (var message in stored.Undelivered.Where(m => !m.Retracted && (kept is null || m.At >= kept))) turn.Send(new Said(message).Late, turn.Room.Occupants.Audience.Everyone);
    }
}
