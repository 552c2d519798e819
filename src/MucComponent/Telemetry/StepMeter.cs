using System.Globalization;
using MucComponent.Rooms;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Telemetry;

/// <summary>What a step was, told from outside: rules know nothing of being counted.</summary>
internal static class StepMeter
{
    public static bool IsOn => Meters.Joins.Enabled || Meters.Reflected.Enabled || Meters.Removed.Enabled || Meters.Expired.Enabled;

    /// <param name="before">The room in which it was decided.</param>
    /// <param name="step">Kept.</param>
    public static void Count(Room before, Stanza stanza, Step step)
    {
        switch (stanza)
        {
            case { Kind: StanzaKind.Message, Type: "groupchat" }:
                if (IsReflected(step)) Meters.Reflected.Add(1);
                break;
            case { Kind: StanzaKind.Presence, Type: null, From: { } who, To.Resource: not null } when before.Occupants.BySession(who) is null:
                Meters.CountJoin(step.Room.Occupants.BySession(who) is not null ? "entered" : ConditionOf(step) ?? "nothing");
                break;
        }
        CountGone(stanza, step);
    }

    private static void CountGone(Stanza stanza, Step step)
    {
        var gone = 0;
        foreach (var change in step.Changes)
            if (change is SessionRemoved) gone++;
        if (gone == 0) return;
        if (stanza.IsError)
        {
            Meters.Expired.Add(gone);
            return;
        }

        // The same news goes out in several views.
        var told = new HashSet<Jid>();
        foreach (var (said, _) in step.Outgoing)
            if (said is { Kind: StanzaKind.Presence, Type: "unavailable", From: { } occupant } && StatusOf(said) is { } status && told.Add(occupant))
                Meters.CountRemoved(status);
    }

    private static bool IsReflected(Step step)
    {
        foreach (var (said, _) in step.Outgoing)
            if (said is { Kind: StanzaKind.Message, Type: "groupchat" }) return true;
        return false;
    }

    private static string? ConditionOf(Step step)
    {
        foreach (var (said, _) in step.Outgoing)
            if (said.IsError) return said.ErrorCondition;
        return null;
    }

    /// <summary>Why an occupant had to go (XEP-0045 §15.6.2), or null for one who went.</summary>
    private static int? StatusOf(Stanza presence)
    {
        if (presence.Child(Ns.MucUser + "x") is not { } x) return null;
        foreach (var status in x.Elements(Ns.MucUser + "status"))
            if (int.TryParse((string?)status.Attribute("code"), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is 301 or 307 or 321 or 322 or 332 or 333)
                return code;
        return null;
    }
}
