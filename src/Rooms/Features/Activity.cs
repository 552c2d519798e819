using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// How much is said in the room, for whoever looks for one that is alive (XEP-0502): messages per hour over the last day, in
/// rooms that anybody may find and enter. Hours that are over are kept with the room; the one that runs is only in memory,
/// and taken from the history where it was lost.
/// </summary>
public sealed class Activity : Feature
{
    public static readonly Toggle Told = new("muc#roomconfig_messageactivity", "Tell anybody how much is said in the room?", true);

    private const string Name = "activity";
    private const int Day = 24;

    public override ImmutableArray<Option> Options => [Told];

    public override IEnumerable<InfoField> Info(Room room, DateTimeOffset now) =>
        IsTold(room.Config) && PerHour(room, now) is { } rate
            ? [new("{urn:xmpp:muc-activity}message-activity", "text-single", rate.ToString("0.##", CultureInfo.InvariantCulture))]
            : [];

    public override Stanza Reflecting(Turn turn, Occupant author, Stanza message)
    {
        if (IsTold(turn.Config) && Counts(message)) Count(turn);
        return message;
    }

    // "Persistent and public", and no place that needs leave to enter ("Privacy Considerations").
    private static bool IsTold(RoomConfig config) =>
        config.Get(PersistentRoom.Persistent) && config.Get(PublicRoom.Public) && config.Get(Told)
        && !config.Get(MembersOnly.Only) && !Password.Protects(config);

    // What is shown as a message of its own: neither a chat state nor a correction ("Business Rules").
    private static bool Counts(Stanza message) =>
        (message.Has(Ns.Client + "body") || message.Child(Ns.Encryption) is not null) && message.Child(Ns.Correction) is null;

    private static void Count(Turn turn)
    {
        var (hour, running) = (Hour(turn.Now), Running(turn.Room));
        if (!turn.Room.Extra.TryGetValue(Name, out var kept))
        {
            turn.SetExtra(Name, Word(hour));
        }
        else if (running.Hour != hour)
        {
            // First since when there is a count, then the hours in which something was said.
            var words = kept.Split(' ');
            IEnumerable<string> hours = words[1..];
            if (running.Messages > 0) hours = hours.Append($"{Word(running.Hour)}:{Word(running.Messages)}");
            turn.SetExtra(Name, string.Join(' ', hours.Where(h => Parsed(h).Hour >= hour - Day).Prepend(words[0])));
        }
        turn.SetTally(running.Hour == hour ? running with { Messages = running.Messages + 1 } : new Tally(hour, 1));
    }

    // Null while there is nothing to tell: no hour is over since counting began.
    private static double? PerHour(Room room, DateTimeOffset now)
    {
        if (!room.Extra.TryGetValue(Name, out var kept)) return null;
        var (hour, words) = (Hour(now), kept.Split(' '));
        var hours = Math.Min(Day, hour - long.Parse(words[0], CultureInfo.InvariantCulture));
        if (hours <= 0) return null;
        var past = words.Skip(1).Select(Parsed).Append(Running(room)).DistinctBy(t => t.Hour);
        return past.Where(t => t.Hour < hour && t.Hour >= hour - Day).Sum(t => t.Messages) / (double)hours;
    }

    private static Tally Running(Room room)
    {
        if (room.Tally is { } tally) return tally;
        var hours = room.History.Select(said => Hour(said.At)).ToList();
        return hours is [.., var newest] ? new Tally(newest, hours.Count(h => h == newest)) : new Tally(0, 0);
    }

    private static long Hour(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    private static Tally Parsed(string word) =>
        word.Split(':') is [var hour, var messages]
            ? new Tally(long.Parse(hour, CultureInfo.InvariantCulture), long.Parse(messages, CultureInfo.InvariantCulture))
            : throw new FormatException($"\"{word}\" is no hour with its messages");

    private static string Word(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How many messages there were in an hour.</summary>
/// <param name="Hour">Since 1970, UTC.</param>
public sealed record Tally(long Hour, long Messages);
