using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>Everybody in the room, found by nick and by full JID. A value: each change makes a new one.</summary>
public sealed class Occupants
{
    public static readonly Occupants Nobody =
        new([], ImmutableDictionary.Create<string, Occupant>(StringComparer.Ordinal), ImmutableDictionary<Jid, string>.Empty);

    private readonly ImmutableDictionary<string, Occupant> _byNick;
    private readonly ImmutableDictionary<Jid, string> _nickBySession;
    private Audience? _audience;

    private Occupants(ImmutableArray<Occupant> all, ImmutableDictionary<string, Occupant> byNick, ImmutableDictionary<Jid, string> nickBySession) =>
        (All, _byNick, _nickBySession) = (all, byNick, nickBySession);

    public int Count => All.Length;

    public bool IsEmpty => All.IsEmpty;

    /// <summary>In the order they came.</summary>
    public ImmutableArray<Occupant> All { get; }

    public Occupant? ByNick(string nick) => _byNick.GetValueOrDefault(nick);

    /// <summary>Who this full JID is in the room, or null. The only way to find a sender: the address it wrote to may be an old nick.</summary>
    public Occupant? BySession(Jid session) => _nickBySession.TryGetValue(session, out var nick) ? _byNick[nick] : null;

    /// <summary>All occupants of this bare JID, under whatever nicks.</summary>
    public ImmutableArray<Occupant> Of(Jid realJid) => [.. All.Where(o => o.RealJid == realJid)];

    /// <summary>Whether this bare JID is in the room.</summary>
    public bool Has(Jid realJid)
    {
        foreach (var occupant in All)
            if (occupant.RealJid == realJid) return true;
        return false;
    }

    /// <summary>All sessions, as who they are to a stanza: made once for each state of the room.</summary>
    public Audience Audience => _audience ??= Audience.Of(All);

    /// <summary>With this occupant as it is now, in the place of the one of that nick.</summary>
    public Occupants With(Occupant occupant)
    {
        var (all, sessions) = (All, _nickBySession);
        if (ByNick(occupant.Nick) is { } before)
        {
            foreach (var session in before.Sessions)
                if (occupant.Session(session.Jid) is null) sessions = sessions.Remove(session.Jid);
            all = all.SetItem(IndexOf(before), occupant);
        }
        else
        {
            all = all.Add(occupant);
        }
        foreach (var session in occupant.Sessions) sessions = sessions.SetItem(session.Jid, occupant.Nick);
        return new(all, _byNick.SetItem(occupant.Nick, occupant), sessions);
    }

    /// <summary>Without this occupant and its sessions.</summary>
    public Occupants Without(Occupant occupant) =>
        ByNick(occupant.Nick) is not { } there ? this : new(
            All.RemoveAt(IndexOf(there)), _byNick.Remove(occupant.Nick), _nickBySession.RemoveRange(there.Sessions.Select(s => s.Jid)));

    private int IndexOf(Occupant occupant)
    {
        for (var i = 0; ; i++)
            if (ReferenceEquals(All[i], occupant)) return i;
    }
}

/// <summary>The sessions of a room as addresses.</summary>
/// <param name="Everyone">All of them.</param>
/// <param name="Moderators">Those of moderators, who see real JIDs (XEP-0045 §7.2.4).</param>
/// <param name="Others">The rest.</param>
public sealed record Audience(ImmutableArray<Jid> Everyone, ImmutableArray<Jid> Moderators, ImmutableArray<Jid> Others)
{
    internal static Audience Of(ImmutableArray<Occupant> occupants)
    {
        var everyone = ImmutableArray.CreateBuilder<Jid>(occupants.Length);
        var moderators = ImmutableArray.CreateBuilder<Jid>();
        var others = ImmutableArray.CreateBuilder<Jid>(occupants.Length);
        foreach (var occupant in occupants)
            foreach (var session in occupant.Sessions)
            {
                everyone.Add(session.Jid);
                (occupant.Role == Role.Moderator ? moderators : others).Add(session.Jid);
            }
        return new(everyone.ToImmutable(), moderators.ToImmutable(), others.ToImmutable());
    }
}
