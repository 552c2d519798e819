using System.Collections.Immutable;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>Who plays in the simulation: six people of three domains, each with two clients, and fewer nicks than would suffice.</summary>
public static class SimulationCast
{
    public static readonly Jid Room = Jid.Parse(Coven.Address);

    /// <summary>Full JIDs.</summary>
    public static readonly ImmutableArray<Jid> Sessions =
    [
        .. new[]
        {
            "crone1@shakespeare.lit/desktop", "crone1@shakespeare.lit/pda",
            "wiccarocks@shakespeare.lit/laptop", "wiccarocks@shakespeare.lit/pda",
            "hag66@shakespeare.lit/desktop", "hag66@shakespeare.lit/pda",
            "hecate@magic.example/broom", "hecate@magic.example/cauldron",
            "macbeth@scotland.example/castle", "macbeth@scotland.example/heath",
            "banquo@scotland.example/ghost", "banquo@scotland.example/horse",
        }.Select(Jid.Parse),
    ];

    /// <summary>Bare JIDs.</summary>
    public static readonly ImmutableArray<Jid> People = [.. Sessions.Select(s => s.Bare).Distinct()];

    public static readonly ImmutableArray<Jid> Domains = [.. People.Select(p => p.DomainJid).Distinct()];

    /// <summary>Good ones that collide, one with what XML escapes, one that is only seen to be empty, one too long.</summary>
    public static readonly ImmutableArray<Jid> OccupantJids =
    [
        .. new[] { "firstwitch", "secondwitch", "thirdwitch", "Hecate", "thane", "ghost", "oldhag", "Tom & <Jerry> ☃", "a very long nick indeed" }
            .Select(nick => Jid.Parse($"{Room}/{nick}")),
    ];

    /// <summary>Shorter than the longest of the nicks.</summary>
    public const int MaxNickLength = 20;
}
