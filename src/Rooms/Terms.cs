using System.Collections.Immutable;
using System.Globalization;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>Until when something holds for somebody: a short list that a feature keeps with the room, and that the room looks after (<see cref="Elapsing"/>).</summary>
internal static class Terms
{
    public static ImmutableArray<Term> Read(Room room, string name) =>
    [
        .. Rows.Read(room, name).Select(row => new Term(
            Jid.Parse(row[0]), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row[1], CultureInfo.InvariantCulture)))),
    ];

    public static DateTimeOffset? Next(Room room, string name) => Read(room, name) is { IsEmpty: false } terms ? terms.Min(t => t.Until) : null;

    /// <summary>Sets one in the place of an older one of the same person. False when there are too many already.</summary>
    public static bool TrySet(Turn turn, string name, Term term)
    {
        var others = Read(turn.Room, name).RemoveAll(t => t.Who == term.Who);
        if (others.Length >= turn.Policy.TimedSanctions) return false;
        Write(turn, name, others.Add(term));
        return true;
    }

    public static void Forget(Turn turn, string name, Jid who)
    {
        if (!turn.Room.Extra.ContainsKey(name)) return;
        Write(turn, name, Read(turn.Room, name).RemoveAll(t => t.Who == who));
    }

    /// <summary>Those that are over, which are forgotten by this.</summary>
    public static ImmutableArray<Term> TakeOver(Turn turn, string name)
    {
        var terms = Read(turn.Room, name);
        var over = terms.RemoveAll(t => t.Until > turn.Now);
        if (!over.IsEmpty) Write(turn, name, terms.RemoveRange(over));
        return over;
    }

    private static void Write(Turn turn, string name, ImmutableArray<Term> terms)
    {
        Rows.Write(turn, name, terms.Select(t => new[] { t.Who.ToString(), t.Until.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) }), turn.Policy.TimedSanctions);
        Elapsing.Schedule(turn);
    }
}

/// <param name="Who">Bare, or a domain.</param>
/// <param name="Until">UTC.</param>
internal sealed record Term(Jid Who, DateTimeOffset Until);
