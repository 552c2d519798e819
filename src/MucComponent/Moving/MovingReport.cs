using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Operations;

namespace MucComponent.Moving;

/// <summary>What was moved, and what could not be: sentences for the operator, and progress while it takes long.</summary>
/// <param name="progress">Told how far it has come, a few times a second; must not wait.</param>
public sealed class MovingReport(Action<string> progress, TimeProvider? clock = null)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>How many rooms are named for each thing that was left behind.</summary>
    private const int Named = 5;

    private const string NotCarried = "not_carried";

    private readonly SortedDictionary<string, (long Count, List<string> Rooms)> _leftBehind = new(StringComparer.Ordinal);
    private readonly List<string> _more = [];
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long? _began;
    private long _told;

    /// <summary>How many rooms there are to move; null where nobody knows.</summary>
    public long? Of { get; set; }

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
        var now = _clock.GetTimestamp();
        _began ??= _told = now;
        if (_clock.GetElapsedTime(_told, now) < TellEvery) return;
        _told = now;
        progress(string.Create(
            CultureInfo.InvariantCulture,
            $"{Rooms}{(Of is { } all ? $" of {all}" : "")} rooms, {Messages} messages, {Messages / _clock.GetElapsedTime(_began.Value, now).TotalSeconds:F0} a second"));
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
    public bool IsWhole => _leftBehind.Count == 0 && _more.Count == 0;

    /// <summary>All of it, line by line.</summary>
    public IEnumerable<string> Lines()
    {
        yield return string.Join(", ", Parts().Where(part => part.Count > 0).Select(part => Counted(part.Count, part.One, part.Many)).DefaultIfEmpty("nothing"));
        if (AlreadyThere > 0) yield return $"left as they are, since they were there already: {Counted(AlreadyThere, "room", "rooms")}";
        if (MessagesThere > 0) yield return $"there already: {Counted(MessagesThere, "message", "messages")}";
        foreach (var line in LeftBehind()) yield return $"not carried: {line}";
    }

    /// <summary>The same for programs, and for another process.</summary>
    public OperationResult ToResult() => OperationResult.Record(
        (new("rooms", "Rooms", ColumnType.Number), Rooms),
        (new("affiliations", "Affiliations", ColumnType.Number), Affiliations),
        (new("sessions", "Sessions", ColumnType.Number), Sessions),
        (new("messages", "Messages", ColumnType.Number), Messages),
        (new("tombstones", "Tombstones", ColumnType.Number), Tombstones),
        (new("archives", "Archives of destroyed rooms", ColumnType.Number), Archives),
        (new("rooms_there", "Rooms that were there already", ColumnType.Number), AlreadyThere),
        (new("messages_there", "Messages that were there already", ColumnType.Number), MessagesThere),
        (new(NotCarried, "Not carried", ColumnType.Texts), LeftBehind()));

    /// <summary>What another process did, in the place of what was counted here; what either could not carry was not carried.</summary>
    public void Become(OperationResult result)
    {
        (Rooms, Affiliations, Sessions, Messages) = (Number("rooms"), Number("affiliations"), Number("sessions"), Number("messages"));
        (Tombstones, Archives, AlreadyThere, MessagesThere) = (Number("tombstones"), Number("archives"), Number("rooms_there"), Number("messages_there"));
        _more.AddRange(Cell(NotCarried));

        long Number(string name) => Cell(name).FirstOrDefault() is { } number ? long.Parse(number, CultureInfo.InvariantCulture) : 0;

        IEnumerable<string> Cell(string name) => result.Columns.Zip(result.Rows[0]).Where(field => field.First.Name == name).SelectMany(field => field.Second);
    }

    private IEnumerable<string> LeftBehind() =>
    [
        .. _leftBehind.Select(left => $"{left.Key} ({Counted(left.Value.Count, "time", "times")}; {string.Join(", ", left.Value.Rooms)}{(left.Value.Count > left.Value.Rooms.Count ? ", …" : "")})"),
        .. _more,
    ];

    private IEnumerable<(long Count, string One, string Many)> Parts() =>
    [
        (Rooms, "room", "rooms"), (Affiliations, "affiliation", "affiliations"), (Sessions, "session", "sessions"),
        (Messages, "message", "messages"), (Tombstones, "tombstone", "tombstones"), (Archives, "archive of a destroyed room", "archives of destroyed rooms"),
    ];

    private static string Counted(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
