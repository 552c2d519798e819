using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Storage;

/// <summary>Changes as a room might make them, and whatever else is allowed; the same ones for the same seed.</summary>
public sealed class RandomChanges(int seed)
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private readonly List<MessageRecord> _kept = [];
    private int _count;

    /// <summary>One step's changes, given whether there is a room before it.</summary>
    public ImmutableArray<Change> Step(bool exists)
    {
        var changes = ImmutableArray.CreateBuilder<Change>();
        for (var i = _random.Next(1, 6); i > 0; i--)
        {
            var change = Next(exists);
            exists = change is RoomChanged || (exists && change is not RoomDestroyed);
            changes.Add(change);
        }
        return changes.ToImmutable();
    }

    public RoomRecord Room() => new(
        Text(), Options(), Text(), _random.Next(2) == 0, _random.Next(2) == 0, Time(),
        Maybe(Text), Maybe(Occupant), _random.Next(2) == 0 ? Time() : null,
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).SetItem(Text(), Text()))
    {
        Emptied = _random.Next(2) == 0 ? Time() : null,
        Due = _random.Next(2) == 0 ? Time() : null,
        Retention = _random.Next(2) == 0 ? TimeSpan.FromDays(_random.Next(1, 36_500)) : null,
    };

    /// <summary>The next message; what is neither for newcomers nor for the archive nobody keeps.</summary>
    /// <param name="at">When, rising from one to the next.</param>
    public MessageRecord Message(bool inHistory, bool? archived = null, DateTimeOffset? at = null)
    {
        ++_count;
        at ??= Start.AddMilliseconds(_count / 3);
        var author = new Author(Full(), (Affiliation)_random.Next(5), (Role)_random.Next(4), _random.Next(2) == 0);
        return new(Id(at.Value), at.Value, Occupant(), author, Text(), inHistory, archived ?? (!inHistory || _random.Next(2) == 0));
    }

    /// <summary>Any query of an archive with these messages; now and then for one that is not in it.</summary>
    public ArchiveQuery Query(IReadOnlyList<MessageRecord> messages)
    {
        var query = new ArchiveQuery { Max = _random.Next(20) == 0 ? 0 : _random.Next(1, 60), Backwards = _random.Next(2) == 0 };
        if (_random.Next(3) == 0) query = query.Past(Named());
        if (_random.Next(3) == 0) query = query.Until(Named());
        if (_random.Next(4) == 0) query = query.From(messages[_random.Next(messages.Count)].At.AddMicroseconds(_random.Next(-1, 2)));
        if (_random.Next(4) == 0) query = query.To(messages[_random.Next(messages.Count)].At.AddMicroseconds(_random.Next(-1, 2)));
        if (_random.Next(4) == 0) query = query.KeptSince(messages[_random.Next(messages.Count / 3)].At.AddMicroseconds(_random.Next(-1, 2)));
        if (_random.Next(3) == 0) query = query with { With = _random.Next(2) == 0 ? Bare() : Full(), OpenOnly = _random.Next(2) == 0 };
        if (_random.Next(8) > 0) return query;
        ImmutableArray<Guid> ids = [Named(), Named(), Named()];
        return query with { Ids = ids, Named = query.Named.AddRange(ids) };

        Guid Named() => _random.Next(15) == 0 ? messages[_random.Next(messages.Count)].Id : messages.Where(m => m.Archived).ElementAt(_random.Next(100)).Id;
    }

    private Change Next(bool exists) => (exists ? _random.Next(100) : _random.Next(12)) switch
    {
        < 6 => new RoomChanged(Room()),
        < 8 => new RoomDestroyed(_random.Next(2) == 0 ? null : new Tombstone(Maybe(Text), Maybe(Bare), Time())),
        < 10 => new SessionRemoved(Full()),
        < 12 => new AffiliationRemoved(Bare()),
        < 20 => new AffiliationRemoved(Bare()),
        < 40 => new AffiliationChanged(new AffiliationRecord(Bare(), (Affiliation)_random.Next(5), Maybe(Text), Maybe(Text))),
        < 48 => new SessionRemoved(Full()),
        < 68 => new SessionChanged(new SessionRecord(Full(), Text(), (Role)_random.Next(4), Text(), Time()) { IsHeldBack = _random.Next(2) == 0 }),
        < 94 => Kept(Message(_random.Next(4) > 0)),
        < 95 => new AuthorErased(Known().Author.Jid.Bare, Known().Id, Text()),
        < 98 => new MessageRetracted(Known().Id, _random.Next(2) == 0 ? null : Known().Author.Jid.Bare, "<retracted/>")
        {
            Aside = _random.Next(2) == 0 ? null : new Aside(Guid.NewGuid(), Time()),
        },
        _ => new MessageRestored(Known().Id, Text()),
    };

    private MessageKept Kept(MessageRecord message)
    {
        _kept.Add(message);
        return new(message);
    }

    // One of the newest.
    private MessageRecord Known() => _kept.Count == 0 ? Message(inHistory: true) : _kept[Math.Max(0, _kept.Count - 1 - _random.Next(10))];

    private ImmutableSortedDictionary<string, ImmutableArray<string>> Options() =>
        Enumerable.Range(0, _random.Next(4)).ToImmutableSortedDictionary(
            i => $"muc#roomconfig_{i}", _ => Enumerable.Range(0, _random.Next(3)).Select(_ => Text()).ToImmutableArray(), StringComparer.Ordinal);

    // Version 7, ascending within a millisecond.
    private Guid Id(DateTimeOffset at)
    {
        Span<byte> id = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(id, bigEndian: true, out _);
        (id[6], id[7]) = ((byte)(0x70 | (_count >> 8)), (byte)_count);
        return new Guid(id, bigEndian: true);
    }

    private Jid Occupant() => Jid.Parse($"coven@chat.shakespeare.lit/witch {_random.Next(8)}");

    private Jid Bare() => Jid.Parse($"witch{_random.Next(8)}@shakespeare.lit");

    private Jid Full() => Bare().WithResource($"r{_random.Next(2)}");

    private string Text() => _random.Next(5) switch
    {
        0 => "",
        1 => "<body>it's \"o'clock\"; DROP TABLE room; -- \\ %</body>",
        2 => "Thrice the brinded cat hath mew'd 🐈 ü",
        _ => _random.Next().ToString(CultureInfo.InvariantCulture),
    };

    private DateTimeOffset Time() => Start.AddMicroseconds(_random.Next());

    private T? Maybe<T>(Func<T> make)
        where T : class => _random.Next(2) == 0 ? null : make();
}
