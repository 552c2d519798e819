using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Whether pictures and files of people who do not belong to the room are shown by themselves. Where they are not, what has clients
/// show them is taken off the message (XEP-0066, XEP-0231, XEP-0385, XEP-0447), and the link stays for whoever wants to follow it.
/// </summary>
public sealed class InlineMedia : Feature
{
    public static readonly Toggle OfStrangers = new("muc#roomconfig_unaffiliated_media", "Display inline media (images, etc.) from non-members?", true)
    {
        Aliases = ["{xmpp:prosody.im}muc#roomconfig_unaffiliated_media"],
    };

    private static readonly XNamespace FileSharing = "urn:xmpp:sfs:0";
    private static readonly XNamespace Fallback = "urn:xmpp:fallback:0";
    private static readonly XNamespace Reference = "urn:xmpp:reference:0";
    private static readonly XNamespace Sims = "urn:xmpp:sims:1";

    private static readonly ImmutableHashSet<XNamespace> Media = ["jabber:x:oob", "urn:xmpp:bob", FileSharing, Sims];

    public override ImmutableArray<Option> Options => [OfStrangers];

    public override Stanza Reflecting(Turn turn, Occupant author, Stanza message) =>
        turn.Config.Get(OfStrangers) || author.Affiliation >= Affiliation.Member ? message : message.Without(IsMedia);

    // With the file goes what says that the text is only there for who cannot see it (XEP-0428).
    private static bool IsMedia(XElement child) =>
        Media.Contains(child.Name.Namespace)
        || (child.Name == Reference + "reference" && child.Elements().Any(e => e.Name.Namespace == Sims))
        || (child.Name == Fallback + "fallback" && child.Attribute("for")?.Value is { } what && Media.Contains(what));
}
