using System.Collections.Immutable;
using System.Threading.Channels;
using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Service;

/// <summary>XEP-0045 §6.2 and §6.3, with XEP-0059, 0092, 0199, 0202 and 0307.</summary>
public sealed class ServiceStanzasTests
{
    private const string Service = "chat.shakespeare.lit";
    private const string Items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";

    [Test, Row("D1")] // §6.2
    public async Task The_service_says_that_it_is_one_for_chat_rooms()
    {
        var answer = await Answer("<query xmlns='http://jabber.org/protocol/disco#info'/>");

        var identity = answer.Element(Ns.DiscoInfo + "query")!.Element(Ns.DiscoInfo + "identity")!;
        Assert.That((identity.Attribute("category")?.Value, identity.Attribute("type")?.Value), Is.EqualTo(("conference", "text")));
        Assert.That(identity.Attribute("name")?.Value, Is.Not.Empty);
        Assert.That(Coven.Features(answer), Does.Contain("http://jabber.org/protocol/muc"));
    }

    [Test, Row("D2", "D3")] // §7.4, XEP-0486 §3.1
    public async Task The_service_says_what_it_does_and_does_what_it_says()
    {
        var features = Coven.Features(await Answer("<query xmlns='http://jabber.org/protocol/disco#info'/>"));

        Assert.That(features, Is.Unique.And.SupersetOf(new[]
        {
            "http://jabber.org/protocol/muc#stable_id", "http://jabber.org/protocol/muc#unique", "http://jabber.org/protocol/rsm",
            "urn:xmpp:occupant-id:0", "vcard-temp", "urn:xmpp:ping", "jabber:iq:version", "urn:xmpp:time",
        }));
        foreach (var request in new[] { "<ping xmlns='urn:xmpp:ping'/>", "<query xmlns='jabber:iq:version'/>", "<time xmlns='urn:xmpp:time'/>", "<unique xmlns='http://jabber.org/protocol/muc#unique'/>" })
            Assert.That((await Answer(request)).Attribute("type")?.Value, Is.EqualTo("result"), request);
    }

    [Test] // XEP-0157 §2
    public async Task The_service_says_whom_to_turn_to_if_there_is_anybody()
    {
        const string info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
        Assert.That(Form(await Answer(info)), Is.Null);

        var form = Form(await Answer(info, admins: ["hecate@shakespeare.lit", "crone1@shakespeare.lit"]));

        Assert.That(form?.Values("admin-addresses"), Is.EqualTo(new[] { "xmpp:crone1@shakespeare.lit", "xmpp:hecate@shakespeare.lit" }));

    }

    [Test] // XEP-0157 §2
    public async Task The_operator_says_whom_to_turn_to_for_what()
    {
        const string info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
        var form = Form(await Answer(info, admins: ["hecate@shakespeare.lit"], contacts: "abuse=mailto:abuse@shakespeare.lit xmpp:abuse@shakespeare.lit; support=https://shakespeare.lit/help?a=b"))!;
        Assert.That(form.Fields.Select(f => $"{f.Var} {f.Type} {string.Join(' ', f.Values)}"), Is.EqualTo(new[]
        {
            "abuse-addresses list-multi mailto:abuse@shakespeare.lit xmpp:abuse@shakespeare.lit", "admin-addresses list-multi xmpp:hecate@shakespeare.lit",
            "support-addresses list-multi https://shakespeare.lit/help?a=b",
        }));
        form = Form(await Answer(info, admins: ["hecate@shakespeare.lit"], contacts: "admin=mailto:admin@shakespeare.lit"))!;
        Assert.That(form.Values("admin-addresses"), Is.EqualTo(new[] { "mailto:admin@shakespeare.lit" }), "who is named for it stands for them");
        Assert.That(Form(await Answer(info, contacts: "abuse=mailto:abuse@shakespeare.lit")), Is.Not.Null);
    }

    private static DataForm? Form(XElement answer) =>
        answer.Descendants(Ns.DataForms + "x").Select(DataForm.From).SingleOrDefault(f => f!.FormType == "http://jabber.org/network/serverinfo");

    [Test] // XEP-0504
    public async Task The_service_says_how_long_its_rooms_keep_things_at_most()
    {
        var answer = await Answer("<query xmlns='http://jabber.org/protocol/disco#info'/>");

        var form = answer.Descendants(Ns.DataForms + "x").Select(DataForm.From).Single();
        Assert.That(form!.FormType, Is.EqualTo("urn:xmpp:data-policy:0"));
        Assert.That(form.Value("data_retention"), Is.EqualTo("infinite"));
    }

    [Test, Row("disco-muc_rooms", Otherwise = "No section says what it would promise: that there is a list of rooms is disco#items itself.")]
    public async Task The_service_does_not_announce_its_list() =>
        Assert.That(Coven.Features(await Answer("<query xmlns='http://jabber.org/protocol/disco#info'/>")), Is.Not.Empty.And.None.EqualTo("muc_rooms"));

    [Test, Row("D4", "1.16.E")] // §6.3
    public async Task The_list_has_the_rooms_that_may_be_found_with_their_names_and_nothing_added()
    {
        var answer = await Answer(Items, Rooms("coven", "heath"));

        Assert.That(
            answer.Descendants(Ns.DiscoItems + "item").Select(i => (i.Attribute("jid")?.Value, i.Attribute("name")?.Value)),
            Is.EqualTo(new[] { ($"coven@{Service}", "The coven"), ($"heath@{Service}", "The heath") }));
        Assert.That(answer.Descendants(Ns.ResultSet + "set"), Is.Empty, "the list is whole");
    }

    [TestCase(true, true, ExpectedResult = true)]
    [TestCase(false, true, ExpectedResult = false)]
    [TestCase(true, false, ExpectedResult = false)]
    [Row("D4", "D7")] // §6.3, §10.1.1
    public bool Hidden_rooms_and_locked_ones_are_not_to_be_found(bool @public, bool configured)
    {
        var coven = configured ? Coven.Open().With(("muc#roomconfig_publicroom", @public ? "1" : "0"), ("muc#roomconfig_roomname", "A Dark Cave")) : Coven.Locked();

        return coven.Changes.OfType<RoomChanged>().Single().Room.Listed;
    }

    [Test, Row("D5")] // §6.3, XEP-0059 §2.1
    public async Task The_list_comes_in_pages_to_those_who_ask_for_them()
    {
        var rooms = Rooms("a", "b", "c", "d", "e");

        Assert.That(Page(await Answer(Paged("<max>2</max>"), rooms)), Is.EqualTo("a b | first a at 0, last b of 5"));
        Assert.That(Page(await Answer(Paged($"<max>2</max><after>b@{Service}</after>"), rooms)), Is.EqualTo("c d | first c at 2, last d of 5"));
        Assert.That(Page(await Answer(Paged($"<max>2</max><before>c@{Service}</before>"), rooms)), Is.EqualTo("a b | first a at 0, last b of 5"));
        Assert.That(Page(await Answer(Paged("<max>2</max><before/>"), rooms)), Is.EqualTo("d e | first d at 3, last e of 5"));
        Assert.That(Page(await Answer(Paged("<max>0</max>"), rooms)), Is.EqualTo(" | first  at , last  of 5"));
        Assert.That(Page(await Answer(Paged($"<max>2</max><after>e@{Service}</after>"), rooms)), Is.EqualTo(" | first  at , last  of 5"));
    }

    [Test, Row("D5")] // §6.3: "SHOULD include a <set/> … to indicate that the list is not the full result set"
    public async Task A_list_too_long_for_one_stanza_says_that_there_is_more()
    {
        var many = Rooms([.. Enumerable.Range(0, ServiceStanzas.MaxPage + 1).Select(i => $"room{i:D4}")]);

        var answer = await Answer(Items, many);

        Assert.That(answer.Descendants(Ns.DiscoItems + "item").Count(), Is.EqualTo(ServiceStanzas.MaxPage));
        Assert.That(answer.Descendants(Ns.ResultSet + "count").Single().Value, Is.EqualTo("101"));
    }

    [TestCase("<max>many</max>", "bad-request")]
    [TestCase("<after>@</after>", "bad-request")]
    [TestCase("<max>2</max><index>4</index>", "feature-not-implemented")] // XEP-0059 §2.6
    [Row("D5")]
    public async Task A_page_that_cannot_be_is_refused(string asked, string condition) =>
        AssertRefused(await Answer(Paged(asked), Rooms("a")), condition);

    [TestCase("nonemptyrooms")]
    [TestCase("emptyrooms")]
    [Row("D6", Otherwise = "A list of one server's own making: a room list says which rooms there are, and not who is where.")]
    public async Task There_are_no_lists_besides_the_list(string node) =>
        AssertRefused(await Answer($"<query xmlns='http://jabber.org/protocol/disco#items' node='{node}'/>"), "item-not-found");

    [TestCase("macbeth@shakespeare.lit/castle")]
    [TestCase("stranger@elsewhere.lit/phone")]
    [Row("D8", Otherwise = "Everybody may read the list: a room that is not for everybody to find is hidden by its owner.")]
    public async Task Anybody_may_read_the_list(string from) =>
        Assert.That((await Answer(Items, Rooms("coven"), from)).Descendants(Ns.DiscoItems + "item").Count(), Is.EqualTo(1));

    [Test]
    public async Task A_store_that_does_not_answer_asks_to_wait()
    {
        var error = AssertRefused(await Answer(Items, new StubStore([]) { Fails = true }), "internal-server-error");

        Assert.That(error.Attribute("type")?.Value, Is.EqualTo("wait"));
    }

    [Test] // XEP-0202 §3
    public async Task The_time_is_told_in_utc()
    {
        var time = (await Answer("<time xmlns='urn:xmpp:time'/>")).Element(Ns.Time + "time")!;

        Assert.That(Timestamp.TryParse(time.Element(Ns.Time + "utc")?.Value, out _), Is.True);
        Assert.That(time.Element(Ns.Time + "tzo")?.Value, Is.EqualTo("+00:00"));
    }

    [Test, Row("C23")] // XEP-0307
    public async Task A_new_rooms_name_is_never_the_same()
    {
        const string Unique = "<unique xmlns='http://jabber.org/protocol/muc#unique'/>";

        var (one, other) = ((await Answer(Unique)).Value, (await Answer(Unique)).Value);

        Assert.That(one, Is.Not.Empty.And.Not.EqualTo(other));
        Assert.That(Jid.TryParse($"{one}@{Service}", out _), Is.True);
    }

    [TestCase("<iq type='get' id='s1' to='chat.shakespeare.lit'><query xmlns='jabber:iq:roster'/></iq>", "service-unavailable")]
    [TestCase("<iq type='set' id='s1' to='chat.shakespeare.lit'><query xmlns='jabber:iq:version'/></iq>", "service-unavailable")]
    [TestCase("<iq type='get' id='s1' to='chat.shakespeare.lit/nobody'><ping xmlns='urn:xmpp:ping'/></iq>", "service-unavailable")]
    [TestCase("<iq type='get' id='s1' to='chat.shakespeare.lit'/>", "bad-request")]
    [TestCase("<iq type='get' id='s1' to='chat.shakespeare.lit'><query xmlns='http://jabber.org/protocol/disco#info' node='toil'/></iq>", "item-not-found")]
    [TestCase("<message type='chat' id='s1' to='chat.shakespeare.lit'><body>toil</body></message>", "service-unavailable")]
    [Row("W9")] // RFC 6120 §8.3.1
    public async Task What_the_service_does_not_do_it_refuses_in_its_own_name(string stanza, string condition)
    {
        var outbox = new Outbox();
        Over(new StubStore([]), outbox).Handle(Read(stanza));

        var answer = await outbox.Next();
        Assert.That(answer.Attribute("id")?.Value, Is.EqualTo("s1"));
        Assert.That(AssertRefused(answer, condition).Attribute("by")?.Value, Is.EqualTo(Service));
    }

    [TestCase("<iq type='result' id='s1' to='chat.shakespeare.lit'/>")]
    [TestCase("<iq type='error' id='s1' to='chat.shakespeare.lit'/>")]
    [TestCase("<message type='error' id='s1' to='chat.shakespeare.lit'/>")]
    [TestCase("<presence type='error' to='chat.shakespeare.lit'/>")]
    [TestCase("<presence type='unavailable' to='chat.shakespeare.lit'/>")]
    [TestCase("<presence type='probe' to='chat.shakespeare.lit'/>")]
    [Row("W10")] // RFC 6120 §8.3.1
    public void What_must_not_be_answered_is_not(string stanza)
    {
        var outbox = new Outbox();

        Over(new StubStore([]), outbox).Handle(Read(stanza));

        Assert.That(outbox.Told, Is.Zero);
    }

    private static async Task<XElement> Answer(string payload, StubStore? store = null, string from = Coven.Hag66, string[]? admins = null, string contacts = "")
    {
        var outbox = new Outbox();
        Over(store ?? new StubStore([]), outbox, admins, contacts).Handle(Read($"<iq type='get' id='s1' to='{Service}'>{payload}</iq>", from));
        var answer = await outbox.Next();
        Assert.That(answer.Attribute("to")?.Value, Is.EqualTo(from));
        return answer;
    }

    private static XElement AssertRefused(XElement answer, string condition)
    {
        Assert.That(answer.Attribute("type")?.Value, Is.EqualTo("error"));
        var error = answer.Element(Ns.Client + "error")!;
        Assert.That(error.Elements().First().Name, Is.EqualTo(Ns.StanzaErrors + condition));
        return error;
    }

    private static ServiceStanzas Over(StubStore store, Outbox outbox, string[]? admins = null, string contacts = "") =>
        new(new MucOptions { Domain = Jid.Parse(Service), Admins = (admins ?? []).Select(Jid.Parse).ToHashSet(), Contacts = Contacts.Read(contacts) }, store, outbox, TimeProvider.System, NullLogger<ServiceStanzas>.Instance);

    private static Stanza Read(string xml, string from = Coven.Hag66)
    {
        var element = XElement.Parse($"<x xmlns='{Ns.Client}'>{xml}</x>").Elements().Single();
        element.SetAttributeValue("from", from);
        return Stanza.TryFrom(element, out var stanza) ? stanza : throw new ArgumentException("not a stanza: " + xml, nameof(xml));
    }

    private static StubStore Rooms(params string[] names) => new([.. names.Select(n => new ListedRoom(Jid.Parse($"{n}@{Service}"), $"The {n}"))]);

    private static string Paged(string set) => $"<query xmlns='http://jabber.org/protocol/disco#items'><set xmlns='http://jabber.org/protocol/rsm'>{set}</set></query>";

    private static string Page(XElement answer)
    {
        var set = answer.Descendants(Ns.ResultSet + "set").Single();
        string Local(string? jid) => jid?.Split('@')[0] ?? "";
        var first = set.Element(Ns.ResultSet + "first");
        return $"{string.Join(' ', answer.Descendants(Ns.DiscoItems + "item").Select(i => Local(i.Attribute("jid")?.Value)))} | "
            + $"first {Local(first?.Value)} at {first?.Attribute("index")?.Value}, last {Local(set.Element(Ns.ResultSet + "last")?.Value)} of {set.Element(Ns.ResultSet + "count")?.Value}";
    }

    /// <summary>What was sent, one at a time.</summary>
    private sealed class Outbox : IOutbox
    {
        private readonly Channel<XElement> _sent = Channel.CreateUnbounded<XElement>();

        public int Told => _sent.Reader.Count;

        public async Task<XElement> Next() => await _sent.Reader.ReadAsync();

        public bool TrySend(Outgoing outgoing) => _sent.Writer.TryWrite((outgoing.Stanza with { To = outgoing.To.Single() }).ToXml());

        public ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null) => throw new NotSupportedException();
    }

    /// <summary>A store that knows a list of rooms, in the order of their addresses.</summary>
    private sealed class StubStore(IReadOnlyList<ListedRoom> rooms) : NoRoomStore
    {
        public bool Fails { get; init; }

        public override Task<RoomList> ListAsync(Jid? after, Jid? before, bool backwards, int max, CancellationToken stop)
        {
            if (Fails) throw new StoreUnavailableException("the disk is on the blasted heath");
            var range = rooms
                .Where(r => after is null || string.CompareOrdinal(r.Jid.ToString(), after.ToString()) > 0)
                .Where(r => before is null || string.CompareOrdinal(r.Jid.ToString(), before.ToString()) < 0).ToList();
            var page = (backwards ? range.TakeLast(max) : range.Take(max)).ToList();
            return Task.FromResult(new RoomList(page, rooms.Count, page.Count == 0 ? 0 : rooms.ToList().IndexOf(page[0])));
        }
    }
}
