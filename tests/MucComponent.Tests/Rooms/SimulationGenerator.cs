using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// What the room hears next. It looks at the room to stay interesting: mostly those who are in talk to those who are in, mostly
/// those who may do what they try, but never only.
/// <para>
/// No real JID is in what the cast says freely: what a client tells of itself is not the room's to hide. Not played: another
/// room or service speaking from a bare JID.
/// </para>
/// </summary>
public sealed class SimulationGenerator
{
    private readonly SimulationDice _dice;
    private readonly List<(int Weight, Func<Room, Stanza> Act)> _acts;

    // What has reached a client and waits for its answer, or may still come back undelivered.
    private readonly List<(Jid To, Stanza Stanza)> _arrived = [];

    private int _ids;

    public SimulationGenerator(SimulationDice dice)
    {
        _dice = dice;
        _acts =
        [
            (180, Join), (40, Availability), (40, NickChange), (20, Exit), (10, ThinksItIsIn), (15, Probe), (10, OddPresence),
            (120, SayToAll), (25, Subject), (50, SayPrivately), (10, OddMessage),
            (50, AskOccupant), (60, Answer), (15, Undelivered),
            (80, Administer), (20, ReadList), (25, Configure), (10, ReadForm), (1, Destroy),
            (25, Register), (8, AnswerRegistration), (15, RequestVoice), (15, AnswerVoiceRequest), (15, Invite), (10, Decline),
            (15, Discover), (5, Picture), (10, OddRequest),
        ];
    }

    public Stanza Next(Room room)
    {
        var next = Any(room);
        while (SimulationKnown.IsLeftOut(room, next)) next = Any(room);
        return next;
    }

    /// <summary>Lets the cast know what reached it.</summary>
    public void Saw(SimulationMoment moment)
    {
        foreach (var outgoing in moment.Outgoing)
            if (outgoing.Stanza is { Kind: StanzaKind.Iq, Type: "get" or "set" } or { Kind: StanzaKind.Message, Type: not ("groupchat" or "error") })
                _arrived.AddRange(outgoing.To.Select(to => (to, outgoing.Stanza)));
        if (_arrived.Count > 20) _arrived.RemoveRange(0, _arrived.Count - 20);
    }

    private Stanza Any(Room room)
    {
        if (!room.Exists && _dice.Chance(70)) return Join(room);
        if (room.Locked && _dice.Chance(40)) return Configure(room);
        if (room.Exists && room.Occupants.Count < 3 && _dice.Chance(50)) return Join(room);
        return _dice.Weighted(_acts)(room);
    }

    // --- who and where ----------------------------------------------------------------------------------------

    private Jid Anybody(Room room) => Present(room) is { Count: > 0 } present && _dice.Chance(85) ? _dice.OneOf(present) : _dice.OneOf(SimulationCast.Sessions);

    private Jid Newcomer(Room room) => Absent(room) is { Count: > 0 } absent && _dice.Chance(85) ? _dice.OneOf(absent) : _dice.OneOf(SimulationCast.Sessions);

    private Jid Somebody(Room room, Func<Jid, bool> who) =>
        SimulationCast.Sessions.Where(who).ToList() is { Count: > 0 } fit && _dice.Chance(80) ? _dice.OneOf(fit) : Anybody(room);

    private Jid Admin(Room room) => Somebody(room, s => room.Affiliations.Get(s.Bare) >= Affiliation.Admin);

    private Jid Owner(Room room) => Somebody(room, s => room.Affiliations.Get(s.Bare) == Affiliation.Owner);

    private static List<Jid> Present(Room room) => [.. SimulationCast.Sessions.Where(s => room.Occupants.BySession(s) is not null)];

    private static List<Jid> Absent(Room room) => [.. SimulationCast.Sessions.Where(s => room.Occupants.BySession(s) is null)];

    /// <summary>An occupant's JID, mostly of one who is there.</summary>
    private Jid Nick(Room room) =>
        room.Occupants.All.Select(o => o.Jid).OrderBy(j => j.ToString(), StringComparer.Ordinal).ToList() is { Count: > 0 } taken && _dice.Chance(70)
            ? _dice.OneOf(taken)
            : _dice.OneOf(SimulationCast.OccupantJids);

    private string? Id() => _dice.Chance(10) ? null : $"id-{++_ids}";

    private string Words() => _dice.One(
        "Thrice the brinded cat hath mew'd.", "Harpier cries: 'tis time.", "", "  ", "one\r\ntwo\tthree", "]]> & <b>\"'", "🦉 hoo", "Fillet of a fenny snake");

    private static Stanza From(Jid from, Jid to, Stanza stanza) => stanza with { From = from, To = to };

    private static Stanza Iq(string type, params ReadOnlySpan<XElement> children) => new(StanzaKind.Iq) { Type = type, Children = [.. children] };

    private Stanza Request(Jid from, Jid to, string type, params ReadOnlySpan<XElement> children) => From(from, to, Iq(type, children)) with { Id = Id() };

    // --- coming, being there, going (§7.1, §7.2, §7.6, §7.7, §7.14, §17.3) ------------------------------------------

    private Stanza Join(Room room)
    {
        var muc = new XElement(Ns.Muc + "x");
        if (_dice.Chance(85) && Password.Protects(room.Config)) muc.Add(new XElement(Ns.Muc + "password", room.Config.Get(Password.Secret)));
        else if (_dice.Chance(5)) muc.Add(new XElement(Ns.Muc + "password", "cauldron"));
        if (_dice.Chance(40))
            muc.Add(_dice.One(
                new XElement(Ns.Muc + "history", new XAttribute("maxstanzas", _dice.Below(4))),
                new XElement(Ns.Muc + "history", new XAttribute("maxchars", _dice.Below(2000))),
                new XElement(Ns.Muc + "history", new XAttribute("seconds", _dice.Below(60))),
                new XElement(Ns.Muc + "history", new XAttribute("since", "2002-10-14T00:30:00Z")),
                new XElement(Ns.Muc + "history", new XAttribute("maxstanzas", "many"))));
        var who = Newcomer(room);
        var free = SimulationCast.OccupantJids.Where(o => room.Occupants.ByNick(o.Resource) is not { } there || there.RealJid == who.Bare).ToList();
        return From(who, _dice.Chance(80) && free.Count > 0 ? _dice.OneOf(free) : _dice.OneOf(SimulationCast.OccupantJids), Presence(null).With(muc)) with { Id = Id() };
    }

    private Stanza Availability(Room room)
    {
        var who = Anybody(room);
        return From(who, _dice.Chance(20) ? SimulationCast.Room : room.Occupants.BySession(who)?.Jid ?? Nick(room), Presence(null));
    }

    private Stanza NickChange(Room room)
    {
        var stanza = From(Anybody(room), _dice.OneOf(SimulationCast.OccupantJids), Presence(null));
        return _dice.Chance(20) ? stanza.With(new XElement(Ns.Muc + "x")) : stanza;
    }

    private Stanza Exit(Room room)
    {
        var who = Anybody(room);
        var to = _dice.Chance(70) && room.Occupants.BySession(who) is { } me ? me.Jid : _dice.Chance(50) ? SimulationCast.Room : _dice.OneOf(SimulationCast.OccupantJids);
        return From(who, to, Presence("unavailable"));
    }

    private Stanza ThinksItIsIn(Room room) => From(Newcomer(room), _dice.OneOf(SimulationCast.OccupantJids), Presence(null)) with { Id = Id() };

    private Stanza Probe(Room room) => From(Anybody(room), Nick(room), Stanza.Presence("probe")) with { Id = Id() };

    private Stanza OddPresence(Room room) =>
        From(Anybody(room), _dice.Chance(50) ? SimulationCast.Room : Nick(room), Presence(_dice.One("subscribe", "subscribed", "unsubscribe", "invisible", "error")));

    private Stanza Presence(string? type)
    {
        var stanza = Stanza.Presence(type);
        if (_dice.Chance(50)) stanza = stanza.With(new XElement(Ns.Client + "show", _dice.One("away", "dnd", "xa")));
        if (_dice.Chance(30)) stanza = stanza.With(new XElement(Ns.Client + "status", Words()));
        if (_dice.Chance(10)) stanza = stanza.With(Forged());
        return stanza;
    }

    /// <summary>What only the room may say.</summary>
    private XElement Forged() => _dice.One(
        new XElement(Ns.MucUser + "x", new XElement(Ns.MucUser + "item", new XAttribute("affiliation", "owner"), new XAttribute("role", "moderator"))),
        new XElement(Ns.MucUser + "x", new XElement(Ns.MucUser + "status", new XAttribute("code", 110))),
        new XElement(Ns.OccupantId + "occupant-id", new XAttribute("id", "forged")),
        new XElement(Ns.StanzaId + "stanza-id", new XAttribute("by", SimulationCast.Room), new XAttribute("id", "forged")),
        new XElement(Ns.Delay + "delay", new XAttribute("from", SimulationCast.Room), new XAttribute("stamp", "2002-10-13T23:58:37Z")));

    // --- saying something (§7.4, §7.5, §8.1) ---------------------------------------------------------------------

    private Stanza SayToAll(Room room)
    {
        var stanza = Stanza.Message("groupchat", new XElement(Ns.Client + "body", Words()));
        if (_dice.Chance(15)) stanza = stanza.With(Forged());
        if (_dice.Chance(10)) stanza = stanza.With(new XElement(Ns.Hints + _dice.One("no-store", "store", "no-permanent-store")));
        if (_dice.Chance(10)) stanza = stanza.With(new XElement(Ns.Client + "subject", Words()));
        if (_dice.Chance(5)) stanza = stanza with { Children = [new XElement(Ns.ChatStates + "composing")] };
        return From(Anybody(room), SimulationCast.Room, stanza) with { Id = Id(), Lang = _dice.Chance(10) ? "en" : null };
    }

    private Stanza Subject(Room room)
    {
        var stanza = Stanza.Message("groupchat", new XElement(Ns.Client + "subject", Words()));
        if (_dice.Chance(20)) stanza = stanza.With(new XElement(Ns.Client + "subject", new XAttribute(XNamespace.Xml + "lang", "la"), Words()));
        return From(Anybody(room), SimulationCast.Room, stanza) with { Id = Id() };
    }

    private Stanza SayPrivately(Room room)
    {
        var stanza = Stanza.Message(_dice.One("chat", null, "normal", "headline", "groupchat"), new XElement(Ns.Client + "body", Words()));
        if (_dice.Chance(15)) stanza = stanza.With(Forged());
        return From(Anybody(room), Nick(room), stanza) with { Id = Id() };
    }

    private Stanza OddMessage(Room room) => From(Anybody(room), SimulationCast.Room, _dice.One(
        Stanza.Message("chat", new XElement(Ns.Client + "body", Words())),
        Stanza.Message(null),
        Stanza.Message("groupchat"),
        Stanza.Message("shout", new XElement(Ns.Client + "body", Words())),
        Stanza.Message(null, new XElement(Ns.MucUser + "x")),
        Stanza.Message(null, new XElement(Ns.DataForms + "x")))) with
    { Id = Id() };

    // --- clients among themselves, and servers for those that are gone (§17.4, §11.1, §18.1.2) -----------------------

    private Stanza AskOccupant(Room room) => Request(Anybody(room), Nick(room), _dice.One("get", "get", "set"), _dice.One(
        new XElement(Ns.Ping + "ping"),
        new XElement(Ns.Version + "query"),
        new XElement(Ns.VCard + "vCard"),
        new XElement(Ns.DiscoInfo + "query"),
        new XElement(Ns.PubSub + "pubsub")));

    /// <summary>The answer to what reached a client, now and then by somebody who was not asked.</summary>
    private Stanza Answer(Room room)
    {
        if (_arrived.FindLastIndex(a => a.Stanza.Kind == StanzaKind.Iq) is not (>= 0 and var at)) return SayToAll(room);
        var (to, stanza) = _arrived[at];
        _arrived.RemoveAt(at);
        var who = _dice.Chance(95) ? to : Anybody(room);
        return (_dice.Chance(60) ? Iq("result", new XElement(Ns.Version + "query", new XElement(Ns.Version + "name", Words()))) : Bounced(who, StanzaKind.Iq))
            with
        { From = who, To = stanza.From, Id = _dice.Chance(95) ? stanza.Id : Id() };
    }

    /// <summary>What comes back from a session: that it is gone, that its server is, or that the client did not want it.</summary>
    private Stanza Undelivered(Room room)
    {
        if (_dice.Chance(50) && _arrived.FindLastIndex(a => a.Stanza.Kind == StanzaKind.Message) is >= 0 and var at)
        {
            var (to, stanza) = _arrived[at];
            _arrived.RemoveAt(at);
            return Bounced(to, StanzaKind.Message) with { From = to, To = stanza.From, Id = stanza.Id };
        }
        var who = Anybody(room);
        return Bounced(who, _dice.One(StanzaKind.Message, StanzaKind.Presence)) with { From = who, To = _dice.Chance(50) ? SimulationCast.Room : Nick(room), Id = Id() };
    }

    // Servers say in `by` who they speak for.
    private Stanza Bounced(Jid by, StanzaKind kind)
    {
        var error = new XElement(
            Ns.Client + "error",
            new XAttribute("type", "cancel"),
            _dice.Chance(50) ? new XAttribute("by", by.Bare) : null,
            new XElement(Ns.StanzaErrors + _dice.One("service-unavailable", "recipient-unavailable", "remote-server-timeout", "not-acceptable", "gone")));
        return new Stanza(kind) { Type = "error", Children = _dice.Chance(95) ? [error] : [] };
    }

    // --- roles and affiliations (§8.2 to §8.5, §9, §10.3 to §10.8) ----------------------------------------------------

    private Stanza Administer(Room room)
    {
        var items = Enumerable.Range(0, _dice.One(1, 1, 1, 2, 3)).Select(_ => Item(room));
        return Request(Admin(room), SimulationCast.Room, "set", new XElement(Ns.MucAdmin + "query", items));
    }

    private XElement Item(Room room)
    {
        var item = new XElement(Ns.MucAdmin + "item");
        if (_dice.Chance(50))
        {
            item.Add(new XAttribute("role", _dice.Weighted([(10, "none"), (30, "visitor"), (30, "participant"), (20, "moderator"), (3, "king")])));
            item.Add(_dice.Chance(90) ? new XAttribute("nick", Nick(room).Resource) : new XAttribute("jid", _dice.OneOf(SimulationCast.Sessions)));
        }
        else
        {
            item.Add(new XAttribute("affiliation", _dice.Weighted([(15, "outcast"), (30, "none"), (30, "member"), (15, "admin"), (10, "owner"), (3, "king")])));
            item.Add(_dice.Weighted(
            [
                (70, new XAttribute("jid", _dice.OneOf(SimulationCast.People))),
                (10, new XAttribute("jid", _dice.OneOf(SimulationCast.Sessions))),
                (10, new XAttribute("jid", _dice.OneOf(SimulationCast.Domains))),
                (5, new XAttribute("nick", Nick(room).Resource)),
                (3, new XAttribute("jid", "@@")),
            ]));
            if (item.Attribute("nick") is null && _dice.Chance(15)) item.Add(new XAttribute("nick", Nick(room).Resource));
        }
        if (_dice.Chance(3)) item.SetAttributeValue(_dice.One<XName>("role", "affiliation", "nick", "jid"), null);
        if (_dice.Chance(30)) item.Add(new XElement(Ns.MucAdmin + "reason", Words()));
        return item;
    }

    private Stanza ReadList(Room room) => Request(Anybody(room), SimulationCast.Room, "get", new XElement(
        Ns.MucAdmin + "query",
        new XElement(Ns.MucAdmin + "item", _dice.Chance(40)
            ? new XAttribute("role", _dice.One("moderator", "participant", "visitor", "king"))
            : new XAttribute("affiliation", _dice.One("outcast", "none", "member", "admin", "owner")))));

    // --- configuring and destroying (§10.1, §10.2, §10.9) --------------------------------------------------------------

    private Stanza Configure(Room room)
    {
        var form = new XElement(Ns.DataForms + "x", new XAttribute("type", _dice.Weighted([(60, "submit"), (2, "cancel"), (1, "form")])));
        form.Add(Field("FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig"));
        Option("persistentroom", 40, "1", "1", "1", "0");
        Option("moderatedroom", 30, "1", "0");
        Option("membersbydefault", 10, "1", "0");
        Option("membersonly", 30, "1", "0", "0", "0");
        Option("whois", room.Occupants.Count > 1 ? 30 : 60, "anyone", "moderators");
        Option("changesubject", 30, "1", "0");
        Option("allowpm", 30, "anyone", "anyone", "participants", "moderators", "none");
        Option("allowinvites", 20, "1", "0");
        Option("registration", 30, "1", "0", "approval");
        Option("lockednicks", 15, "1", "0", "0");
        Option("maxusers", 10, "none", "10", "4");
        Option("largeroom", 10, "3", "5", "0");
        Option("historylength", 20, "0", "2", "20");
        Option("enablelogging", 10, "1", "0");
        Option("allowvisitorstatus", 10, "1", "0");
        Option("allowvisitornickchange", 10, "1", "1", "0");
        Option("allow_query_users", 10, "1", "1", "0");
        Option("allowvoicerequests", 10, "1", "1", "0");
        Option("voicerequestmininterval", 10, "0", "60");
        Option("public_list", 10, "1", "0");
        Option("roomsecret", 8, "cauldron", "", "");
        Option("passwordprotectedroom", 8, "1", "0", "0");
        Option("roomname", 10, "A Dark Cave", "");
        Option("lottery", 5, "1");
        Option("publicroom", 3, "1", "0", "perhaps");
        if (_dice.Chance(3)) form.Add(Field("muc#roomconfig_roomadmins", [.. People()]));
        if (_dice.Chance(3)) form.Add(Field("muc#roomconfig_roomowners", [.. People()]));
        if (_dice.Chance(15)) form.Add(Field("muc#roomconfig_presencebroadcast", _dice.One<string[]>(
            ["moderator", "participant", "visitor"], ["moderator", "participant", "visitor", "none"], ["moderator", "participant"], ["moderator"], ["visitor"], [])));
        if (_dice.Chance(15)) form.Add(Field("muc#roomconfig_getmemberlist", _dice.One<string[]>(["moderator", "participant", "visitor"], ["moderator"], [])));
        return Request(Owner(room), SimulationCast.Room, "set", new XElement(Ns.MucOwner + "query", form));

        void Option(string name, int percent, params string[] values)
        {
            if (_dice.Chance(percent)) form.Add(Field("muc#roomconfig_" + name, _dice.OneOf(values)));
        }
    }

    private IEnumerable<string> People() => Enumerable.Range(0, _dice.Below(3)).Select(_ => _dice.OneOf(SimulationCast.People).ToString());

    private static XElement Field(string name, params string[] values) =>
        new(Ns.DataForms + "field", new XAttribute("var", name), values.Select(v => new XElement(Ns.DataForms + "value", v)));

    private Stanza ReadForm(Room room) => Request(Owner(room), SimulationCast.Room, "get", new XElement(Ns.MucOwner + "query"));

    private Stanza Destroy(Room room) => Request(Owner(room), SimulationCast.Room, "set", new XElement(
        Ns.MucOwner + "query",
        new XElement(
            Ns.MucOwner + "destroy",
            _dice.Chance(30) ? new XAttribute("jid", _dice.One("castle@chat.shakespeare.lit", "@@")) : null,
            _dice.Chance(50) ? new XElement(Ns.MucOwner + "reason", Words()) : null)));

    // --- asking to be more (§7.10, §7.13, §8.6), inviting (§7.8) ------------------------------------------------------

    private Stanza Register(Room room) => Request(Anybody(room), SimulationCast.Room, _dice.One("get", "set", "set"), new XElement(
        Ns.Register + "query",
        _dice.Weighted(
        [
            (2, new XElement(Ns.Register + "remove")),
            (1, null),
            (5, new XElement(
                Ns.DataForms + "x",
                new XAttribute("type", _dice.One("submit", "submit", "submit", "cancel")),
                Field("FORM_TYPE", "http://jabber.org/protocol/muc#register"),
                Field("muc#register_roomnick", _dice.One<string>(_dice.OneOf(SimulationCast.OccupantJids).Resource, _dice.OneOf(SimulationCast.OccupantJids).Resource, "")))),
        ])));

    private Stanza AnswerRegistration(Room room) => From(Admin(room), SimulationCast.Room, Stanza.Message(null, new XElement(
        Ns.DataForms + "x", new XAttribute("type", "submit"),
        Field("FORM_TYPE", "http://jabber.org/protocol/muc#register"),
        Field("muc#register_allow", _dice.One<string>("1", "1", "0", "perhaps")),
        Field("muc#register_roomnick", Registration.Pending(room) is [var request, ..] ? request.Nick : Nick(room).Resource)))) with
    { Id = Id() };

    private Stanza RequestVoice(Room room) => From(
        Somebody(room, s => room.Occupants.BySession(s)?.Role == Role.Visitor), SimulationCast.Room,
        Stanza.Message(null, new XElement(
            Ns.DataForms + "x", new XAttribute("type", "submit"),
            Field("FORM_TYPE", "http://jabber.org/protocol/muc#request"), Field("muc#role", _dice.One<string>("participant", "participant", "moderator"))))) with
    { Id = Id() };

    private Stanza AnswerVoiceRequest(Room room)
    {
        var visitor = room.Occupants.All.Where(o => o.Role == Role.Visitor).OrderBy(o => o.Nick, StringComparer.Ordinal).FirstOrDefault();
        return From(
            Somebody(room, s => room.Occupants.BySession(s)?.Role == Role.Moderator), SimulationCast.Room,
            Stanza.Message(null, new XElement(
                Ns.DataForms + "x", new XAttribute("type", "submit"),
                Field("FORM_TYPE", "http://jabber.org/protocol/muc#request"),
                Field("muc#role", "participant"),
                _dice.Chance(80) && visitor is not null ? Field("muc#jid", visitor.Shown.Jid.ToString()) : null,
                Field("muc#roomnick", visitor?.Nick ?? Nick(room).Resource),
                Field("muc#request_allow", _dice.One<string>("1", "true", "0"))))) with
        { Id = Id() };
    }

    private Stanza Invite(Room room)
    {
        var invites = Enumerable.Range(0, _dice.One(1, 1, 2)).Select(_ => new XElement(
            Ns.MucUser + "invite",
            new XAttribute("to", _dice.Weighted([(6, _dice.OneOf(SimulationCast.People).ToString()), (3, _dice.OneOf(SimulationCast.Sessions).ToString()), (1, "@@")])),
            _dice.Chance(50) ? new XElement(Ns.MucUser + "reason", Words()) : null));
        return From(Anybody(room), SimulationCast.Room, Stanza.Message(null, new XElement(Ns.MucUser + "x", invites))) with { Id = Id() };
    }

    private Stanza Decline(Room room) => From(_dice.OneOf(SimulationCast.Sessions), SimulationCast.Room, Stanza.Message(null, new XElement(
        Ns.MucUser + "x",
        new XElement(
            Ns.MucUser + "decline",
            new XAttribute("to", _dice.One(Nick(room).ToString(), _dice.OneOf(SimulationCast.People).ToString(), "@@")),
            new XElement(Ns.MucUser + "reason", Words()))))) with
    { Id = Id() };

    // --- asking the room (§6.4, §6.5, §7.12) ------------------------------------------------------------------------------

    private Stanza Discover(Room room) => Request(
        _dice.Chance(50) ? Anybody(room) : _dice.OneOf(SimulationCast.Sessions), SimulationCast.Room, "get",
        new XElement((_dice.Chance(50) ? Ns.DiscoInfo : Ns.DiscoItems) + "query", _dice.Chance(40) ? new XAttribute("node", _dice.One("x-roomuser-item", "elsewhere")) : null));

    private Stanza Picture(Room room) => _dice.Chance(50)
        ? Request(Anybody(room), SimulationCast.Room, "get", new XElement(Ns.VCard + "vCard"))
        : Request(Owner(room), SimulationCast.Room, "set", new XElement(
            Ns.VCard + "vCard",
            _dice.Chance(70) ? new XElement(Ns.VCard + "PHOTO", new XElement(Ns.VCard + "BINVAL", _dice.One("iVBORw0KGgo=", "R0lGODlh", "?"))) : null));

    private Stanza OddRequest(Room room) => _dice.Weighted(
    [
        (3, Request(Anybody(room), SimulationCast.Room, "get", new XElement(Ns.Ping + "ping"))),
        (1, Request(Anybody(room), SimulationCast.Room, "get", new XElement(Ns.Time + "time"))),
        (1, Request(Anybody(room), _dice.Chance(50) ? SimulationCast.Room : Nick(room), "set")),
        (1, Request(Anybody(room), _dice.Chance(50) ? SimulationCast.Room : Nick(room), "get", new XElement(Ns.Ping + "ping"), new XElement(Ns.Ping + "ping"))),
        (1, Request(Anybody(room), SimulationCast.Room, "set", new XElement(Ns.MucAdmin + "query"))),
        (1, Request(Anybody(room), SimulationCast.Room, "set", new XElement(Ns.MucOwner + "query"))),
        (1, Request(Anybody(room), _dice.Chance(50) ? SimulationCast.Room : Nick(room), _dice.One("result", "error", "wonder"), new XElement(Ns.Ping + "ping"))),
    ]);
}
