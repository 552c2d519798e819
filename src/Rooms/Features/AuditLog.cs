using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Who moderated what in the room: the newest actions, for a time, kept with the room. Its admins read it by a command of the room
/// (XEP-0050). What was said is not in it, nor values of the configuration, which may be secrets.
/// </summary>
public sealed class AuditLog : Feature
{
    internal const string Name = "audit log";

    private const int MaxReason = 200;

    private static readonly ImmutableArray<(string Name, string Label)> Columns =
        [("at", "When"), ("actor", "Who did it"), ("action", "What"), ("about", "To whom"), ("detail", "More of it"), ("reason", "Why")];

    public override ImmutableArray<RoomCommand> Commands =>
    [
        new("audit-log", "Who moderated what")
        {
            MayRun = turn => turn.SenderAffiliation >= Affiliation.Admin ? null : StanzaError.Forbidden,
            Run = (turn, _) => CommandResult.Told(Table(turn)),
        },
    ];

    /// <summary>Notes what the sender, or the service or time itself, did to somebody.</summary>
    /// <param name="about">Bare, or a domain; null where it concerns nobody.</param>
    public static void Note(Turn turn, string action, Jid? about, string detail, string? reason)
    {
        var actor = turn.Sender.HasLocal ? turn.Sender.Bare.ToString() : "";
        Write(turn, Read(turn.Room).RemoveAll(e => turn.Now - e.At > turn.Policy.AuditedFor)
            .Add(new Entry(turn.Now, actor, action, about?.ToString() ?? "", detail, reason is { Length: > MaxReason } ? reason[..MaxReason] : reason ?? "")));
    }

    /// <summary>Notes which options a form has changed, if the room was open before.</summary>
    public static void NoteConfiguration(Turn turn)
    {
        if (turn.Before.Locked) return;
        var (before, after) = (turn.Before.Config, turn.Config);
        var changed = turn.Features.Options.Where(o => !after.Is(o, before.Get(o))).Select(o => o.Name.Replace("muc#roomconfig_", "", StringComparison.Ordinal)).ToList();
        if (changed.Count > 0) Note(turn, "configuration", null, string.Join(' ', changed), null);
    }

    private static DataForm Table(Turn turn) => new("result", "urn:muc:audit-log")
    {
        Title = "Who moderated what, the newest first",
        Reported = [.. Columns.Select(c => FormField.TextSingle(c.Name, c.Label, null))],
        Items =
        [
            .. Read(turn.Room).Where(e => turn.Now - e.At <= turn.Policy.AuditedFor).Reverse().Select(e =>
                Columns.Zip([Timestamp.Format(e.At), e.Actor, e.Action, e.About, e.Detail, e.Reason], (c, value) => FormField.Plain(c.Name, value)).ToImmutableArray()),
        ],
    };

    private static ImmutableArray<Entry> Read(Room room) =>
    [
        .. Rows.Read(room, Name).Select(row => new Entry(
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row[0], CultureInfo.InvariantCulture)), row[1], row[2], row[3], row[4], row[5])),
    ];

    private static void Write(Turn turn, ImmutableArray<Entry> entries) => Rows.Write(
        turn, Name,
        entries.Select(e => new[] { e.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), e.Actor, e.Action, e.About, e.Detail, e.Reason }),
        turn.Policy.AuditedActions);

    /// <param name="Actor">Bare; empty for the service.</param>
    private sealed record Entry(DateTimeOffset At, string Actor, string Action, string About, string Detail, string Reason);
}
