using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>The last messages, for newcomers: XEP-0045 §7.2.13 and §7.2.14, with the hints of XEP-0334.</summary>
public sealed class History : Feature
{
    public static readonly Number Length = new("muc#roomconfig_historylength", "Number of messages a newcomer gets", 20, StoredRoom.HistoryKept)
    {
        Aliases = ["muc#roomconfig_defaulthistorymessages", "muc#maxhistoryfetch"],
    };

    public override ImmutableArray<Option> Options => [Length];

    public override IEnumerable<InfoField> Info(Room room) =>
        [new("muc#maxhistoryfetch", "text-single", room.Config.Get(Length).ToString(CultureInfo.InvariantCulture))];

    /// <summary>
    /// Whether a message is worth showing later: something was said or taken back, or its author asks for it to be stored, and
    /// nobody asks for it not to be.
    /// </summary>
    public static bool Keeps(RoomConfig config, Stanza message) =>
        config.Get(Length) > 0 && (message.Has(Ns.Client + "body") || message.Has(Ns.Hints + "store") || message.Child(Ns.Encryption) is not null || Retraction.IsIn(message))
        && !message.Has(Ns.Hints + "no-store") && !message.Has(Ns.Hints + "no-permanent-store");

    /// <summary>Sends a newcomer what it asked for, and never more than the room gives (§7.2.14).</summary>
    public static void Tell(Turn turn, XElement muc)
    {
        var wish = muc.Element(Ns.Muc + "history");
        var messages = turn.Room.History.Where(m => !m.Record.Retracted);
        if (Retention.Since(turn) is { } kept) messages = messages.Where(m => m.At >= kept);
        if (Since(wish, turn.Now) is { } since) messages = messages.Where(m => m.At >= since);
        var chosen = messages.Select(m => m.Late).ToList();

        var first = Math.Max(0, chosen.Count - Math.Min(turn.Config.Get(Length), Whole(wish, "maxstanzas") ?? int.MaxValue));
        if (Whole(wish, "maxchars") is { } chars) first = Math.Max(first, FirstWithin(chosen, chars, turn.Sender));
        foreach (var message in chosen.Skip(first)) turn.Send(message, turn.Sender);
    }

    // Whole stanzas only, counted as they are written (§7.2.14).
    private static int FirstWithin(List<Stanza> messages, int chars, Jid to)
    {
        var first = messages.Count;
        while (first > 0)
        {
            var encoded = messages[first - 1].Encoded;
            chars -= Encoding.UTF8.GetCharCount(encoded.Head) + Encoding.UTF8.GetCharCount(encoded.Tail) + to.ToString().Length;
            if (chars < 0) break;
            first--;
        }
        return first;
    }

    private static DateTimeOffset? Since(XElement? wish, DateTimeOffset now)
    {
        DateTimeOffset? since = null;
        if (wish?.Attribute("since") is { } stamp && Timestamp.TryParse(stamp.Value, out var at)) since = at;
        if (Whole(wish, "seconds") is { } seconds)
        {
            var from = seconds < (now - DateTimeOffset.UnixEpoch).TotalSeconds ? now.AddSeconds(-seconds) : DateTimeOffset.UnixEpoch;
            if (since is null || from > since) since = from;
        }
        return since;
    }

    private static int? Whole(XElement? wish, string name) =>
        int.TryParse(wish?.Attribute(name)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
