using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>One connected client of an occupant.</summary>
/// <param name="Jid">Full JID.</param>
/// <param name="Presence">The children of its last presence, without what only the room may say.</param>
/// <param name="Since">When that presence came, UTC.</param>
public sealed record Session(Jid Jid, ImmutableArray<XElement> Presence, DateTimeOffset Since);

/// <summary>
/// Somebody in the room: a nick, and one or more sessions of one bare JID behind it (XEP-0045 §7.2.8).
/// </summary>
/// <param name="Jid">The occupant JID: the room's with the nick.</param>
/// <param name="RealJid">Bare.</param>
/// <param name="Id">The occupant id (XEP-0421): the same for this person in this room, whatever the nick.</param>
/// <param name="Sessions">In the order of their presences, the newest last; never empty while in the room.</param>
public sealed record Occupant(
    Jid Jid,
    Jid RealJid,
    string Id,
    Affiliation Affiliation,
    Role Role,
    ImmutableArray<Session> Sessions)
{
    /// <summary>In a large room the others have not been told of this one (<see cref="Features.LargeRooms"/>).</summary>
    public bool IsHeldBack { get; init; }

    private Stanza?[]? _views;
    private string? _nick;

    // A copy looks different, so it does not take over the finished presences.
    private Occupant(Occupant other)
    {
        (Jid, RealJid, Id, Affiliation, Role, Sessions, IsHeldBack) =
            (other.Jid, other.RealJid, other.Id, other.Affiliation, other.Role, other.Sessions, other.IsHeldBack);
    }

    public string Nick => _nick ??= Jid.Resource;

    /// <summary>The session whose presence the others see: the one that changed last.</summary>
    public Session Shown => Sessions[^1];

    public ImmutableArray<Jid> SessionJids => Sessions is [var only] ? [only.Jid] : ImmutableArray.CreateRange(Sessions, s => s.Jid);

    /// <summary>
    /// With this session as it is now. Of two presences at the same time the addresses decide, so that whoever was shown
    /// before a restart is shown after it.
    /// </summary>
    public Occupant With(Session session) => this with
    {
        Sessions = Sessions is [] || (Sessions is [var only] && only.Jid == session.Jid)
            ? [session]
            : [
                .. Sessions.Where(s => s.Jid != session.Jid).Append(session)
                    .OrderBy(s => s.Since).ThenBy(s => s.Jid.ToString(), StringComparer.Ordinal),
            ],
    };

    public Session? Session(Jid jid)
    {
        foreach (var session in Sessions)
            if (session.Jid == jid) return session;
        return null;
    }

    /// <summary>The plain presence for those with this view, made at most once; but one's own is told hardly ever again.</summary>
    internal Stanza Presence(View view, Func<Occupant, View, Stanza> make) =>
        view == View.Self ? make(this, view) : (_views ??= new Stanza?[2])[(int)view] ??= make(this, view);
}

/// <summary>What somebody may see of an occupant: a presence has at most these three forms.</summary>
public enum View
{
    /// <summary>Without the real JID.</summary>
    Anonymous,

    /// <summary>With the real JID.</summary>
    Full,

    /// <summary>One's own, marked 110.</summary>
    Self,
}
