using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// What those without voice may say of themselves, since a nick or a status text speaks too: XEP-0045 §5.1.1, the privileges
/// that a configuration may take from visitors.
/// </summary>
public sealed class Visitors : Feature
{
    public static readonly Toggle Status = new("muc#roomconfig_allowvisitorstatus", "Allow visitors to show a status text?", true)
    {
        Aliases = ["allow_visitor_status"],
    };

    public static readonly Toggle NickChange = new("muc#roomconfig_allowvisitornickchange", "Allow visitors to change their nick?", true)
    {
        Aliases = ["allow_visitor_nickchange"],
    };

    public override ImmutableArray<Option> Options => [Status, NickChange];

    /// <summary>Whether this part of a presence may be shown.</summary>
    public static bool MayShow(RoomConfig config, Role role, XName part) =>
        role != Role.Visitor || part != Ns.Client + "status" || config.Get(Status);

    public static StanzaError? MayChangeNick(RoomConfig config, Role role) =>
        role != Role.Visitor || config.Get(NickChange) ? null : StanzaError.NotAllowed;
}
