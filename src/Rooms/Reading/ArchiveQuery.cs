using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Reading;

/// <summary>Which messages of one room's archive somebody wants (XEP-0313, "Filtering results"), and which page of them (XEP-0059).</summary>
public sealed record ArchiveQuery
{
    /// <summary>Messages on a page where the client does not say: what a screen and some scrolling take.</summary>
    public const int UsualPage = 50;

    /// <summary>The most on a page: it is put together and sent in one piece.</summary>
    public const int MaxPage = 250;

    /// <summary>A page's text in UTF-16 code units, for the same reason; one message always fits.</summary>
    public const int MaxPageLength = 1_000_000;

    /// <summary>Only what was said after this id, which need not exist.</summary>
    public Guid After { get; init; } = Guid.Empty;

    /// <summary>Only what was said before this id, which need not exist.</summary>
    public Guid Before { get; init; } = Guid.AllBitsSet;

    /// <summary>What is not after this id is not kept any more: nothing matches it, and nothing is found by its name.</summary>
    public Guid Expired { get; init; } = Guid.Empty;

    /// <summary>Only these, unless empty.</summary>
    public ImmutableArray<Guid> Ids { get; init; } = [];

    /// <summary>What the archive has to contain for the question to make sense.</summary>
    public ImmutableArray<Guid> Named { get; init; } = [];

    /// <summary>Only what this real JID said; a bare one stands for all its clients.</summary>
    public Jid? With { get; init; }

    /// <summary>With <see cref="With"/>: only what was said while everybody was shown that address.</summary>
    public bool OpenOnly { get; init; }

    /// <summary>Also what is kept for newcomers alone.</summary>
    public bool Passing { get; init; }

    /// <summary>How many at most; 0 asks for the number of all that match (XEP-0059 §2.7).</summary>
    public int Max { get; init; } = UsualPage;

    /// <summary>Take the last ones that match, and not the first; they still come oldest first.</summary>
    public bool Backwards { get; init; }

    /// <summary>After this message, which has to be there.</summary>
    public ArchiveQuery Past(Guid id) => this with { After = Later(After, id), Named = Named.Add(id) };

    /// <summary>Before this message, which has to be there.</summary>
    public ArchiveQuery Until(Guid id) => this with { Before = Earlier(Before, id), Named = Named.Add(id) };

    /// <summary>At this time or later.</summary>
    public ArchiveQuery From(DateTimeOffset start) => this with { After = Later(After, Start(start)) };

    /// <summary>As if nothing had been said before this time; null if all is kept.</summary>
    public ArchiveQuery KeptSince(DateTimeOffset? since) => since is { } start ? this with { Expired = Start(start) } : this;

    /// <summary>At this time or earlier.</summary>
    public ArchiveQuery To(DateTimeOffset end)
    {
        var last = end.ToUnixTimeMilliseconds();
        return this with { Before = last < 0 ? Guid.Empty : Earlier(Before, Bound(last, 0xFF)) };
    }

    /// <summary>The page that this archive gives, or null if a named message is not in it: the definition that every store is tested against.</summary>
    public ArchivePage? Over(IEnumerable<MessageRecord> archive)
    {
        var all = archive.Where(m => (m.Archived || Passing) && m.Id.CompareTo(Expired) > 0).OrderBy(m => m.Id).ToList();
        if (!Named.All(id => all.Exists(m => m.Id == id))) return null;
        var matching = all.FindAll(Matches);
        if (Max == 0) return ArchivePage.Counted(matching.Count);

        if (Backwards) matching.Reverse();
        var page = new ArchivePage.Builder(this);
        _ = matching.TrueForAll(page.TryAdd);
        return page.ToPage();
    }

    private bool Matches(MessageRecord message) =>
        message.Id.CompareTo(After) > 0 && message.Id.CompareTo(Before) < 0
        && (Ids.IsEmpty || Ids.Contains(message.Id))
        && (With is null || ((With.IsBare ? message.Author.Jid.Bare : message.Author.Jid) == With && (message.Author.Open || !OpenOnly)));

    /// <summary>Lies between the ids of what was said before this time, and of what was said then or later.</summary>
    public static Guid Start(DateTimeOffset time)
    {
        var first = time.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();
        return first <= 0 ? Guid.Empty : Bound(first, 0x00);
    }

    // Ids begin with their time (RFC 9562 §5.7), so a time is a place in their order: before or after all ids of its millisecond.
    private static Guid Bound(long milliseconds, byte rest)
    {
        Span<byte> id = stackalloc byte[16];
        id.Fill(rest);
        for (var i = 5; i >= 0; i--, milliseconds >>= 8) id[i] = (byte)milliseconds;
        return new Guid(id, bigEndian: true);
    }

    private static Guid Later(Guid a, Guid b) => a.CompareTo(b) > 0 ? a : b;

    private static Guid Earlier(Guid a, Guid b) => a.CompareTo(b) < 0 ? a : b;
}
