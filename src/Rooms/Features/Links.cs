using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Who may post links, which is what spam is made of. Looked for in what can be read: text, and what has clients show something from
/// an address (XEP-0066, XEP-0372, XEP-0447). Not in what is encrypted.
/// </summary>
public sealed partial class Links : Feature
{
    private const string Anyone = "anyone";
    private const string Members = "members";
    private const string Moderators = "moderators";

    public static readonly Choice By = new(
        "muc#roomconfig_links", "Who may post links?", Anyone,
        (Anyone, "Anyone who may speak"), (Members, "Those who belong to the room"), (Moderators, "Moderators only"));

    private static readonly ImmutableHashSet<XNamespace> Addressed = ["jabber:x:oob", "urn:xmpp:sfs:0"];
    private static readonly XName Reference = XNamespace.Get("urn:xmpp:reference:0") + "reference";

    public override ImmutableArray<Option> Options => [By];

    public override StanzaError? MaySpeak(Turn turn, Occupant author)
    {
        var may = turn.Config.Get(By) switch
        {
            Anyone => true,
            Members => author.Affiliation >= Affiliation.Member || author.Role == Role.Moderator,
            _ => author.Role == Role.Moderator,
        };
        return may || !turn.Stanza.Children.Any(IsLink) ? null : StanzaError.PolicyViolation.Because("You may not post links here.");
    }

    private static bool IsLink(XElement child) =>
        child.Name == Ns.Client + "body" ? Address().IsMatch(child.Value)
        : Addressed.Contains(child.Name.Namespace) || (child.Name == Reference && child.Attribute("type")?.Value == "data");

    [GeneratedRegex(@"\w://|\bwww\.|\b(?:xmpp|mailto|magnet):\S", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
