using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Rooms that can be found, and hidden ones: XEP-0045 §4.2, §6.3 (the list of rooms).</summary>
public sealed class PublicRoom : Feature
{
    public static readonly Toggle Public = new("muc#roomconfig_publicroom", "Make room publicly searchable?", true);

    public override ImmutableArray<Option> Options => [Public];

    /// <summary>Whether strangers find the room in the service's list; one that is not configured yet does not officially exist.</summary>
    public static bool Listed(Room room) => room.Exists && !room.Locked && room.Config.Get(Public);

    public override IEnumerable<string> Disco(Room room) => [room.Config.Get(Public) ? "muc_public" : "muc_hidden"];
}
