using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// How often one person may say the same. Whoever is neither owner nor admin and says it once more waits, also after leaving and
/// coming back; something else they may say at once.
/// </summary>
public sealed class Repetition : Feature
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public static readonly Number Most = new("muc#roomconfig_repetitions", "How often one person may say the same, with a minute for each time more (0: as often as they like)", 0, 100);

    public override ImmutableArray<Option> Options => [Most];

    public override StanzaError? MaySpeak(Turn turn, Occupant author)
    {
        var most = turn.Config.Get(Most);
        if (most == 0 || author.Affiliation >= Affiliation.Admin || turn.Stanza.Child(Ns.Client + "body") is not { } body) return null;
        // Of a long text nobody keeps more than this.
        var text = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body.Value.Trim().ToUpperInvariant())), 0, 16);
        return turn.TryTake($"say {text}", author.RealJid, new Rate(most, Pause))
            ? null
            : StanzaError.PolicyViolation with { Type = "wait", Text = "You have said that already." };
    }
}
