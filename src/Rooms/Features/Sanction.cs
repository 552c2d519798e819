using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>Against whom, for how long and why: the form that bans and mutes share.</summary>
/// <param name="Who">Bare, or a domain; null where the room has to look in its archive first.</param>
/// <param name="Until">Null is for ever.</param>
internal sealed record Sanction(Jid? Who, DateTimeOffset? Until, string? Reason)
{
    private const string WhoField = "who";
    private const string ForField = "for";
    private const string ReasonField = "reason";
    private const string ForEver = "forever";

    private static readonly ImmutableArray<(string Value, string Label)> Times =
    [
        ("10m", "Ten minutes"), ("1h", "An hour"), ("6h", "Six hours"), ("1d", "A day"), ("7d", "A week"), ("30d", "Thirty days"), ("365d", "A year"),
    ];

    /// <param name="what">In the form's type.</param>
    public static DataForm Form(string title, string what, bool mayBeForEver) => new("form", $"urn:muc:{what}")
    {
        Title = title,
        Instructions = "Say who it is by the nick, the address or the occupant id. Whoever has left is found by the occupant id if they spoke lately.",
        Fields =
        [
            new FormField(WhoField, "text-single", "Nick, address or occupant id") { Required = true },
            new FormField(ForField, "list-single", "For how long")
            {
                Required = true,
                Values = [mayBeForEver ? ForEver : "1h"],
                Options = [.. Times.Select(t => new FormOption(t.Value, t.Label)), .. mayBeForEver ? [new FormOption(ForEver, "For ever")] : ImmutableArray<FormOption>.Empty],
            },
            new FormField(ReasonField, "text-single", "Reason"),
        ],
    };

    public static StanzaError? Read(Turn turn, DataForm form, out Sanction sanction)
    {
        var who = form.Value(WhoField)!;
        sanction = new Sanction(Known(turn, who), End(turn.Now, form.Value(ForField)!), form.Value(ReasonField) is { Length: > 0 } reason ? reason : null);
        if (sanction.Reason?.Length > turn.Policy.MaxReasonLength) return StanzaError.NotAcceptable.Because($"A reason may have at most {turn.Policy.MaxReasonLength} characters.");
        if (sanction.Who is not null) return null;
        if (turn.Found is not null) return StanzaError.ItemNotFound.Because("Nobody like that is known here.");
        turn.Ask(new Lookup(turn.Stanza, new ArchiveQuery { Passing = true, Backwards = true, Max = ArchiveQuery.MaxPage }.KeptSince(Retention.Since(turn))));
        return null;
    }

    // In the order of what is likeliest meant: somebody here, an address, somebody who was here.
    private static Jid? Known(Turn turn, string text)
    {
        var room = turn.Room;
        if (room.Nick(text) is { } nick && room.Occupants.ByNick(nick) is { } occupant) return occupant.RealJid;
        if ((text.Contains('@') || text.Contains('.')) && Jid.TryParse(text, out var jid)) return jid.Bare;
        var people = room.Occupants.All.Select(o => o.RealJid)
            .Concat(room.Affiliations.All.Where(a => !a.Jid.IsDomain).Select(a => a.Jid))
            .Concat(room.History.AsEnumerable().Select(s => s.Record.Author.Jid.Bare))
            .Concat((turn.Found ?? []).Select(m => m.Author.Jid.Bare));
        return people.Distinct().FirstOrDefault(p => room.OccupantId(p) == text);
    }

    private static DateTimeOffset? End(DateTimeOffset now, string time)
    {
        if (time == ForEver) return null;
        var count = int.Parse(time.AsSpan(0, time.Length - 1), CultureInfo.InvariantCulture);
        return now + time[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays(count),
        };
    }
}
