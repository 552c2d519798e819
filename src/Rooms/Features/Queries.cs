using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Whether occupants may send requests to each other's clients (XEP-0045 §17.4). What says nothing of a client stays allowed:
/// what is known of the person (vCard, avatar) and whether it is there (XEP-0199).
/// </summary>
public sealed class Queries : Feature
{
    public static readonly Toggle Allowed = new("muc#roomconfig_allow_query_users", "Allow occupants to send requests to each other?", true)
    {
        Aliases = ["allow_query_users"],
    };

    public override ImmutableArray<Option> Options => [Allowed];

    public static StanzaError? MayAsk(RoomConfig config, Stanza iq, bool aboutPerson) =>
        config.Get(Allowed) || aboutPerson || iq.Has(Ns.Ping + "ping") ? null : StanzaError.NotAllowed;
}
