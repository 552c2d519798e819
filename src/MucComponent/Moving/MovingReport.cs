using System.Globalization;

namespace MucComponent.Moving;

/// <summary>What was moved, and what could not be: sentences for the operator, and progress while it takes long.</summary>
/// <param name="progress">Where progress is written.</param>
public sealed class MovingReport(TextWriter progress)
{
    /// <summary>Progress is told each time so many pieces went by.</summary>
    private const int TellEvery = 20_000;

    /// <summary>How many rooms are named for each thing that was left behind.</summary>
    private const int Named = 5;

    private readonly SortedDictionary<string, (long Count, List<string> Rooms)> _leftBehind = new(StringComparer.Ordinal);
    private long _pieces;

    public long Rooms { get; private set; }

    public long Affiliations { get; private set; }

    public long Sessions { get; private set; }

    public long Messages { get; private set; }

    public long Tombstones { get; private set; }

    public long Archives { get; private set; }

    /// <summary>Rooms and tombstones that were there already, and were left as they are.</summary>
    public long AlreadyThere { get; set; }

    /// <summary>Messages that were there already.</summary>
    public long MessagesThere { get; set; }

    /// <summary>One more piece went by.</summary>
    public void Count(Moved piece)
    {
        switch (piece)
        {
            case MovedRoom: Rooms++; break;
            case MovedAffiliation: Affiliations++; break;
            case MovedSession: Sessions++; break;
            case MovedMessage: Messages++; break;
            case MovedTombstone: Tombstones++; break;
            case MovedArchive: Archives++; break;
        }
        if (++_pieces % TellEvery == 0) progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Rooms} rooms, {Messages} messages so far"));
    }

    /// <summary>Something of a room could not be carried.</summary>
    /// <param name="what">The same words for the same thing in every room; never a password or what somebody said.</param>
    public void LeftBehind(string room, string what)
    {
        var (count, rooms) = _leftBehind.GetValueOrDefault(what, (0, []));
        if (rooms.Count < Named && !rooms.Contains(room)) rooms.Add(room);
        _leftBehind[what] = (count + 1, rooms);
    }

    /// <summary>Nothing could not be carried.</summary>
    public bool IsWhole => _leftBehind.Count == 0;

    /// <summary>All of it, line by line.</summary>
    public IEnumerable<string> Lines()
    {
        yield return string.Join(", ", Parts().Where(part => part.Count > 0).Select(part => Of(part.Count, part.One, part.Many)).DefaultIfEmpty("nothing"));
        if (AlreadyThere > 0) yield return $"left as they are, since they were there already: {Of(AlreadyThere, "room", "rooms")}";
        if (MessagesThere > 0) yield return $"there already: {Of(MessagesThere, "message", "messages")}";
        foreach (var (what, (count, rooms)) in _leftBehind)
            yield return $"not carried: {what} ({Of(count, "time", "times")}; {string.Join(", ", rooms)}{(count > rooms.Count ? ", …" : "")})";
    }

    private IEnumerable<(long Count, string One, string Many)> Parts() =>
    [
        (Rooms, "room", "rooms"), (Affiliations, "affiliation", "affiliations"), (Sessions, "session", "sessions"),
        (Messages, "message", "messages"), (Tombstones, "tombstone", "tombstones"), (Archives, "archive of a destroyed room", "archives of destroyed rooms"),
    ];

    private static string Of(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
