using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>
/// The right to save a room, until somebody else loads it. The store compares it with the holder it has on record, and
/// where it has no room on record, with what the holder knows: a room destroyed by somebody else is not to be revived
/// in pieces by the next save of a holder who has not heard of it.
/// </summary>
public sealed class Claim(Guid token)
{
    public Guid Token { get; } = token;

    /// <summary>The holder knows that there is no room, because it found or made it so.</summary>
    internal bool OnNothing { get; set; }

    /// <summary>Nobody can say whether the holder's last save was kept, so it has to load again.</summary>
    internal bool InDoubt { get; set; }

    /// <summary>Messages since what is too old for newcomers was last forgotten.</summary>
    internal int Untrimmed { get; set; } = SqlRoomStore.TrimEvery;

    // Some hundreds in a busy quarter of an hour; who is forgotten here is noted once more, to no effect.
    private const int MostNoted = 1_000;
    private HashSet<(Jid Author, Guid From)>? _noted;

    /// <summary>Whether this was noted before; now it is (<see cref="AuthorSql.Note"/>).</summary>
    internal bool HasNoted(Jid author, Guid from)
    {
        _noted ??= [];
        if (_noted.Count >= MostNoted) _noted.Clear();
        return !_noted.Add((author, from));
    }

    /// <summary>What was noted may not be kept.</summary>
    internal void ForgetNoted() => _noted = null;

    internal static Claim New() => new(Guid.NewGuid());

    /// <summary>Whether the holder may save, given whose the room is in the store (null: there is none).</summary>
    internal bool Covers(Guid? holder) => !InDoubt && (holder is { } other ? other == Token : OnNothing);
}

internal static class Existence
{
    /// <summary>Whether there is a room after this change.</summary>
    /// <exception cref="InvalidOperationException">The change needs a room, and there is none.</exception>
    public static bool After(this Change change, bool exists) => change switch
    {
        RoomChanged => true,
        RoomDestroyed => false,
        AffiliationChanged or SessionChanged or MessageKept when !exists =>
            throw new InvalidOperationException($"{change.GetType().Name} for a room that does not exist"),
        _ => exists,
    };
}
