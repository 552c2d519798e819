using System.Collections.Immutable;
using System.Numerics;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>Everybody in the room, found by nick and by full JID. A value: each change makes a new one.</summary>
public sealed class Occupants
{
    public static readonly Occupants Nobody = new([], null, 0, 0);

    /// <summary>So many are looked through faster than they are looked up.</summary>
    private const int Few = 16;

    private Index? _index;
    private Audience? _audience;
    private int _changes; // since nothing had happened for a while

    private Occupants(ImmutableArray<Occupant> all, Index? index, int heldBack, int changes) => (All, _index, HeldBack, _changes) = (all, index, heldBack, changes);

    public int Count => All.Length;

    /// <summary>How many of them the others do not know of (<see cref="Occupant.IsHeldBack"/>).</summary>
    public int HeldBack { get; }

    public bool IsEmpty => All.IsEmpty;

    /// <summary>Whether this is not the first change after a quiet time: then another one is likely soon.</summary>
    internal bool AreBusy => _changes > 1;

    /// <summary>In the order they came.</summary>
    public ImmutableArray<Occupant> All { get; }

    public Occupant? ByNick(string nick) => At(PlaceOf(nick));

    /// <summary>Who this full JID is in the room, or null. The only way to find a sender: the address it wrote to may be an old nick.</summary>
    public Occupant? BySession(Jid session)
    {
        if (All.Length > Few) return At(Places.OfSession(All, session));
        foreach (var occupant in All)
            if (occupant.Session(session) is not null) return occupant;
        return null;
    }

    /// <summary>All occupants of this bare JID, under whatever nicks.</summary>
    public ImmutableArray<Occupant> Of(Jid realJid) => [.. All.Where(o => o.Is(realJid))];

    /// <summary>Whether this bare JID is in the room.</summary>
    public bool Has(Jid realJid)
    {
        foreach (var occupant in All)
            if (occupant.Is(realJid)) return true;
        return false;
    }

    /// <summary>All sessions, as who they are to a stanza: made once for each state of the room.</summary>
    public Audience Audience => _audience ??= new Audience(All);

    /// <summary>With this occupant as it is now, in the place of the one of that nick.</summary>
    public Occupants With(Occupant occupant)
    {
        var heldBack = HeldBack + (occupant.IsHeldBack ? 1 : 0);
        if (PlaceOf(occupant.Nick) is not (>= 0 and var place)) return new(All.Add(occupant), null, heldBack, _changes + 1);
        var before = All[place];
        return new(All.SetItem(place, occupant), HasSameSessions(before, occupant) ? _index : null, heldBack - (before.IsHeldBack ? 1 : 0), _changes + 1);
    }

    /// <summary>Without this occupant and its sessions.</summary>
    public Occupants Without(Occupant occupant) =>
        PlaceOf(occupant.Nick) is >= 0 and var place ? new(All.RemoveAt(place), null, HeldBack - (All[place].IsHeldBack ? 1 : 0), _changes + 1) : this;

    /// <summary>Lets go of what is made when somebody enters.</summary>
    internal void Doze()
    {
        _changes = 0;
        foreach (var occupant in All) occupant.Doze();
    }

    /// <summary>Lets go of what is made when somebody talks.</summary>
    internal void Rest()
    {
        _audience = null;
        foreach (var occupant in All) occupant.Rest();
    }

    private Index Places => _index ??= new Index(All);

    private Occupant? At(int place) => place < 0 ? null : All[place];

    private int PlaceOf(string nick)
    {
        if (All.Length > Few) return Places.OfNick(All, nick);
        for (var i = 0; i < All.Length; i++)
            if (All[i].Nick == nick) return i;
        return -1;
    }

    private static bool HasSameSessions(Occupant before, Occupant now)
    {
        if (before.Sessions.Length != now.Sessions.Length) return false;
        foreach (var session in now.Sessions)
            if (before.Session(session.Jid) is null) return false;
        return true;
    }

    /// <summary>Where in the list a nick or a session is: two open hash tables of places, since a dictionary would be half of what an occupant takes. Good for any list of the same nicks and sessions.</summary>
    private sealed class Index
    {
        private readonly int[] _byNick;
        private readonly int[] _bySession;

        public Index(ImmutableArray<Occupant> all)
        {
            _byNick = Table(all.Length);
            _bySession = Table(all.Sum(o => o.Sessions.Length));
            for (var place = 0; place < all.Length; place++)
            {
                Put(_byNick, Hash(all[place].Nick), place);
                foreach (var session in all[place].Sessions) Put(_bySession, session.Jid.GetHashCode(), place);
            }
        }

        public int OfNick(ImmutableArray<Occupant> all, string nick)
        {
            for (var slot = Slot(_byNick, Hash(nick)); ; slot = Next(_byNick, slot))
                if (_byNick[slot] is var place && (place < 0 || all[place].Nick == nick)) return place;
        }

        public int OfSession(ImmutableArray<Occupant> all, Jid jid)
        {
            for (var slot = Slot(_bySession, jid.GetHashCode()); ; slot = Next(_bySession, slot))
                if (_bySession[slot] is var place && (place < 0 || all[place].Session(jid) is not null)) return place;
        }

        // At most half full, so that a search ends soon.
        private static int[] Table(int entries)
        {
            var table = new int[BitOperations.RoundUpToPowerOf2((uint)entries * 2)];
            Array.Fill(table, -1);
            return table;
        }

        private static void Put(int[] table, int hash, int place)
        {
            var slot = Slot(table, hash);
            while (table[slot] >= 0) slot = Next(table, slot);
            table[slot] = place;
        }

        private static int Slot(int[] table, int hash) => hash & (table.Length - 1);

        private static int Next(int[] table, int slot) => (slot + 1) & (table.Length - 1);

        private static int Hash(string nick) => string.GetHashCode(nick, StringComparison.Ordinal);
    }
}

/// <summary>The sessions of a room as addresses: each list made when it is asked for, since messages want one and presences the others.</summary>
public sealed class Audience
{
    private readonly ImmutableArray<Occupant> _occupants;
    private ImmutableArray<Jid> _everyone, _moderators, _others;

    internal Audience(ImmutableArray<Occupant> occupants) => _occupants = occupants;

    /// <summary>All of them.</summary>
    public ImmutableArray<Jid> Everyone => _everyone.IsDefault ? _everyone = Of(_ => true) : _everyone;

    /// <summary>Those of moderators, who see real JIDs (XEP-0045 §7.2.4).</summary>
    public ImmutableArray<Jid> Moderators => _moderators.IsDefault ? _moderators = Of(o => o.Role == Role.Moderator) : _moderators;

    /// <summary>The rest.</summary>
    public ImmutableArray<Jid> Others => _others.IsDefault ? _others = Of(o => o.Role != Role.Moderator) : _others;

    private ImmutableArray<Jid> Of(Func<Occupant, bool> which)
    {
        var sessions = ImmutableArray.CreateBuilder<Jid>(_occupants.Length);
        foreach (var occupant in _occupants)
            if (which(occupant))
                foreach (var session in occupant.Sessions) sessions.Add(session.Jid);
        return sessions.Count == sessions.Capacity ? sessions.MoveToImmutable() : sessions.ToImmutable();
    }
}
