using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Service;

/// <summary>XEP-0433, with XEP-0059; and the older protocol in other namespaces.</summary>
public sealed class ChannelSearchTests
{
    private const string Service = "chat.shakespeare.lit";
    private const string Search = "urn:xmpp:channel-search:0:search";
    private const string Older = "https://xmlns.zombofant.net/muclumbus/search/1.0";
    private static readonly XNamespace S = Search;
    private static readonly XNamespace Errors = "urn:xmpp:channel-search:0:error";

    [Test] // "Requesting the search form": "MUST include all fields it supports with their respective default values"
    public void The_form_has_what_can_be_asked_with_its_defaults([Values(Search, Older)] string ns)
    {
        var answer = ChannelSearch.Form(new XElement(XNamespace.Get(ns) + "search"))!;

        var form = DataForm.From(answer.Elements().Single())!;
        Assert.That(answer.Name, Is.EqualTo(XNamespace.Get(ns) + "search"));
        Assert.That(form.FormType, Is.EqualTo(ns == Search ? "urn:xmpp:channel-search:0:search-params" : Older + "#params"));
        Assert.That(form.Fields.Select(f => f.Var), Is.EqualTo(new[] { "q", "all", "sinname", "sindescription", "sinaddr", "min_users", "types", "key" }));
        Assert.That(form.Value("key"), Is.EqualTo(ns == Search ? "{urn:xmpp:channel-search:0:order}nusers" : $"{{{Older}}}nusers"));
    }

    [TestCase("witches", ExpectedResult = "coven heath")]
    [TestCase("WITCHES", ExpectedResult = "coven heath")]
    [TestCase("coven", ExpectedResult = "coven")]
    [TestCase("dark witches", ExpectedResult = "coven", Description = "all the words, wherever they are")]
    [TestCase("château", ExpectedResult = "elsinore")]
    [TestCase("CHÂTEAU", ExpectedResult = "elsinore")]
    [TestCase("macbeth", ExpectedResult = "")]
    [TestCase(Service, ExpectedResult = "coven elsinore heath")]
    public async Task<string> Words_are_found_in_name_description_and_address(string words) => Found(await Ask(("q", words), ByAddress));

    [TestCase("sinname", "cave", ExpectedResult = "")]
    [TestCase("sindescription", "witches", ExpectedResult = "heath")]
    [TestCase("sinaddr", "heath", ExpectedResult = "")]
    [TestCase("sinaddress", "heath", ExpectedResult = "", Description = "the table's name for what the example calls sinaddr")]
    public async Task<string> They_are_not_looked_for_where_it_is_not_wanted(string where, string words) => Found(await Ask(("q", words), (where, "0"), ByAddress));

    [Test] // "Sort Key Values"
    public async Task The_fullest_come_first_unless_asked_otherwise()
    {
        Assert.That(Found(await Ask(("all", "true"))), Is.EqualTo("heath coven elsinore"));
        Assert.That(Found(await Ask(("all", "true"), ByAddress)), Is.EqualTo("coven elsinore heath"));
        Assert.That(Found(await Ask(("all", "true"), ("min_users", "3"))), Is.EqualTo("heath coven"));
    }

    [Test] // "Result Item Format"
    public async Task Of_each_room_is_told_what_one_wants_to_know_before_entering()
    {
        var items = (await Ask(("all", "true"), ByAddress)).Elements(S + "item").ToList();

        Assert.That(items[0].Attribute("address")?.Value, Is.EqualTo($"coven@{Service}"));
        Assert.That(Children(items[0]), Is.EqualTo(
            "name=A Dark Cave description=For all good witches language=en nusers=3 service-type=xep-0045 is-open=true anonymity-mode=muc_semianonymous"));
        Assert.That(Children(items[1]), Is.EqualTo("name=Le château nusers=1 service-type=xep-0045 anonymity-mode={urn:xmpp:channel-search:0:anonymity}none"));
        Assert.That(Children(items[2]), Does.Not.Contain("is-open"), "it has a password");
    }

    [Test]
    public async Task The_older_protocol_says_the_same_in_its_own_words()
    {
        var answer = await Over(Verona).AnswerAsync(Query(Payload([("q", "cave"), ("key", $"{{{Older}}}address")], ns: Older)), default);

        Assert.That(answer.Name, Is.EqualTo(XNamespace.Get(Older) + "result"));
        Assert.That(Children(answer.Element(XNamespace.Get(Older) + "item")!), Is.EqualTo("name=A Dark Cave description=For all good witches language=en nusers=3 is-open=true"));
    }

    [Test] // "If a search request does not yield any results, the Search Service MUST reply with a result"
    public async Task Nothing_found_is_an_answer_too()
    {
        var answer = await Ask(("q", "macbeth"));

        Assert.That(answer.Name, Is.EqualTo(S + "result"));
        Assert.That(answer.Descendants(Ns.ResultSet + "count").Single().Value, Is.EqualTo("0"));
    }

    [TestCase("xep-0045", ExpectedResult = "coven elsinore heath")]
    [TestCase("xep-0369", ExpectedResult = "")]
    [TestCase("xep-0369\nxep-0045", ExpectedResult = "coven elsinore heath")]
    public async Task<string> Nobody_gets_a_kind_of_channel_that_was_not_asked_for(string types) => Found(await Ask(("all", "1"), ByAddress, ("types", types)));

    [TestCase("{urn:xmpp:channel-search:0:order}address")]
    [TestCase("{urn:xmpp:channel-search:0:order}nusers")]
    public async Task Pages_lead_through_all_of_them_both_ways(string key) // XEP-0059 §2.2, §2.3, §2.5
    {
        RoomSummary[] rooms = [.. Enumerable.Range(0, 1_203).Select(i => Room($"r{i:D4}", $"Room {i}", i % 7))];
        Array.Sort(rooms, (a, b) => string.CompareOrdinal(a.Jid.ToString(), b.Jid.ToString()));
        var expected = key.EndsWith("nusers", StringComparison.Ordinal)
            ? rooms.OrderByDescending(r => r.Occupants).ThenBy(r => r.Jid.ToString(), StringComparer.Ordinal).Select(r => r.Jid.Local).ToList()
            : rooms.Select(r => r.Jid.Local).ToList();

        var forwards = new List<string>();
        for (string? last = null; ;)
        {
            var page = await Over(rooms).AnswerAsync(Query(Payload([("all", "1"), ("key", key)], last is null ? "" : $"<after>{last}</after>")), default);
            if (Addresses(page) is not { Count: > 0 } found) break;
            forwards.AddRange(found);
            last = page.Descendants(Ns.ResultSet + "last").Single().Value;
            Assert.That(page.Descendants(Ns.ResultSet + "count").Single().Value, Is.EqualTo("1203"));
        }
        var backwards = new List<string>();
        for (var first = ""; ;)
        {
            var page = await Over(rooms).AnswerAsync(Query(Payload([("all", "1"), ("key", key)], $"<max>40</max><before>{first}</before>")), default);
            if (Addresses(page) is not { Count: > 0 } found) break;
            Assert.That(found, Has.Count.LessThanOrEqualTo(40));
            backwards.InsertRange(0, found);
            first = page.Descendants(Ns.ResultSet + "first").Single().Value;
        }

        Assert.That(forwards, Is.EqualTo(expected));
        Assert.That(backwards, Is.EqualTo(expected));
    }

    [Test] // XEP-0059 §2.7
    public async Task A_page_of_nothing_tells_how_many_there_are()
    {
        var answer = await Over(Verona).AnswerAsync(Query(Payload([("all", "1")], "<max>0</max>")), default);

        Assert.That(Found(answer), Is.Empty);
        Assert.That(answer.Descendants(Ns.ResultSet + "count").Single().Value, Is.EqualTo("3"));
    }

    [TestCase("key={urn:example}mood", "modify", "feature-not-implemented", "invalid-sort-key")]
    [TestCase("q= ", "modify", "bad-request", "invalid-search-terms")]
    [TestCase("q=1 2 3 4 5 6 7 8 9 10 11", "modify", "bad-request", "invalid-search-terms")]
    [TestCase("min_users=2", "cancel", "bad-request", "no-search-conditions")]
    [TestCase("all=0", "cancel", "bad-request", "no-search-conditions")]
    [TestCase("q=toil|all=1", "modify", "bad-request", "conflicting-fields")]
    [TestCase("q=toil|sinname=0|sindescription=0|sinaddr=0", "cancel", "bad-request", "no-search-conditions")]
    [TestCase("all=maybe", "modify", "bad-request", null)]
    [TestCase("all=1|min_users=-1", "modify", "bad-request", null)]
    public void What_makes_no_sense_is_refused_with_what_is_wrong(string fields, string type, string condition, string? detail)
    {
        var error = ChannelSearch.Read(Payload([.. fields.Split('|').Select(f => f.Split('=', 2)).Select(f => (f[0], f[1]))]), out _);

        Assert.That((error?.Type, error?.Condition), Is.EqualTo((type, condition)));
        Assert.That(error?.Detail?.Name, Is.EqualTo(detail is null ? null : Errors + detail));
    }

    [TestCase("<after>somewhere</after>", "bad-request")]
    [TestCase("<max>all</max>", "bad-request")]
    [TestCase("<index>7</index>", "feature-not-implemented")] // the list has no numbers
    public void A_page_that_cannot_be_is_refused(string page, string condition) =>
        Assert.That(ChannelSearch.Read(Payload([("all", "1")], page), out _)?.Condition, Is.EqualTo(condition));

    [Test]
    public void A_form_of_another_kind_is_refused() =>
        Assert.That(ChannelSearch.Read(XElement.Parse($"<search xmlns='{Search}'>{Coven.Form("urn:example", ("all", "1"))}</search>"), out _)?.Condition, Is.EqualTo("bad-request"));

    private static readonly (string, string) ByAddress = ("key", "{urn:xmpp:channel-search:0:order}address");

    private static readonly RoomSummary[] Verona =
    [
        Room("coven", "A Dark Cave", 3, ("muc#roomconfig_roomdesc", "For all good witches"), ("muc#roomconfig_lang", "en")),
        Room("elsinore", "Le château", 1, ("muc#roomconfig_membersonly", "1"), ("muc#roomconfig_whois", "anyone")),
        Room("heath", "Three witches", 8, ("muc#roomconfig_roomsecret", "hurlyburly")),
    ];

    private static RoomSummary Room(string name, string called, int occupants, params (string Name, string Value)[] options) => new(
        Jid.Parse($"{name}@{Service}"), called, Listed: true, Locked: false, DateTimeOffset.UnixEpoch, occupants)
    {
        Options = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, options.Select(o => KeyValuePair.Create<string, ImmutableArray<string>>(o.Name, [o.Value]))),
    };

    private static ChannelSearch Over(params RoomSummary[] rooms) => new(new Described(rooms));

    private static Task<XElement> Ask(params (string Var, string Value)[] fields) => Over(Verona).AnswerAsync(Query(Payload(fields)), default);

    private static ChannelQuery Query(XElement payload)
    {
        Assert.That(ChannelSearch.Read(payload, out var query)?.ToXml(null).ToString(), Is.Null);
        return query;
    }

    private static XElement Payload((string Var, string Value)[] fields, string page = "", string ns = Search) => XElement.Parse(
        $"<search xmlns='{ns}'><set xmlns='http://jabber.org/protocol/rsm'>{page}</set>{Coven.Form(ns == Search ? "urn:xmpp:channel-search:0:search-params" : ns + "#params", fields)}</search>");

    private static List<string> Addresses(XElement answer) =>
        [.. answer.Elements().Where(e => e.Name.LocalName == "item").Select(i => Jid.Parse(i.Attribute("address")!.Value).Local)];

    private static string Found(XElement answer) => string.Join(' ', Addresses(answer));

    private static string Children(XElement item) => string.Join(' ', item.Elements().Select(e => $"{e.Name.LocalName}={e.Value}"));

    private sealed class Described(RoomSummary[] rooms) : NoRoomStore
    {
        public override Task<IReadOnlyList<RoomSummary>> SurveyAsync(Jid? after, int max, bool hidden, CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<RoomSummary>>([.. rooms.Where(r => !hidden && (after is null || string.CompareOrdinal(r.Jid.ToString(), after.ToString()) > 0)).Take(max)]);
    }
}
