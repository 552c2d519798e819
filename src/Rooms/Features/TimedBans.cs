using System.Collections.Immutable;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Bans (XEP-0045 §9.1) that end by themselves, and of people who have left: by a command of the room (XEP-0050). Who it is may be
/// said by the nick, by the address, or by the occupant id (XEP-0421) that stands on what they said.
/// </summary>
public sealed class TimedBans : Feature
{
    internal const string Name = "timed bans";

    public override ImmutableArray<RoomCommand> Commands =>
    [
        new("ban", "Ban somebody, for ever or for a time")
        {
            MayRun = turn => turn.SenderAffiliation >= Affiliation.Admin ? null : StanzaError.Forbidden,
            Form = _ => Sanction.Form("Ban somebody", "ban", mayBeForEver: true),
            Run = Ban,
        },
    ];

    /// <summary>A ban was lifted, or became another.</summary>
    public static void Forget(Turn turn, Jid jid) => Terms.Forget(turn, Name, jid);

    /// <summary>Lifts the bans that are over.</summary>
    public static void Elapse(Turn turn)
    {
        foreach (var (who, _) in Terms.TakeOver(turn, Name))
            if (turn.Room.Affiliations.Entry(who) is { Affiliation: Affiliation.Outcast })
                ChangingAffiliations.Apply(turn, who, Affiliation.None, null, null, "The time of the ban is over.");
    }

    private static CommandResult Ban(Turn turn, DataForm form)
    {
        if (Sanction.Read(turn, form, out var sanction) is { } no) return no;
        if (sanction is not { Who: { } who }) return CommandResult.Later;
        if (Privileges.MayChangeAffiliation(turn.SenderAffiliation, who == turn.Sender.Bare, turn.StandingOf(who), Affiliation.Outcast) is { } refused) return refused;
        if (turn.Room.Affiliations.Entry(who) is null && turn.Room.Affiliations.Count >= turn.Policy.MaxAffiliations) return StanzaError.ResourceConstraint;

        ChangingAffiliations.Apply(turn, who, Affiliation.Outcast, null, Administering.Actor(turn), sanction.Reason);
        if (sanction.Until is { } until && !Terms.TrySet(turn, Name, new Term(who, until))) return StanzaError.ResourceConstraint;
        AuditLog.Note(turn, "ban", who, sanction.Until is { } end ? $"until {Timestamp.Format(end)}" : "", sanction.Reason);
        return CommandResult.Done(sanction.Until is { } time ? $"{who} is banned until {Timestamp.Format(time)}." : $"{who} is banned.");
    }
}
