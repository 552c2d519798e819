using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Rooms.Features;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Given;

/// <summary>
/// A room and those around it, as in XEP-0045's own examples: <c>coven@chat.shakespeare.lit</c>, its owner <c>crone1</c> in it as
/// <c>firstwitch</c>. What it hears is given as the XEP writes it; what each person is told since the last thing heard can be
/// looked at. After everything heard, what was kept must give the same room again.
/// </summary>
public sealed class Coven
{
    public const string Address = "coven@chat.shakespeare.lit";
    public const string Crone1 = "crone1@shakespeare.lit/desktop";
    public const string Wiccarocks = "wiccarocks@shakespeare.lit/laptop";
    public const string Hag66 = "hag66@shakespeare.lit/pda";

    private static readonly XNamespace C = Ns.Client;

    private readonly RoomEngine _engine;
    private readonly List<XElement> _told = [];
    private List<MessageRecord> _archive = [];
    private readonly Dictionary<Guid, string> _said = [];
    private StoredRoom _stored = StoredRoom.Nothing;
    private Stanza? _heard;
    private int _ids;

    private Coven(ServicePolicy policy, Feature? more = null)
    {
        var features = FeatureList.Standard(policy);
        _engine = new RoomEngine(more is null ? features : features.WithoutCommands().With(more), policy);
        Room = new Room(Jid.Parse(Address), "the salt of the coven");
    }

    public Room Room { get; private set; }

    /// <summary>Stands still until it is moved.</summary>
    public DateTimeOffset Now { get; set; } = new(2002, 10, 13, 23, 58, 37, TimeSpan.Zero);

    /// <summary>What the last thing heard changed in the store.</summary>
    public ImmutableArray<Change> Changes { get; private set; } = [];

    /// <summary>All that was told since the last thing heard, one element for each address, in order.</summary>
    public IReadOnlyList<XElement> Told => _told;

    /// <summary>A room nobody has created yet.</summary>
    public static Coven Uncreated(ServicePolicy? policy = null) => new(policy ?? new ServicePolicy());

    /// <summary>Created by <c>crone1</c> and open, on a service with one more feature, and no other commands.</summary>
    public static Coven Open(Feature more) => new Coven(new ServicePolicy(), more).Enters(Crone1, "firstwitch").With();

    /// <summary>Created and still locked.</summary>
    public static Coven Locked(ServicePolicy? policy = null) => Uncreated(policy).Enters(Crone1, "firstwitch");

    /// <summary>Created by <c>crone1</c>, who is in it as <c>firstwitch</c>, and open.</summary>
    public static Coven Open(ServicePolicy? policy = null) => Locked(policy).With();

    /// <summary>The owner submits a form with these fields (values separated by a line break).</summary>
    public Coven With(params (string Var, string Value)[] fields)
    {
        Asks(Crone1, "set", $"<query xmlns='http://jabber.org/protocol/muc#owner'>{Form("http://jabber.org/protocol/muc#roomconfig", fields)}</query>", "config");
        return this;
    }

    /// <summary>Somebody joins.</summary>
    public Coven Enters(string who, string nick, string inside = "") =>
        Hears($"<presence from='{who}' to='{Address}/{nick}'><x xmlns='http://jabber.org/protocol/muc'>{inside}</x></presence>");

    /// <summary>An owner or admin gives somebody an affiliation.</summary>
    public Coven Affiliates(string who, string affiliation, string by = Crone1, string inside = "", string attributes = "") =>
        Hears($"""
            <iq type='set' from='{by}' to='{Address}' id='affiliate'><query xmlns='http://jabber.org/protocol/muc#admin'>
              <item affiliation='{affiliation}' jid='{who}' {attributes}>{inside}</item></query></iq>
            """);

    /// <summary>A moderator gives somebody a role.</summary>
    public Coven GivesRole(string nick, string role, string by = Crone1, string inside = "") =>
        Hears($"""
            <iq type='set' from='{by}' to='{Address}' id='role'><query xmlns='http://jabber.org/protocol/muc#admin'>
              <item role='{role}' nick='{nick}'>{inside}</item></query></iq>
            """);

    /// <summary>Somebody says something to all.</summary>
    public Coven Says(string who, string body, string id = "hysf1v37") =>
        Hears($"<message from='{who}' to='{Address}' type='groupchat' id='{id}'><body>{body}</body></message>");

    /// <summary>Somebody sends the room a request with this payload.</summary>
    public Coven Asks(string who, string type, string payload, string id = "ask") => Requests(who, payload, type: type, id: id);

    /// <summary>Somebody executes a command of the room (XEP-0050); with <paramref name="fields"/> a form filled in goes along.</summary>
    public Coven Executes(string who, string node, string attributes = "", params (string Var, string Value)[] fields) => Asks(
        who, "set", $"<command xmlns='http://jabber.org/protocol/commands' node='{node}' {attributes}>{(fields is [] ? "" : Form(null, fields))}</command>", "command");

    /// <summary>Somebody sends the room a form in a message.</summary>
    public Coven Submits(string who, string formType, params (string Var, string Value)[] fields) =>
        Hears($"<message from='{who}' to='{Address}'>{Form(formType, fields)}</message>");

    /// <summary>A form filled in, its values separated by line breaks.</summary>
    public static string Form(string? formType, params (string Var, string Value)[] fields) => $"""
        <x xmlns='jabber:x:data' type='submit'>
          {(formType is null ? "" : $"<field var='FORM_TYPE'><value>{formType}</value></field>")}
          {string.Concat(fields.Select(f => $"<field var='{f.Var}'>{string.Concat(f.Value.Split('\n').Select(v => $"<value>{v}</value>"))}</field>"))}
        </x>
        """;

    /// <summary>The room hears a stanza, written as in the XEP (in no namespace or in jabber:client).</summary>
    public Coven Hears(string xml)
    {
        var element = XElement.Parse($"<x xmlns='{Ns.Client}'>{xml}</x>").Elements().Single();
        if (!Stanza.TryFrom(element, out var stanza)) throw new ArgumentException("not a stanza: " + xml, nameof(xml));
        _heard = stanza;
        _told.Clear();
        Hears(stanza, null);
        CheckReload();
        return this;
    }

    /// <summary>The room hears this, from whomever.</summary>
    public Coven Hears(Stanza stanza)
    {
        _heard = stanza;
        _told.Clear();
        Hears(stanza, null);
        CheckReload();
        return this;
    }

    /// <summary>The service has the room take this over.</summary>
    public Coven TakesOver(bool updates, params ImmutableArray<Change> changes)
    {
        _heard = new Stanza(StanzaKind.Iq) { Type = "set", Id = "portion", From = Room.Jid.DomainJid, To = Room.Jid, Children = [TakingOver.Payload] };
        _told.Clear();
        Hears(_heard, null, new Portion(changes, updates));
        CheckReload();
        return this;
    }

    /// <summary>A message as it was kept at first.</summary>
    public string Original(string id) => _said[Guid.Parse(id)];

    /// <summary>The service starts again after a crash: what is told is what nobody is known to have heard.</summary>
    public Coven Crashes()
    {
        Room = Reloaded();
        _told.Clear();
        Tell(_engine.TellAgain(Room, _stored, Now, Id()));
        return this;
    }

    /// <summary>What this address was told since the last thing heard, in order.</summary>
    public IReadOnlyList<XElement> ToldTo(string jid) => [.. _told.Where(s => s.Attribute("to")!.Value == jid)];

    /// <summary>The one stanza this address was told.</summary>
    public XElement OnlyTold(string jid)
    {
        Assert.That(ToldTo(jid), Has.Count.EqualTo(1), $"to {jid}: {string.Join('\n', ToldTo(jid))}");
        return ToldTo(jid)[0];
    }

    /// <summary>Asserts that the sender alone was answered, with this error, by the room, and that nothing changed.</summary>
    public void RefusesWith(string to, string type, string condition)
    {
        var error = OnlyTold(to).Element(C + "error");
        Assert.Multiple(() =>
        {
            Assert.That(_told, Has.Count.EqualTo(1), "nobody else hears of it");
            Assert.That(_told[0].Attribute("type")?.Value, Is.EqualTo("error"));
            Assert.That(error?.Attribute("type")?.Value, Is.EqualTo(type));
            // Registration is refused as by any service (XEP-0077).
            Assert.That(error?.Attribute("by")?.Value, Is.EqualTo(_heard!.Has(Ns.Register + "query") ? null : Address));
            Assert.That(error?.Elements().First().Name.ToString(), Is.EqualTo((Ns.StanzaErrors + condition).ToString()));
            Assert.That(Changes, Is.Empty, "a refused request changes nothing");
        });
    }

    /// <summary>Those of these features that the room says it has (§6.4).</summary>
    public IEnumerable<string> Features(params string[] of) =>
        Asks(Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Hag66)
            .Descendants(Ns.DiscoInfo + "feature").Select(f => f.Attribute("var")!.Value).Where(of.Contains);

    /// <summary>The <c>muc#user</c> status codes of a stanza, in order.</summary>
    public static int[] Statuses(XElement stanza) =>
        [.. stanza.Elements(Ns.MucUser + "x").Elements(Ns.MucUser + "status").Select(s => int.Parse(s.Attribute("code")!.Value, null))];

    /// <summary>The <c>muc#user</c> item of a stanza.</summary>
    public static XElement Item(XElement stanza) => stanza.Element(Ns.MucUser + "x")!.Element(Ns.MucUser + "item")!;

    /// <summary>A short name for what a stanza is, for asserting an order: <c>presence firstwitch</c>, <c>unavailable thirdwitch</c>, <c>groupchat</c>, <c>result</c>.</summary>
    public static string Short(XElement stanza)
    {
        var type = stanza.Attribute("type")?.Value;
        var nick = Jid.Parse(stanza.Attribute("from")!.Value).Resource;
        return $"{type ?? stanza.Name.LocalName} {nick}".TrimEnd();
    }

    /// <summary>The room as it comes back from the store.</summary>
    public Room Reloaded() => Room.Restore(Room.Jid, _stored, _engine.Features.Options, Room.Salt);

    /// <summary>Somebody sends an iq; without <paramref name="to"/> to the room itself.</summary>
    public Coven Requests(string who, string payload, string? to = null, string type = "get", string id = "ask") =>
        Hears($"<iq from='{who}' to='{to ?? Address}' type='{type}' id='{id}'>{payload}</iq>");

    /// <summary>Somebody leaves; without <paramref name="nick"/> by the bare address of the room.</summary>
    public Coven Leaves(string who, string? nick = null, string inside = "") =>
        Hears($"<presence from='{who}' to='{Address}{(nick is null ? "" : "/" + nick)}' type='unavailable'>{inside}</presence>");

    /// <summary>The service starts again, with what was kept.</summary>
    public Coven Restarts()
    {
        Room = Reloaded();
        return this;
    }

    /// <summary>The features in a <c>disco#info</c> answer.</summary>
    public static string[] Features(XElement answer) =>
        [.. answer.Elements(Ns.DiscoInfo + "query").Elements(Ns.DiscoInfo + "feature").Select(f => f.Attribute("var")!.Value)];

    /// <summary>The values of a field of the form in an answer, or null if the field is not there.</summary>
    public static string[]? Field(XElement answer, string var) =>
        answer.Descendants(Ns.DataForms + "field").SingleOrDefault(f => f.Attribute("var")?.Value == var)?.Elements(Ns.DataForms + "value").Select(v => v.Value).ToArray();

    private void Hears(Stanza stanza, ImmutableArray<MessageRecord>? found, Portion? portion = null)
    {
        var step = _engine.Handle(Room, new Input(stanza, Now, Id()) { Found = found, Portion = portion });
        Room = step.Room;
        Changes = step.Changes;
        foreach (var change in step.Changes) Keep(change);
        Tell(step.Outgoing);
        foreach (var read in step.Reads)
        {
            var pages = read.Queries.Select(Page).ToImmutableArray();
            if (read is Lookup lookup) Hears(read.Request, Lookup.Found([.. pages, .. lookup.Further(Lookup.Found(pages)).Select(Page)]));
            else Tell(read.Answer(pages));
        }
    }

    private ArchivePage? Page(ArchiveQuery query) => query.Over(query.Passing ? _archive.Concat(_stored.History).DistinctBy(m => m.Id) : _archive);

    private void Keep(Change change)
    {
        _stored = _stored.With(change);
        if (change is RoomDestroyed) _archive.Clear();
        if (change is MessageKept { Message: var message })
        {
            _archive.Add(message);
            _said[message.Id] = message.Xml;
        }
        if (change is MessageRetracted retracted) _archive = [.. _archive.Select(m => m.With(retracted))];
        if (change is MessageRestored restored) _archive = [.. _archive.Select(m => m.With(restored))];
        if (change is AuthorErased erased) _archive = [.. _archive.Select(m => m.With(erased))];
    }

    private void Tell(ImmutableArray<Outgoing> outgoing)
    {
        foreach (var (stanza, addresses) in outgoing)
            foreach (var to in addresses) _told.Add((stanza with { To = to }).ToXml());
    }

    private Guid Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(Now).TryWriteBytes(bytes, bigEndian: true, out _);
        _ids++;
        (bytes[6], bytes[7]) = ((byte)(0x70 | (_ids >> 8)), (byte)_ids);
        return new Guid(bytes, bigEndian: true);
    }

    private void CheckReload() => Assert.That(Picture(Reloaded()), Is.EqualTo(Picture(Room)), "what is kept gives the same room again");

    private static string Picture(Room room) => string.Join('\n',
    [
        $"{room.Exists} {room.Locked} {room.Created:O} {room.Emptied:O} {room.Tombstone}",
        string.Join(' ', room.Config.ToStored().Select(o => $"{o.Key}={string.Join('|', o.Value)}")),
        .. room.Affiliations.All.Select(a => a.ToString()).Order(StringComparer.Ordinal),
        .. room.Occupants.All.Select(o => $"{o.Jid} {o.RealJid} {o.Affiliation} {o.Role} {o.IsHeldBack} {string.Join(',', o.Sessions.Select(s => $"{s.Jid} {s.Since:O} {StanzaWriter.ToText(s.Presence)}"))}").Order(StringComparer.Ordinal),
        $"{room.Subject?.From} {room.Subject?.At:O} {StanzaWriter.ToText(room.Subject?.Elements ?? [])}",
        .. room.Extra.Select(e => $"{e.Key}: {e.Value}"),
        .. room.History.TakeLast(room.Config.Get(History.Length)).Select(h => h.Record.ToString()),
    ]);
}
