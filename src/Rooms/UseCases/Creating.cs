using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Creating a room: XEP-0045 §10.1. Who enters a room that does not exist makes it, owns it and is alone in it until it is configured.</summary>
public static class Creating
{
    public static StanzaError? Create(Turn turn, XElement muc)
    {
        if (turn.Policy.OnlyAdminsCreate && !turn.Policy.Admins.Contains(turn.Sender.Bare)) return StanzaError.NotAllowed;

        Begin(turn);
        turn.SetAffiliation(new AffiliationRecord(turn.Sender.Bare, Affiliation.Owner, null, null));
        // The password a creator brings along is the one that the friends to come will bring too.
        if ((string?)muc.Element(Ns.Muc + "password") is { Length: > 0 } password && Password.Secret.TryRead([password], out var secret))
            turn.Set(Password.Secret, secret);
        Entering.Admit(turn, new Entry(muc, turn.Stanza.To!.Resource, Affiliation.Owner), [201]);
        return null;
    }

    /// <summary>
    /// The service itself makes the room, with nobody in it, as this form wants it; its owners are among the fields, and are
    /// told. Unlike one that is entered it is open at once.
    /// </summary>
    /// <param name="form">A configuration form filled in.</param>
    public static StanzaError? ByService(Turn turn, XElement form)
    {
        Begin(turn);
        if (Configuring.Set(turn, form) is { } no) return no;
        if (!turn.Room.Affiliations.Of(Affiliation.Owner).Any()) return StanzaError.NotAcceptable.Because("A room needs an owner.");
        return turn.Config.Get(PersistentRoom.Persistent) || turn.Policy.EmptyRoomGrace > TimeSpan.Zero
            ? null
            : StanzaError.NotAcceptable.Because("Nobody is in the room, so it would be gone at once: it has to be persistent.");
    }

    private static void Begin(Turn turn)
    {
        turn.Create();
        foreach (var (option, value) in turn.Policy.RoomDefaults) turn.Set(option, value);
    }
}
