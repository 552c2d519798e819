using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>
/// By which name the room says who kicked, banned or promoted somebody (XEP-0045 §8.2, §9.1: "MAY include"): with the nick, as the
/// room itself, or not at all, so that those who moderate are not blamed for it one by one.
/// </summary>
public sealed class Actors : Feature
{
    private const string Nick = "nick";
    private const string TheRoom = "room";

    public static readonly Choice Shown = new(
        "muc#roomconfig_actor", "Who is said to have kicked, banned or promoted somebody?", Nick,
        (Nick, "The moderator, by nick"), (TheRoom, "The room"), ("none", "Nobody"));

    public override ImmutableArray<Option> Options => [Shown];

    /// <summary>The sender, as the others get to know who did it; null if they do not.</summary>
    public static Actor? Of(Turn turn) => turn.Config.Get(Shown) switch
    {
        Nick => new Actor(turn.MeBefore?.Nick, turn.Sender),
        TheRoom => new Actor(null, turn.Room.Jid) { IsRoom = true },
        _ => null,
    };
}
