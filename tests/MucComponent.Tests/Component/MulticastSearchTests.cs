using System.Buffers;
using System.Text;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Component;

/// <summary>Which service is used for multicast: XEP-0033 §2.2, and what it has to show first.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MulticastSearchTests : IDisposable
{
    private const string Domain = "chat.shakespeare.lit";
    private const string Service = "multicast.shakespeare.lit";
    private const string Both = $"<item jid='{Domain}'/><item jid='{Service}'/>";
    private const string Identity = "<identity category='service' type='multicast'/>";
    private const string Feature = "<feature var='http://jabber.org/protocol/address'/>";

    private readonly LogBook<Outbox> _log = new();
    private readonly Dictionary<string, string> _ids = [];
    private Outbox? _outbox;
    private MulticastSearch _search = null!;

    public void Dispose() => _outbox?.Dispose();

    [Test]
    public async Task A_service_that_brings_a_message_back_as_it_was_is_used()
    {
        Start();
        Assert.That(Asked(), Is.EqualTo(["shakespeare.lit items"]));
        AnswersItems(Both);
        Assert.That(Asked(), Is.EqualTo([$"{Service} info"]));
        AnswersInfo(Identity + Feature);
        var test = Tested();
        Assert.That((string?)test.Attribute("from"), Is.EqualTo(Domain));
        foreach (var address in Addresses(test))
        {
            Assert.That(await IsUsedAsync(), Is.False);
            Assert.That(_search.Takes(Copy(test, address)));
        }
        Assert.That(await IsUsedAsync());
        Assert.That(_log.Lines, Is.EqualTo([$"Information: What goes to many at shakespeare.lit goes by {Service}, to 20 in one stanza (XEP-0033)."]));
    }

    [TestCase("", 20)]
    [TestCase("<field var='message'><value>50</value></field><field var='presence'><value>7</value></field>", 7)]
    [TestCase("<field var='message'><value>5</value></field>", 5)]
    [TestCase("<field var='message'><value>infinite</value></field><field var='presence'><value>5000</value></field>", 100)]
    public void It_gets_as_many_addresses_as_it_says_and_it_is_tried_with_as_many(string fields, int addresses)
    {
        Start();
        AnswersItems(Both);
        AnswersInfo(Identity + Feature + Form(fields));
        Assert.That(Addresses(Tested()).Count(), Is.EqualTo(addresses));
    }

    [TestCase("<field var='message'><value>3</value></field>", "it takes only 3 addresses")]
    [TestCase("<field var='message'><value>many</value></field>", "it takes only 0 addresses")]
    public void One_that_takes_too_few_is_not_worth_it(string fields, string why)
    {
        Start();
        AnswersItems(Both);
        AnswersInfo(Identity + Feature + Form(fields));
        Assert.That(Asked(), Is.Empty);
        Assert.That(_log.Lines[^1], Is.EqualTo($"Warning: {Service} is not used: {why}."));
    }

    [TestCase(Identity)]
    [TestCase(Feature)]
    [TestCase("<identity category='pubsub' type='service'/>" + Feature)]
    public void Other_services_are_left_alone(string info)
    {
        Start();
        AnswersItems(Both);
        AnswersInfo(info);
        Assert.That(Asked(), Is.Empty);
        Assert.That(_log.Lines, Is.Empty);
    }

    [TestCase("<item jid='multicast.shakespeare.lit'/>", Description = "another server's")]
    [TestCase("<item jid='chat.shakespeare.lit'/><item jid='multicast.shakespeare.lit' node='x'/><item jid='somebody@shakespeare.lit'/><item/>")]
    public void Who_does_not_list_us_is_not_the_server_that_we_are_attached_to(string items)
    {
        Start();
        AnswersItems(items);
        Assert.That(Asked(), Is.Empty);
    }

    [Test]
    public void Unless_the_operator_has_named_it()
    {
        Start("shakespeare.lit");
        AnswersItems($"<item jid='{Service}'/>");
        Assert.That(Asked(), Is.EqualTo([$"{Service} info"]));
    }

    [Test]
    public void Who_has_it_off_asks_nobody()
    {
        Start("off");
        Assert.That(Asked(), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Unfit()
    {
        yield return Case("it tells who was addressed", copy => copy.With(new XElement(Ns.Addresses + "addresses")), "what it brings is not what was sent");
        yield return Case("its own from", copy => copy with { From = Jid.Parse("somebody@shakespeare.lit") }, "what it brings is not what was sent");
        yield return Case("another type", copy => copy with { Type = null }, "what it brings is not what was sent");
        yield return Case("another id", copy => copy with { Id = copy.Id + "x" }, "what it brings is not what was sent");
        yield return Case("another text", copy => copy with { Children = [new XElement(Ns.Client + "body", "?"), copy.Children[1]] }, "what it brings is not what was sent");
        yield return Case("something missing", copy => copy with { Children = copy.Children[..1] }, "what it brings is not what was sent");
        yield return Case("somebody else", copy => copy with { To = Jid.Parse("somebody@chat.shakespeare.lit") }, "it brings it where it should not");
        yield return Case("an error", copy => copy with { From = Jid.Parse(Service), Type = "error", Children = [new XElement(Ns.Client + "error", new XElement(Ns.StanzaErrors + "forbidden"))] }, "it answers forbidden");

        static TestCaseData Case(string name, Func<Stanza, Stanza> change, string why) => new TestCaseData(change, why).SetName($"Not used: {name}");
    }

    [TestCaseSource(nameof(Unfit))]
    public async Task Not_used(Func<Stanza, Stanza> change, string why)
    {
        Start();
        AnswersItems(Both);
        AnswersInfo(Identity + Feature);
        var test = Tested();
        Assert.That(_search.Takes(change(Copy(test, Addresses(test).First()))));
        foreach (var address in Addresses(test)) _search.Takes(Copy(test, address));
        Assert.That(await IsUsedAsync(), Is.False);
        Assert.That(_log.Lines, Is.EqualTo([$"Warning: {Service} is not used: {why}."]));
    }

    [Test]
    public async Task Twice_the_same_copy_is_one_too_many()
    {
        Start();
        AnswersItems(Both);
        AnswersInfo(Identity + Feature);
        var test = Tested();
        _search.Takes(Copy(test, Addresses(test).First()));
        foreach (var address in Addresses(test)) _search.Takes(Copy(test, address));
        Assert.That(await IsUsedAsync(), Is.False);
    }

    [Test]
    public async Task A_new_stream_begins_anew_and_old_answers_mean_nothing()
    {
        Start();
        AnswersItems(Both);
        AnswersInfo(Identity + Feature);
        var test = Tested();
        _search.Start();
        Assert.That(Asked(), Is.EqualTo(["shakespeare.lit items"]));
        foreach (var address in Addresses(test)) Assert.That(_search.Takes(Copy(test, address)), Is.False);
        Assert.That(await IsUsedAsync(), Is.False);
    }

    [Test]
    public void What_is_not_an_answer_is_left_to_others()
    {
        Start();
        Asked();
        Assert.That(_search.Takes(new Stanza(StanzaKind.Iq) { From = Jid.Parse(Service), To = Jid.Parse(Domain), Type = "get", Id = "1", Children = [new XElement(Ns.DiscoInfo + "query")] }), Is.False);
        Assert.That(_search.Takes(new Stanza(StanzaKind.Iq) { From = Jid.Parse("romeo@shakespeare.lit/x"), Type = "result", Id = null }), Is.False);
    }

    [Test]
    public void A_domain_above_ours_is_needed()
    {
        Assert.That(new MucOptions { Domain = Jid.Parse("chat") }.MulticastHost, Is.Null);
        Assert.That(new MucOptions { Domain = Jid.Parse(Domain) }.MulticastHost, Is.EqualTo(Jid.Parse("shakespeare.lit")));
    }

    private void Start(string setting = "auto")
    {
        var options = new MucOptions { Domain = Jid.Parse(Domain), Multicast = setting };
        _outbox = new Outbox(options, _log);
        _search = new MulticastSearch(options, _outbox, _log);
        _search.Start();
    }

    private void AnswersItems(string items)
    {
        Asked();
        Assert.That(_search.Takes(Answer("shakespeare.lit", Ns.DiscoItems, items)));
    }

    private void AnswersInfo(string info)
    {
        Asked();
        _search.Takes(Answer(Service, Ns.DiscoInfo, info));
    }

    private Stanza Answer(string from, XNamespace ns, string content) => new(StanzaKind.Iq)
    {
        From = Jid.Parse(from),
        To = Jid.Parse(Domain),
        Type = "result",
        Id = _ids.GetValueOrDefault(from, "?"),
        Children = [XElement.Parse($"<query xmlns='{ns}'>{content}</query>")],
    };

    private static string Form(string fields) =>
        fields.Length == 0 ? "" : $"<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/address</value></field>{fields}</x>";

    private static IEnumerable<string> Addresses(XElement test) => test.Descendants(Ns.Addresses + "address").Select(a => (string)a.Attribute("jid")!);

    private static Stanza Copy(XElement test, string to) => new(StanzaKind.Message)
    {
        From = Jid.Parse((string)test.Attribute("from")!),
        To = Jid.Parse(to),
        Type = (string)test.Attribute("type")!,
        Id = (string)test.Attribute("id")!,
        Children = [.. XElement.Parse($"<s xmlns='{Ns.Client}'>{string.Concat(test.Elements().Where(e => e.Name != Ns.Addresses + "addresses").Select(e => e.ToString(SaveOptions.DisableFormatting)))}</s>").Elements()],
    };

    /// <summary>Whether a message to three goes as one.</summary>
    private async Task<bool> IsUsedAsync()
    {
        var says = Stanza.Message("groupchat") with { From = Jid.Parse($"coven@{Domain}/firstwitch"), Id = "says" };
        await _outbox!.SendAsync([new Outgoing(says, [.. "abc".Select(name => Jid.Parse($"{name}@shakespeare.lit/x"))])], default);
        return Filled().Count(e => (string?)e.Attribute("id") == "says") == 1;
    }

    private XElement Tested() => Filled().Single(e => e.Name == "message");

    /// <summary>Whom it asks for what.</summary>
    private List<string> Asked()
    {
        List<string> asked = [];
        foreach (var iq in Filled().Where(e => e.Name == "iq" && e.Element(Ns.Ping + "ping") is null))
        {
            var to = (string)iq.Attribute("to")!;
            _ids[to] = (string)iq.Attribute("id")!;
            asked.Add($"{to} {iq.Elements().Single().Name.NamespaceName.Split('#')[1]}");
        }
        return asked;
    }

    private IEnumerable<XElement> Filled()
    {
        var bytes = new ArrayBufferWriter<byte>();
        _outbox!.Fill(bytes, int.MaxValue);
        return XElement.Parse($"<s>{Encoding.UTF8.GetString(bytes.WrittenSpan)}</s>").Elements();
    }
}
