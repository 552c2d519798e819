using System.Collections.Immutable;
using System.Globalization;

namespace MucComponent.Rooms.Features;

/// <summary>What the room says about itself: its name, description and language, and how many are in it (XEP-0045 §6.4, §10.2).</summary>
public sealed class About(ServicePolicy policy) : Feature
{
    public static readonly Text Name = new("muc#roomconfig_roomname", "Natural-language room name", 256);
    public static readonly Text Description = new("muc#roomconfig_roomdesc", "Short description of the room", 2_000);
    public static readonly Text Language = new("muc#roomconfig_lang", "Natural language of the room's discussions", 35);

    public static readonly Addresses Contact = new("muc#roomconfig_contactjid", "Whom to write to about the room", 10);

    public static readonly Text PubSub = new("muc#roomconfig_pubsub", "Address (xmpp: URI) of the publish-subscribe node that goes with the room", 3_000);

    public override ImmutableArray<Option> Options => [Name, Description, Language, Contact, PubSub];

    /// <summary>What the room is called: its name, or its address where it has none.</summary>
    public static string NameOf(Room room) => room.Config.Get(Name) is { Length: > 0 } name ? name : room.Jid.Local;

    public override IEnumerable<InfoField> Info(Room room)
    {
        yield return new("muc#roomconfig_roomname", "text-single", room.Config.Get(Name));
        yield return new("muc#roominfo_description", "text-single", room.Config.Get(Description));
        yield return new("muc#roominfo_lang", "text-single", room.Config.Get(Language));
        yield return new("muc#roominfo_occupants", "text-single", room.Occupants.Count.ToString(CultureInfo.InvariantCulture));
        // What an owner gives, and never the owners themselves: their addresses are theirs.
        if (room.Config.Get(Contact) is { IsEmpty: false } contact) yield return new("muc#roominfo_contactjid", "jid-multi", contact);
        if (policy.WebChat is { } url) yield return new("muc#roominfo_webchat_url", "text-single", url.Replace(ServicePolicy.RoomInWebChat, Uri.EscapeDataString(room.Jid.ToString()), StringComparison.Ordinal));
        if (room.Config.Get(PubSub) is { Length: > 0 } node) yield return new("muc#roominfo_pubsub", "text-single", node);
    }
}
