using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>Rooms where only those with voice speak: XEP-0045 §5.1.2 (newcomers are visitors), §7.4 (a visitor's message).</summary>
public sealed class Moderated : Feature
{
    public static readonly Toggle Only = new("muc#roomconfig_moderatedroom", "Make room moderated?", false);

    public static readonly Toggle VoiceByDefault = new("muc#roomconfig_membersbydefault", "Give newcomers voice in a moderated room?", false)
    {
        Aliases = ["members_by_default"],
    };

    public override ImmutableArray<Option> Options => [Only, VoiceByDefault];

    /// <summary>Whether newcomers without affiliation have no voice.</summary>
    public static bool Silences(RoomConfig config) => config.Get(Only) && !config.Get(VoiceByDefault);

    public override IEnumerable<string> Disco(Room room) => [room.Config.Get(Only) ? "muc_moderated" : "muc_unmoderated"];

    /// <summary>Who was made a visitor has no voice in any room: that is what taking it means.</summary>
    public override StanzaError? MaySpeak(Turn turn, Occupant author) =>
        author.Role >= Role.Participant ? null : StanzaError.Forbidden;
}
