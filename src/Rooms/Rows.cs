using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// A short list that a feature keeps with the room (<see cref="Room.Extra"/>): rows of words, the newest last, with tabs and
/// line breaks between them. Addresses and nicks hold none of these (RFC 7622); in any other word they become spaces.
/// </summary>
internal static class Rows
{
    public static ImmutableArray<string[]> Read(Room room, string name) =>
        room.Extra.TryGetValue(name, out var text) ? [.. text.Split('\n').Select(row => row.Split('\t'))] : [];

    /// <summary>Keeps these rows, and of too many the newest. Nothing is written if nothing is new.</summary>
    public static void Write(Turn turn, string name, IEnumerable<string[]> rows, int most)
    {
        var text = string.Join('\n', rows.TakeLast(most).Select(row => string.Join('\t', row.Select(Plain))));
        if (text != turn.Room.Extra.GetValueOrDefault(name, "")) turn.SetExtra(name, text.Length == 0 ? null : text);
    }

    /// <summary>The rows of all lists in which this person stands, by any address: the list's name, and the row.</summary>
    public static IEnumerable<(string List, string[] Row)> About(Room room, Jid person) =>
        room.Extra.Keys.SelectMany(name => Read(room, name).Where(row => row.Any(word => IsOf(person, word))), (name, row) => (name, row));

    /// <summary>Drops those rows; of what is known of others too, only the address.</summary>
    /// <param name="blanked">Whether only the address goes from a list of this name.</param>
    public static void Forget(Turn turn, Jid person, Func<string, bool> blanked)
    {
        foreach (var name in About(turn.Room, person).Select(r => r.List).Distinct().ToList())
        {
            var rows = Read(turn.Room, name);
            rows = blanked(name)
                ? [.. rows.Select(row => Array.ConvertAll(row, word => IsOf(person, word) ? "" : word))]
                : rows.RemoveAll(row => Array.Exists(row, word => IsOf(person, word)));
            Write(turn, name, rows, rows.Length);
        }
    }

    private static bool IsOf(Jid person, string word) =>
        word.StartsWith(person.ToString(), StringComparison.Ordinal) && (word.Length == person.ToString().Length || word[person.ToString().Length] == '/');

    private static string Plain(string word) => word.Replace('\t', ' ').Replace('\n', ' ');
}
