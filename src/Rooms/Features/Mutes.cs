using System.Collections.Immutable;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Taking somebody's voice (XEP-0045 §8.4) until a time, over leaving and coming back (<see cref="KeptRoles"/>), also of people who
/// have left: by a command of the room (XEP-0050).
/// </summary>
public sealed class Mutes : Feature
{
    internal const string Name = "mutes";

    public override ImmutableArray<RoomCommand> Commands =>
    [
        new("mute", "Take somebody's voice for a time")
        {
            MayRun = turn => turn.SenderAffiliation >= Affiliation.Admin || turn.MeBefore is { Role: Role.Moderator } ? null : StanzaError.Forbidden,
            Form = _ => Sanction.Form("Take somebody's voice for a time", "mute", mayBeForEver: false),
            Run = Mute,
        },
    ];

    /// <summary>Somebody was given voice, or another affiliation, which brings its own role.</summary>
    public static void Forget(Turn turn, Jid jid) => Terms.Forget(turn, Name, jid);

    /// <summary>Gives voice back to those whose time is over, as far as the room gives it to people like them.</summary>
    public static void Elapse(Turn turn)
    {
        foreach (var (who, _) in Terms.TakeOver(turn, Name)) Unmute(turn, who);
    }

    private static void Unmute(Turn turn, Jid who)
    {
        var affiliation = turn.Room.Affiliations.Get(who);
        var usual = Privileges.DefaultRole(affiliation, Moderated.Silences(turn.Config));
        KeptRoles.Forget(turn, who);
        foreach (var occupant in turn.Room.Occupants.Of(who))
            if (occupant.Role == Role.Visitor && usual > Role.Visitor)
                Presences.AnnounceRole(turn, occupant, turn.SetRole(occupant, usual), Notice.None);
    }

    private static CommandResult Mute(Turn turn, DataForm form)
    {
        if (Sanction.Read(turn, form, out var sanction) is { } no) return no;
        if (sanction is not { Who: { } who, Until: var until }) return CommandResult.Later;
        var (role, affiliation) = (turn.MeBefore?.Role ?? Role.None, turn.SenderAffiliation);
        var target = turn.Room.Affiliations.Get(who);
        var present = turn.Room.Occupants.Of(who);
        foreach (var now in present.Select(o => o.Role).DefaultIfEmpty(Role.Participant))
            if (Privileges.MayChangeRole(role, affiliation, who == turn.Sender.Bare, now == Role.Visitor ? Role.Participant : now, turn.StandingOf(who), Role.Visitor) is { } refused) return refused;

        var notice = new Notice { Actor = Administering.Actor(turn), Reason = sanction.Reason };
        foreach (var occupant in present)
            if (occupant.Role != Role.Visitor) Presences.AnnounceRole(turn, occupant, turn.SetRole(occupant, Role.Visitor), notice);
        KeptRoles.Keep(turn, who, target, Role.Visitor);
        if (!Terms.TrySet(turn, Name, new Term(who, until!.Value))) return StanzaError.ResourceConstraint;
        AuditLog.Note(turn, "mute", who, $"until {Timestamp.Format(until.Value)}", sanction.Reason);
        // Who mutes may not be shown the address.
        return CommandResult.Done($"Muted until {Timestamp.Format(until.Value)}.");
    }
}
