using System.Collections.Immutable;

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

    private static string Plain(string word) => word.Replace('\t', ' ').Replace('\n', ' ');
}
