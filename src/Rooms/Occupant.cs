using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>One connected client of an occupant.</summary>
/// <param name="jid">Full JID.</param>
/// <param name="text">Its last presence's children as XML, without what only the room may say.</param>
/// <param name="since">When that presence came, UTC.</param>
public sealed class Session(Jid jid, string text, DateTimeOffset since)
{
    private ImmutableArray<XElement> _presence;
    private bool _isSound;

    public Session(Jid jid, ImmutableArray<XElement> presence, DateTimeOffset since) : this(jid, Fragment.Write(presence), since) =>
        (_presence, _isSound) = (presence, true);

    public Jid Jid => jid;

    /// <summary>The children of its presence as they are kept.</summary>
    public string Text => text;

    public DateTimeOffset Since => since;

    /// <summary>The children of its presence. Made of the text where somebody asks: most sessions are only there.</summary>
    public ImmutableArray<XElement> Presence => _presence.IsDefault ? _presence = Fragment.Read(text) : _presence;

    /// <summary>The text once it is known that it is elements: what a store gave back may be damaged, and would end the stream.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public string SoundText
    {
        get
        {
            if (!_isSound) Fragment.Read(text);
            _isSound = true;
            return text;
        }
    }

    /// <summary>The same as if its presence had come then.</summary>
    public Session At(DateTimeOffset then) => new(jid, text, then);

    /// <summary>Lets go of what is made when somebody enters.</summary>
    internal void Doze() => _presence = default;

    /// <summary>Lets go of what is made when somebody talks.</summary>
    internal void Rest() => jid.Rest();
}

/// <summary>
/// Somebody in the room: a nick, and one or more sessions of one bare JID behind it (XEP-0045 §7.2.8).
/// </summary>
/// <param name="Room">The room's bare JID.</param>
/// <param name="Nick">As prepared for an address.</param>
/// <param name="Sessions">In the order of their presences, the newest last; never empty while in the room.</param>
public sealed record Occupant(Jid Room, string Nick, Affiliation Affiliation, Role Role, ImmutableArray<Session> Sessions)
{
    /// <summary>In a large room the others have not been told of this one (<see cref="Features.LargeRooms"/>).</summary>
    public bool IsHeldBack { get; init; }

    // What is made when it is asked for, and can be made again.
    private Jid? _jid;
    private string? _id;
    private Stanza?[]? _views;

    // A copy may look different, so it does not take over what was made.
    private Occupant(Occupant other) =>
        (Room, Nick, Affiliation, Role, Sessions, IsHeldBack) = (other.Room, other.Nick, other.Affiliation, other.Role, other.Sessions, other.IsHeldBack);

    /// <summary>The occupant JID: the room's with the nick.</summary>
    public Jid Jid => _jid ??= Room.WithResource(Nick);

    /// <summary>Who it is: bare, and the same for all sessions.</summary>
    public Jid RealJid => Shown.Jid.Bare;

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

    /// <summary>Whether it is this person (bare JID).</summary>
    public bool Is(Jid bare) => Shown.Jid.IsOf(bare);

    /// <summary>The occupant id (XEP-0421), which only the room can make.</summary>
    public string Id(Room room) => _id ??= room.OccupantId(Shown.Jid);

    /// <summary>
    /// The plain presence for others with this view. Where people come and go it is made once. In a quiet room it is made for who asks, by
    /// a copy that takes along what is made on the way: kept, it would be let go of before anybody else comes.
    /// </summary>
    internal Stanza Presence(View view, Room room, Func<Room, Occupant, View, Stanza> make)
    {
        if (_views?[(int)view] is { } made) return made;
        return room.Occupants.AreBusy ? (_views ??= new Stanza?[2])[(int)view] = make(room, this, view).Compact() : make(room, new Occupant(this), view);
    }

    /// <summary>Lets go of what is made when somebody enters, and for a few when they talk.</summary>
    internal void Doze()
    {
        (_jid, _id, _views) = (null, null, null);
        foreach (var session in Sessions) session.Doze();
    }

    /// <summary>Lets go of what is made when somebody talks.</summary>
    internal void Rest()
    {
        foreach (var session in Sessions) session.Rest();
    }
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
