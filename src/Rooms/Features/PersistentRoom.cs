using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Rooms that stay when the last occupant leaves: XEP-0045 §4.2 (persistent room), §7.14 (temporary ones are destroyed).</summary>
public sealed class PersistentRoom : Feature
{
    public static readonly Toggle Persistent = new("muc#roomconfig_persistentroom", "Make room persistent?", false);

    public override ImmutableArray<Option> Options => [Persistent];

    public override IEnumerable<string> Disco(Room room) => [room.Config.Get(Persistent) ? "muc_persistent" : "muc_temporary"];
}
