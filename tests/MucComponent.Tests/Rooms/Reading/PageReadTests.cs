using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Reading;

/// <summary>XEP-0313, "Query results", "Paging through results" and "Limiting results by id": nine messages, a minute apart, and their ids.</summary>
public sealed class PageReadTests
{
    private Coven _coven = null!;
    private string[] _ids = [];

    [SetUp]
    public void NineMessages()
    {
        _coven = Coven.Open().With(("muc#roomconfig_enablelogging", "1"));
        _ids = [.. Enumerable.Range(1, 9).Select(Say)];
    }

    [Test] // "Query results"
    public void Each_message_is_forwarded_with_its_id_its_time_and_the_id_of_the_query_and_the_iq_comes_last()
    {
        _coven.Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2' queryid='g27'><set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set></query>", "q1");

        var (message, iq) = (_coven.Told[0], _coven.Told[^1]);
        var result = message.Element(Ns.Mam + "result")!;
        Assert.That(_coven.Told, Has.Count.EqualTo(2));
        Assert.That(message.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That((result.Attribute("queryid")?.Value, result.Attribute("id")?.Value), Is.EqualTo(("g27", _ids[0])));
        Assert.That(result.Element(Ns.Forward + "forwarded")!.Elements().Select(e => e.Name), Is.EqualTo(new[] { Ns.Delay + "delay", Ns.Client + "message" }));
        Assert.That(result.Descendants(Ns.Delay + "delay").Single().Attribute("stamp")?.Value, Is.EqualTo("2002-10-13T23:58:37.000Z"));
        Assert.That((iq.Attribute("type")?.Value, iq.Attribute("id")?.Value, iq.Attribute("from")?.Value), Is.EqualTo(("result", "q1", Coven.Address)));
        Assert.That(iq.Element(Ns.Mam + "fin")?.Attribute("complete"), Is.Null);
    }

    [TestCase("", ExpectedResult = "123456789 complete")]
    [TestCase("<max>3</max>", ExpectedResult = "123")]
    [TestCase("<max>3</max><after>3</after>", ExpectedResult = "456")]
    [TestCase("<max>3</max><after>6</after>", ExpectedResult = "789 complete")]
    [TestCase("<max>3</max><after>9</after>", ExpectedResult = " complete")]
    [TestCase("<max>3</max><before/>", ExpectedResult = "789")]
    [TestCase("<max>3</max><before>7</before>", ExpectedResult = "456")]
    [TestCase("<max>3</max><before>4</before>", ExpectedResult = "123 complete")]
    [TestCase("<max>3</max><before>1</before>", ExpectedResult = " complete")]
    [TestCase("<max>9</max>", ExpectedResult = "123456789 complete")]
    [TestCase("<max>100000000000</max>", ExpectedResult = "123456789 complete")]
    [TestCase("<max>0</max>", ExpectedResult = " of 9")]
    [Row("0059")] // "Page limits", "Requesting pages", "Requesting the last page"; XEP-0059 §2.2, §2.5, §2.7
    public string Pages_come_both_ways_and_in_order(string set) => Answer(set: set);

    [TestCase("start=2002-10-14T00:05:37Z", ExpectedResult = "89 complete")]
    [TestCase("start=2002-10-14T00:05:37.0001Z", ExpectedResult = "9 complete")]
    [TestCase("start=2002-10-14T02:05:37+02:00", ExpectedResult = "89 complete")]
    [TestCase("start=1066-10-14T00:00:00Z", ExpectedResult = "123456789 complete")]
    [TestCase("end=2002-10-13T23:59:37Z", ExpectedResult = "12 complete")]
    [TestCase("end=2002-10-13T23:59:36.999Z", ExpectedResult = "1 complete")]
    [TestCase("end=1066-10-14T00:00:00Z", ExpectedResult = " complete")]
    [TestCase("start=2002-10-13T23:59:37Z;end=2002-10-14T00:01:37Z", ExpectedResult = "234 complete")]
    [TestCase("start=2002-10-14T00:01:37Z;end=2002-10-13T23:59:37Z", ExpectedResult = " complete")]
    [TestCase("after-id=7", ExpectedResult = "89 complete")]
    [TestCase("before-id=3", ExpectedResult = "12 complete")]
    [TestCase("after-id=2;before-id=5", ExpectedResult = "34 complete")]
    [TestCase("after-id=5;before-id=2", ExpectedResult = " complete")]
    [TestCase("after-id=2;start=2002-10-14T00:05:37Z", ExpectedResult = "89 complete")]
    [TestCase("ids=7", ExpectedResult = "7 complete")]
    [TestCase("ids=7\n2\n7", ExpectedResult = "27 complete")]
    [TestCase("ids=7\n2;before-id=5", ExpectedResult = "2 complete")]
    [TestCase("start=", ExpectedResult = "123456789 complete")]
    [Row("0313")] // "Filtering by time received", "Limiting results by id"
    public string Messages_are_found_by_time_and_by_id(string fields) => Answer(fields);

    [Test] // "Implementation considerations": before-id does not mean backwards
    public void A_range_is_paged_through_from_either_end()
    {
        Assert.That(Answer("after-id=2;before-id=8", "<max>2</max>"), Is.EqualTo("34"));
        Assert.That(Answer("after-id=2;before-id=8", "<max>2</max><after>4</after>"), Is.EqualTo("56"));
        Assert.That(Answer("after-id=2;before-id=8", "<max>2</max><before/>"), Is.EqualTo("67"));
        Assert.That(Answer("after-id=2;before-id=8", "<max>9</max><before>5</before>"), Is.EqualTo("34 complete"));
    }

    [Test] // "Flipped pages"
    public void A_flipped_page_is_the_same_page_sent_the_other_way_round()
    {
        Assert.That(Answer(set: "<max>3</max><before/>", more: "<flip-page/>"), Is.EqualTo("987"));
        Assert.That(Fin().Element(Ns.ResultSet + "first")?.Value, Is.EqualTo(_ids[6]));
        Assert.That(Fin().Element(Ns.ResultSet + "last")?.Value, Is.EqualTo(_ids[8]));
    }

    [Test] // XEP-0059 §2.2
    public void A_page_says_where_it_begins_and_ends_unless_it_is_empty()
    {
        Answer(set: "<max>3</max><after>3</after>");
        Assert.That(Fin().Elements().Select(e => e.Value), Is.EqualTo(new[] { _ids[3], _ids[5] }));

        Answer(set: "<after>9</after>");
        Assert.That(Fin().Elements(), Is.Empty);
    }

    [TestCase("after-id=none", "")]
    [TestCase("before-id=none", "")]
    [TestCase("ids=3\nnone", "")]
    [TestCase("", "<after>none</after>")]
    [TestCase("", "<before>none</before>")]
    public void What_names_a_message_that_is_not_there_is_not_found(string fields, string set) // "Limiting results by id", "Requesting pages"
    {
        foreach (var none in new[] { "none", Guid.Empty.ToString(), _ids[3].ToUpperInvariant() })
        {
            Ask(fields.Replace("none", none, StringComparison.Ordinal), set.Replace("none", none, StringComparison.Ordinal), "");
            _coven.RefusesWith(Coven.Crone1, "cancel", "item-not-found");
        }
    }

    [Test] // "Page limits"
    public void A_page_has_fifty_messages_and_never_more_than_250()
    {
        for (var i = 10; i <= 260; i++) Say(i);

        Ask("", "", "");
        Assert.That(_coven.Told, Has.Count.EqualTo(51));
        Ask("", "<max>1000</max>", "");
        Assert.That(_coven.Told, Has.Count.EqualTo(251));
        Assert.That(_coven.Told[^1].Descendants(Ns.Mam + "fin").Single().Attribute("complete"), Is.Null);
    }

    private string Say(int number)
    {
        var id = _coven.Says(Coven.Crone1, $"{number}", $"{number}").OnlyTold(Coven.Crone1).Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;
        _coven.Now += TimeSpan.FromMinutes(1);
        return id;
    }

    /// <summary>The bodies in the order they came, and what the end says. A single digit in an id's place is that message's id.</summary>
    private string Answer(string fields = "", string set = "", string more = "")
    {
        Ask(fields, set, more);
        Assert.That(_coven.Told[^1].Attribute("type")?.Value, Is.EqualTo("result"), $"{_coven.Told[^1]}");
        var bodies = string.Concat(_coven.Told.SelectMany(m => m.Descendants(Ns.Client + "body")).Select(b => b.Value));
        var complete = _coven.Told[^1].Element(Ns.Mam + "fin")!.Attribute("complete")?.Value == "true" ? " complete" : "";
        return bodies + complete + (Fin().Element(Ns.ResultSet + "count") is { } count ? $" of {count.Value}" : "");
    }

    [Test(Description = "A message that was brought from another server, where its author's address was not noted.")]
    public void Of_an_author_whose_address_nobody_knows_none_is_shown()
    {
        var room = Jid.Parse(Coven.Address);
        Stanza request = new(StanzaKind.Iq) { Type = "set", Id = "q", From = Jid.Parse("crone1@shakespeare.lit/desktop"), To = room, Children = [new XElement(Ns.Mam + "query")] };
        var nobody = room.WithResource("thirdwitch");
        MessageRecord[] said = [Message(nobody), Message(Jid.Parse("hag66@shakespeare.lit/pda"))];
        var query = new ArchiveQuery();

        var answer = new PageRead(request, query, RealJids.All).Answer([query.Over(said)]);

        Assert.That(
            answer.SkipLast(1).Select(o => (string?)o.Stanza.ToXml().Descendants(Ns.MucUser + "item").SingleOrDefault()?.Attribute("jid")),
            Is.EqualTo(new[] { null, "hag66@shakespeare.lit/pda" }));

        MessageRecord Message(Jid author) => new(
            Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddSeconds(author == nobody ? 1 : 2)), DateTimeOffset.UnixEpoch, nobody,
            new Author(author, Affiliation.None, Role.Participant, false), $"<message from='{nobody}' type='groupchat'><body>hail</body></message>", true, true);
    }

    private void Ask(string fields, string set, string more)
    {
        var form = fields.Length == 0 ? "" : Coven.Form("urn:xmpp:mam:2", [.. fields.Split(';').Select(f => f.Split('=', 2)).Select(f => (f[0], string.Join('\n', f[1].Split('\n').Select(IdOf))))]);
        var page = set.Length == 0 ? null : XElement.Parse($"<set xmlns='http://jabber.org/protocol/rsm'>{set}</set>");
        foreach (var id in page?.Elements().Where(e => e.Name.LocalName != "max") ?? []) id.Value = IdOf(id.Value);
        _coven.Asks(Coven.Crone1, "set", $"<query xmlns='urn:xmpp:mam:2'>{form}{page}{more}</query>");
    }

    private XElement Fin() => _coven.Told[^1].Element(Ns.Mam + "fin")!.Element(Ns.ResultSet + "set")!;

    private string IdOf(string text) => text is [>= '1' and <= '9'] ? _ids[text[0] - '1'] : text;
}
