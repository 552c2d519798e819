using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Whether strangers may see who is in the room: XEP-0045 §6.5, which advises against it by default.</summary>
public sealed class OccupantList : Feature
{
    public static readonly Toggle Public = new("muc#roomconfig_public_list", "Let anybody see who is in the room?", false)
    {
        Aliases = ["public_list"],
    };

    public override ImmutableArray<Option> Options => [Public];

    public static bool MayRead(Turn turn) => turn.Me is not null || turn.Config.Get(Public);
}
