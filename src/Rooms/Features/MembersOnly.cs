using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>Rooms for those on the list: XEP-0045 §7.2.6 (entering), §9.4 (losing membership), §10.2 (configuring).</summary>
public sealed class MembersOnly : Feature
{
    public static readonly Toggle Only = new("muc#roomconfig_membersonly", "Make room members-only?", false);

    public override ImmutableArray<Option> Options => [Only];

    /// <summary>Whether somebody of this affiliation may be in the room.</summary>
    public static bool Admits(RoomConfig config, Affiliation affiliation) =>
        affiliation >= Affiliation.Member || (affiliation == Affiliation.None && !config.Get(Only));

    public override IEnumerable<string> Disco(Room room) => [room.Config.Get(Only) ? "muc_membersonly" : "muc_open"];

    public override StanzaError? MayEnter(Turn turn, Entry entry) =>
        Admits(turn.Config, entry.Affiliation) ? null : StanzaError.RegistrationRequired;
}
