using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.UseCases;

/// <summary>Creating a room: XEP-0045 §10.1. Who enters a room that does not exist makes it, owns it and is alone in it until it is configured.</summary>
public static class Creating
{
    public static StanzaError? Create(Turn turn, XElement muc)
    {
        if (!turn.Policy.Creators.Includes(turn.Sender.Bare, turn.Policy.Admins)) return StanzaError.NotAllowed;
        if (ServiceLimits.MayCreate(turn) is { } no) return no;

        turn.Create();
        turn.SetAffiliation(new AffiliationRecord(turn.Sender.Bare, Affiliation.Owner, null, null));
        if (!turn.Policy.Publishers.Includes(turn.Sender.Bare, turn.Policy.Admins)) turn.Set(PublicRoom.Public, false);
        // The password a creator brings along is the one that the friends to come will bring too.
        if ((string?)muc.Element(Ns.Muc + "password") is { Length: > 0 } password && password.Length <= turn.Policy.MaxPasswordLength && Password.Secret.TryRead([password], out var secret))
            turn.Set(Password.Secret, secret);
        Entering.Admit(turn, new Entry(muc, turn.Stanza.To!.Resource, Affiliation.Owner), [201]);
        return null;
    }
}
