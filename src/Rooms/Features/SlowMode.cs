using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Slow mode: XEP-0500. Whoever is neither owner nor admin waits between two messages with a body, however often they leave, come
/// back or change their nick meanwhile.
/// </summary>
public sealed class SlowMode : Feature
{
    private const int Longest = 86_400;

    public static readonly Number Duration = new("muc#roomconfig_slow_mode_duration", "Slow mode: seconds between two messages of one person", 0, Longest)
    {
        Description = "0: off. Otherwise everybody but owners and admins can send a message only every so many seconds.",
    };

    private const string Messages = "message";

    public override ImmutableArray<Option> Options => [Duration];

    // §4.2. Where it is off nobody need hear of it.
    public override IEnumerable<InfoField> Info(Room room) => room.Config.Get(Duration) is > 0 and var seconds
        ? [new("muc#roominfo_slow_mode_duration", "text-single", seconds.ToString(CultureInfo.InvariantCulture))]
        : [];

    // Whoever has to wait waits for what holds now.
    public override StanzaError? Configured(Turn turn, Submission form)
    {
        if (!turn.Config.Is(Duration, turn.Before.Config.Get(Duration))) turn.ForgetTaken(Messages);
        return null;
    }

    /// <summary>§5: only what has a body counts, and owners and admins are not limited.</summary>
    public override StanzaError? MaySpeak(Turn turn, Occupant author)
    {
        var seconds = turn.Config.Get(Duration);
        if (seconds == 0 || author.Affiliation >= Affiliation.Admin || !turn.Stanza.Has(Ns.Client + "body")) return null;
        return turn.TryTake(Messages, author.RealJid, new Rate(1, TimeSpan.FromSeconds(seconds))) ? null : StanzaError.PolicyViolation with
        {
            Type = "wait",
            Text = $"This room is in slow mode: please wait {seconds} seconds between two messages.",
        };
    }
}
