using System.Buffers;
using System.Text;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Component;

/// <summary>Fan-out by a multicast service (XEP-0033), as the outbox writes it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MulticastTests : IDisposable
{
    private const string Service = "multicast.shakespeare.lit";
    private static readonly Jid Domain = Jid.Parse("chat.shakespeare.lit");
    private static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit/firstwitch");
    private static readonly XNamespace Address = "http://jabber.org/protocol/address";
    private static readonly Guid First = Guid.CreateVersion7();

    private readonly LogBook<Outbox> _log = new();
    private readonly FakeClock _clock = new();
    private readonly List<Delivery> _delivered = [];
    private readonly Outbox _outbox;
    private readonly HashSet<string> _proofs = [];
    private string _question = "";

    public MulticastTests()
    {
        _outbox = new Outbox(new MucOptions { Domain = Domain }, _log, _clock);
        _outbox.Delivered += _delivered.Add;
        _outbox.Use(new MulticastService(Jid.Parse(Service), Jid.Parse("shakespeare.lit"), 21));
    }

    public void Dispose() => _outbox.Dispose();

    [Test]
    public async Task One_stanza_with_everybody_in_it_goes_to_the_service()
    {
        await SendAsync(Says("1", "a", "b", "c"));
        var stanza = Fill()[0];
        Assert.That(stanza.ToString(SaveOptions.DisableFormatting).Replace(_proofs.Single(), "proof", StringComparison.Ordinal), Is.EqualTo(
            "<message to=\"multicast.shakespeare.lit\" from=\"coven@chat.shakespeare.lit/firstwitch\" type=\"groupchat\" id=\"1\">"
            + "<addresses xmlns=\"http://jabber.org/protocol/address\"><address type=\"bcc\" jid=\"a@shakespeare.lit/x\" /><address type=\"bcc\" jid=\"b@shakespeare.lit/x\" /><address type=\"bcc\" jid=\"c@shakespeare.lit/x\" /><address type=\"bcc\" jid=\"proof\" /></addresses>"
            + "<body>cauldron</body></message>"));
    }

    [Test]
    public async Task A_presence_too_also_one_that_says_nothing()
    {
        await SendAsync(new Outgoing(Stanza.Presence(null) with { From = Coven, Id = "1" }, People("a", "b", "c")));
        Assert.That(Written(), Is.EqualTo(["1 a,b,c"]));
    }

    [Test]
    public async Task To_one_or_two_go_copies()
    {
        await SendAsync(Says("1", "a", "b"), Says("2", "c"));
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "2 c"]));
    }

    [Test]
    public async Task There_are_no_more_in_a_stanza_than_the_service_takes()
    {
        await SendAsync(Says("1", [.. Enumerable.Range(0, 41).Select(i => $"w{i}")]));
        Assert.That(Written().Select(line => line.Split(',').Length), Is.EqualTo([20, 20, 1]));
    }

    [Test]
    public async Task Whom_the_service_reaches_only_by_another_server_gets_a_copy()
    {
        var says = Says("1", "a", "b", "c");
        await SendAsync(says with { To = [says.To[0], Jid.Parse("d@elsewhere.lit/x"), Jid.Parse("e@sub.shakespeare.lit/x"), .. says.To.Skip(1)] });
        await SendAsync(says with { To = [.. says.To.Take(2), Jid.Parse("d@elsewhere.lit/x")] });
        Assert.That(Written(), Is.EqualTo(["1 a,b,c", "1 d", "1 e"]));
        Answered();
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 d"]));
    }

    [TestCase("chat")]
    [TestCase(null)]
    [TestCase("error")]
    public async Task Only_what_a_room_says_to_all_goes_there(string? type)
    {
        var says = Says("1", "a", "b", "c");
        await SendAsync(says with { Stanza = says.Stanza with { Type = type } });
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c"]));
    }

    [Test(Description = "The service would obey the first addresses it finds, and takes all of them out.")]
    public async Task A_payload_with_addresses_of_its_own_goes_as_copies()
    {
        var says = Says("1", "a", "b", "c");
        await SendAsync(says with { Stanza = says.Stanza.With(new XElement(Address + "addresses", new XElement(Address + "address", new XAttribute("type", "ofrom"), new XAttribute("jid", "hecate@shakespeare.lit")))) });
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c"]));
    }

    [Test]
    public async Task A_copy_does_not_overtake_what_is_under_way_to_the_same_person()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a"));
        Assert.That(Written(), Is.EqualTo(["1 a,b,c"]));
        Assert.That(_question, Is.Not.Empty);
        Assert.That(Written(), Is.Empty, "it waits");
        Answered();
        Assert.That(Written(), Is.EqualTo(["2 a"]));
    }

    [Test]
    public async Task Nor_does_an_answer()
    {
        await SendAsync(Says("1", "a", "b", "c"), new Outgoing(new Stanza(StanzaKind.Iq) { From = Coven.Bare, Type = "result", Id = "2" }, People("b")));
        Assert.That(Written(), Is.EqualTo(["1 a,b,c"]));
        Answered();
        Assert.That(Written(), Is.EqualTo(["2 b"]));
    }

    [Test]
    public async Task What_was_written_behind_the_question_waits_for_the_next_one()
    {
        await SendAsync(Says("1", "a", "b", "c"));
        Assert.That(Written(), Is.EqualTo(["1 a,b,c"]));
        var first = _question;
        await SendAsync(Says("2", "a", "b", "d"), Says("3", "d"));
        Assert.That(Written(), Is.EqualTo(["2 a,b,d"]), "one question at a time");
        Assert.That(_question, Is.EqualTo(first));
        Answered();
        Assert.That(Written(), Is.Empty);
        Assert.That(_question, Is.Not.EqualTo(first), "asked at once, since somebody waits");
        Answered();
        Assert.That(Written(), Is.EqualTo(["3 d"]));
    }

    [Test]
    public async Task The_next_stanza_to_many_waits_for_nothing_nor_does_what_others_get()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a", "b", "c"), Says("3", "d"));
        Assert.That(Written(), Is.EqualTo(["1 a,b,c", "2 a,b,c", "3 d"]));
    }

    [Test]
    public async Task Who_waits_holds_up_only_their_room_and_nothing_that_the_service_itself_says()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a"), Says("3", "d"));
        await SendAsync(Says("4", "d") with { Stanza = Says("4").Stanza with { From = Jid.Parse("heath@chat.shakespeare.lit") } });
        Assert.That(_outbox.TrySend(new Outgoing(new Stanza(StanzaKind.Iq) { From = Domain, Type = "result", Id = "5" }, People("a"))));
        Assert.That(Written(), Is.EqualTo(["1 a,b,c", "4 d", "5 a"]));
        Answered();
        Assert.That(Written(), Is.EqualTo(["2 a", "3 d"]));
    }

    [Test]
    public async Task No_more_than_a_bound_is_under_way_since_the_service_takes_all_that_comes()
    {
        var twenty = Enumerable.Range(0, 20).Select(i => $"w{i}").ToArray();
        for (var i = 0; i < 300; i++) await SendAsync(Says($"{i}", twenty));
        await SendAsync(Says("other", "z") with { Stanza = Says("other").Stanza with { From = Jid.Parse("heath@chat.shakespeare.lit") } });
        var written = Written();
        Assert.That(written, Has.Count.EqualTo(2_000 / 20 + 1).And.Member("other z"));
        for (var i = 0; i < 2; i++)
        {
            Answered();
            written.AddRange(Written());
        }
        Assert.That(written, Has.Count.EqualTo(301));
        Assert.That(written.Where(line => line != "other z").Select(line => line.Split(' ')[0]), Is.EqualTo(Enumerable.Range(0, 300).Select(i => $"{i}")));
    }

    [Test]
    public async Task It_is_delivered_when_the_service_has_answered_and_not_before()
    {
        await _outbox.SendAsync([Says("1", "a", "b", "c")], default, new Delivery(Coven.Bare, First));
        var asked = Fill()[^1];
        Assert.That(asked.ToString(SaveOptions.DisableFormatting), Does.StartWith($"<iq to=\"{Service}\" from=\"chat.shakespeare.lit\" type=\"get\"").And.Contain("disco#items"));
        _outbox.ConfirmAll();
        Assert.That(_delivered, Is.Empty);
        Answered();
        Assert.That(_delivered, Has.One.Items);
    }

    [Test]
    public async Task Where_all_went_as_copies_we_ask_ourselves_as_ever()
    {
        await SendAsync(Says("1", "a"));
        Assert.That(Fill()[^1].ToString(), Does.Contain("urn:xmpp:ping").And.Contain("to=\"chat.shakespeare.lit\""));
    }

    [Test]
    public async Task What_came_back_is_sent_again_as_copies_before_all_that_comes_later()
    {
        await _outbox.SendAsync([Says("1", "a", "b", "c"), Says("2", "d")], default, new Delivery(Coven.Bare, First));
        await SendAsync(Says("3", "a", "b", "c"));
        Assert.That(Written(), Is.EqualTo(["1 a,b,c", "2 d", "3 a,b,c"]));
        Assert.That(_outbox.TakesFromService(Error("1", "not-acceptable", "a", "b", "c")));
        await SendAsync(Says("4", "a", "b", "c", "d"));
        Assert.That(Written(), Is.Empty, "until it is known what came back");

        Answered();
        var again = Fill();
        Assert.That(again.Where(e => e.Name != "iq").Select(Line), Is.EqualTo(["1 a", "1 b", "1 c", "4 a", "4 b", "4 c", "4 d"]));
        Assert.That(again[0].ToString(SaveOptions.DisableFormatting), Is.EqualTo(
            "<message to=\"a@shakespeare.lit/x\" from=\"coven@chat.shakespeare.lit/firstwitch\" type=\"groupchat\" id=\"1\"><body>cauldron</body></message>"));
        Assert.That(_delivered, Is.Empty);
        _outbox.TryConfirm(_question);
        Assert.That(_delivered, Has.One.Items);
        Assert.That(_log.Lines, Is.EqualTo(["Information: What goes to many at shakespeare.lit goes by multicast.shakespeare.lit, to 21 in one stanza (XEP-0033).",
            "Warning: multicast.shakespeare.lit is used no more on this connection: it answers not-acceptable. What it may have lost is sent again."]));
    }

    [Test]
    public async Task What_comes_back_when_it_is_long_past_is_sent_again_too()
    {
        await SendAsync(Says("1", "a", "b", "c"));
        Written();
        Answered();
        _outbox.TakesFromService(Error("1", "remote-server-not-found", "a", "b", "c"));
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c"]));
        _outbox.TakesFromService(Error("0", "remote-server-not-found", "a", "b", "c"));
        Assert.That(Written(), Is.EqualTo(["0 a", "0 b", "0 c"]));
    }

    [Test(Description = "A server may answer in the place of a service that is gone, and says nothing of what it was to bring.")]
    public async Task Where_nobody_says_what_was_not_brought_all_that_was_under_way_is_sent_again()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a", "b", "c"), Says("3", "d"));
        Written();
        var error = Error("2", "remote-server-not-found");
        Assert.That(_outbox.TakesFromService(error with { Children = [error.Children[^1]] }));
        Assert.That(Written(), Is.Empty);
        Answered();
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c", "2 a", "2 b", "2 c"]));
    }

    [TestCase("unavailable", "none")]
    [TestCase(null, "visitor")]
    public async Task A_presence_comes_back_as_what_it_was(string? type, string role)
    {
        var x = new XElement(Ns.MucUser + "x", new XElement(Ns.MucUser + "item", new XAttribute("role", role)));
        await SendAsync(new Outgoing(Stanza.Presence(type, x) with { From = Coven }, People("a", "b", "c")));
        Assert.That(Fill()[0].Element(Address + "addresses"), Is.Not.Null);
        var error = Error("1", "forbidden", "a", "b", "c");
        _outbox.TakesFromService(error with { Kind = StanzaKind.Presence, Id = null, Children = [error.Children[0], x, error.Children[^1]] });
        Answered();
        Assert.That(Fill()[..3].Select(e => (e.Name.LocalName, (string?)e.Attribute("type"))), Is.All.EqualTo(("presence", type)));
    }

    [Test]
    public async Task What_is_behind_the_question_is_asked_for_before_it_is_sent_again()
    {
        await SendAsync(Says("1", "a", "b", "c"));
        Written();
        await SendAsync(Says("2", "a", "b", "c"));
        Written();
        _outbox.TakesFromService(Error("1", "forbidden", "a", "b", "c"));
        Answered();
        Assert.That(Written(), Is.Empty);
        _outbox.TakesFromService(Error("2", "forbidden", "a", "b", "c"));
        Answered();
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c", "2 a", "2 b", "2 c"]));
    }

    [Test]
    public async Task What_others_were_told_in_copies_is_not_told_twice_unless_the_stream_breaks()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "d"));
        Written();
        _outbox.TakesFromService(new Stanza(StanzaKind.Iq) { From = Jid.Parse(Service), To = Domain, Type = "error", Id = _question });
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c"]));
        _outbox.StartOver();
        Assert.That(Written(), Is.EqualTo(["2 d", "1 a", "1 b", "1 c"]));
    }

    [Test(Description = "It is gone: the server answers in its place.")]
    public async Task A_question_that_comes_back_means_the_same()
    {
        await _outbox.SendAsync([Says("1", "a", "b", "c")], default, new Delivery(Coven.Bare, First));
        Written();
        Assert.That(_outbox.TakesFromService(new Stanza(StanzaKind.Iq) { From = Jid.Parse(Service), To = Domain, Type = "error", Id = _question }));
        Assert.That(_delivered, Is.Empty);
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c"]));
    }

    [Test]
    public async Task So_does_none_in_ten_seconds_and_the_writer_is_woken_for_it()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a"));
        Written();
        for (var i = 0; i < 10; i++)
        {
            Assert.That(Written(), Is.Empty);
            var waiting = _outbox.WaitAsync(default).AsTask();
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.That(await waiting.WaitAsync(FakeServer.Peer.Patience));
        }
        Written();
        Assert.That(await _outbox.WaitAsync(default).AsTask().WaitAsync(FakeServer.Peer.Patience));
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c", "2 a"]));
        Assert.That(_log.Lines[^1], Does.Contain("it does not answer"));
    }

    [Test(Description = "It was started anew, and the first question went with what it had in hand.")]
    public async Task Asked_again_it_answers_only_the_later_question_so_it_has_lost_something()
    {
        await _outbox.SendAsync([Says("1", "a", "b", "c")], default, new Delivery(Coven.Bare, First));
        Written();
        var first = _question;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Written();
        Assert.That(_question, Is.Not.EqualTo(first));
        Answered();
        Assert.That(_delivered, Is.Empty);
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c"]));
    }

    [Test(Description = "The writer was to be woken sooner, for a question that was to wait; it must be woken again.")]
    public async Task It_is_asked_again_also_when_the_first_question_came_before_its_time()
    {
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(Says($"{i}", "a", "b", "c"));
            Written();
            Answered();
        }
        await SendAsync(Says("x", "a", "b", "c"));
        Written();
        var before = _question;
        await SendAsync(Says("y", "a"));
        Written();
        Written();
        var first = _question;
        Assert.That(first, Is.Not.EqualTo(before), "somebody waits for the answer");
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.That(Written(), Is.Empty);
        var waiting = _outbox.WaitAsync(default).AsTask();
        Assert.That(waiting.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await waiting.WaitAsync(FakeServer.Peer.Patience));
        Assert.That(Written(), Is.Empty);
        Assert.That(_question, Is.Not.EqualTo(first));
        Answered();
        Assert.That(Written(), Is.EqualTo(["x a", "x b", "x c", "y a"]));
    }

    [Test(Description = "It was started anew, and lost what came in its last milliseconds; the new one answers for it.")]
    public async Task What_it_did_not_bring_to_us_too_it_has_lost_though_it_answers()
    {
        await _outbox.SendAsync([Says("1", "a", "b", "c")], default, new Delivery(Coven.Bare, First));
        await SendAsync(Says("2", "a", "b", "c"), Says("3", "a"));
        Written();
        Brought([.. _proofs.Skip(1)]);
        Answers();
        Assert.That((_delivered, Written()), Is.EqualTo((Array.Empty<Delivery>(), Array.Empty<string>())));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Written();
        Answers();
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c", "2 a", "2 b", "2 c", "3 a"]));
        Assert.That(_delivered, Is.Empty);
        Assert.That(_log.Lines[^1], Does.Contain("it has lost something"));
    }

    [Test(Description = "ejabberd asks us once a day what we can do, before it brings us anything.")]
    public async Task What_comes_to_us_only_after_the_answer_was_brought()
    {
        await _outbox.SendAsync([Says("1", "a", "b", "c"), Says("2", "a")], default, new Delivery(Coven.Bare, First));
        Written();
        Answers();
        Assert.That(Written(), Is.Empty);
        var waiting = _outbox.WaitAsync(default).AsTask();
        Brought([.. _proofs]);
        Assert.That(await waiting.WaitAsync(FakeServer.Peer.Patience));
        Assert.That(Written(), Is.EqualTo(["2 a"]));
        _outbox.TryConfirm(_question);
        Assert.That(_delivered, Has.One.Items);
    }

    [Test]
    public async Task What_came_back_is_not_looked_for()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a", "b", "c"));
        Written();
        var proofs = _proofs.ToArray();
        Brought(proofs[1]);
        Answers();
        Assert.That(Written(), Is.Empty);
        var error = Error("1", "remote-server-not-found", "a", "b", "c");
        error.Children[0].Add(new XElement(Address + "address", new XAttribute("type", "bcc"), new XAttribute("jid", proofs[0])));
        Assert.That(_outbox.TakesFromService(error));
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c"]));
    }

    [Test]
    public async Task What_was_under_way_on_an_earlier_stream_proves_nothing()
    {
        await SendAsync(Says("1", "a", "b", "c"));
        Written();
        var early = _proofs.Single();
        _outbox.StartOver();
        Written();
        _outbox.Use(new MulticastService(Jid.Parse(Service), Jid.Parse("shakespeare.lit"), 21));
        _outbox.TryConfirm(_question);
        await SendAsync(Says("2", "a", "b", "c"), Says("3", "a"));
        Written();
        Brought(early);
        Answers();
        Assert.That(Written(), Is.Empty);
        Brought([.. _proofs]);
        Assert.That(Written(), Is.EqualTo(["3 a"]));
    }

    [Test]
    public async Task One_that_is_only_slow_answers_the_first_one_first()
    {
        await _outbox.SendAsync([Says("1", "a", "b", "c")], default, new Delivery(Coven.Bare, First));
        Written();
        var first = _question;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Written();
        var second = _question;
        _question = first;
        Answered();
        Assert.That(_delivered, Has.One.Items);
        await SendAsync(Says("2", "a", "b", "c"));
        Assert.That(Written(), Is.EqualTo(["2 a,b,c"]));
        var third = _question;
        _question = second;
        Answered();
        await SendAsync(Says("3", "a", "b", "c"), Says("4", "a"));
        Assert.That(Written(), Is.EqualTo(["3 a,b,c"]));
        _question = third;
        Answered();
        Written();
        Answered();
        Assert.That(Written(), Is.EqualTo(["4 a"]));
    }

    [Test]
    public async Task What_was_half_written_is_sent_again_wholly()
    {
        await SendAsync(Says("1", [.. Enumerable.Range(0, 30).Select(i => $"w{i}"), "w0"]));
        Assert.That(Written(enough: 1), Has.One.Items);
        _outbox.TakesFromService(new Stanza(StanzaKind.Iq) { From = Jid.Parse(Service), To = Domain, Type = "error", Id = _question });
        Assert.That(Written(), Is.EqualTo(Enumerable.Range(0, 30).Append(0).Select(i => $"1 w{i}")));
    }

    [Test]
    public async Task On_the_next_stream_all_goes_as_copies_until_there_is_a_service_again()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a"));
        Written();
        _outbox.StartOver();
        Assert.That(await _outbox.WaitAsync(default).AsTask().WaitAsync(FakeServer.Peer.Patience));
        Assert.That(Written(), Is.EqualTo(["1 a", "1 b", "1 c", "2 a"]));
        Assert.That(_outbox.TakesFromService(Error("1", "forbidden")), Is.False, "it means nothing any more");
        _outbox.Use(new MulticastService(Jid.Parse(Service), Jid.Parse("shakespeare.lit"), 21));
        await SendAsync(Says("3", "a", "b", "c"));
        Assert.That(Written(), Is.EqualTo(["3 a,b,c"]));
    }

    [Test]
    public async Task A_stop_waits_until_the_service_has_answered()
    {
        await SendAsync(Says("1", "a", "b", "c"), Says("2", "a"));
        Written();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var waiting = _outbox.WaitAsync(stop.Token).AsTask();
        Assert.That(waiting.IsCompleted, Is.False);
        Answered();
        Assert.That(await waiting.WaitAsync(FakeServer.Peer.Patience));
        Assert.That(Written(), Is.EqualTo(["2 a"]));
        _outbox.TryConfirm(_question);
        while (await _outbox.WaitAsync(stop.Token)) Written();
    }

    private async Task SendAsync(params Outgoing[] outgoing)
    {
        foreach (var one in outgoing) await _outbox.SendAsync([one], default);
    }

    /// <summary>The service has brought all, also to us, and answers the question that was asked last.</summary>
    private void Answered()
    {
        Brought([.. _proofs]);
        Answers();
    }

    private void Brought(params string[] proofs)
    {
        foreach (var proof in proofs)
            Assert.That(_outbox.TakesFromService(Says("1").Stanza with { To = Jid.Parse(proof) }));
        _proofs.ExceptWith(proofs);
    }

    private void Answers() =>
        Assert.That(_outbox.TakesFromService(new Stanza(StanzaKind.Iq) { From = Jid.Parse(Service), To = Domain, Type = "result", Id = _question }));

    /// <summary>What the service says of a message that it could not bring: all of it, and why.</summary>
    private static Stanza Error(string id, string condition, params string[] to) => new(StanzaKind.Message)
    {
        From = Jid.Parse(Service),
        To = Coven,
        Type = "error",
        Id = id,
        Children =
        [
            new XElement(Address + "addresses", People(to).Select(p => new XElement(Address + "address", new XAttribute("type", "bcc"), new XAttribute("jid", p.ToString())))),
            new XElement(Ns.Client + "body", "cauldron"), new XElement(Ns.Client + "error", new XElement(Ns.StanzaErrors + condition)),
        ],
    };

    private static Outgoing Says(string id, params string[] to) => new(
        Stanza.Message("groupchat", new XElement(Ns.Client + "body", "cauldron")) with { From = Coven, Id = id }, People(to));

    private static System.Collections.Immutable.ImmutableArray<Jid> People(params string[] names) => [.. names.Select(n => Jid.Parse($"{n}@shakespeare.lit/x"))];

    /// <summary>What the writer gets, as «id to,to», without questions.</summary>
    private List<string> Written(int enough = int.MaxValue) => [.. Fill(enough).Where(e => e.Name != "iq" || (string?)e.Attribute("type") != "get").Select(Line)];

    private static string Line(XElement stanza)
    {
        var to = stanza.Element(Address + "addresses") is { } addresses && (string?)stanza.Attribute("to") == Service
            ? addresses.Elements().Select(a => (string)a.Attribute("jid")!).Where(jid => !IsProof(jid)) : [(string)stanza.Attribute("to")!];
        return $"{(string)stanza.Attribute("id")!} {string.Join(',', to.Select(t => t.Split('@')[0]))}";
    }

    private static bool IsProof(string jid) => jid.EndsWith($"@{Domain}", StringComparison.Ordinal);

    private List<XElement> Fill(int enough = int.MaxValue)
    {
        var bytes = new ArrayBufferWriter<byte>();
        _outbox.Fill(bytes, enough);
        List<XElement> all = [.. XElement.Parse($"<s>{Encoding.UTF8.GetString(bytes.WrittenSpan)}</s>").Elements()];
        _proofs.UnionWith(all.Descendants(Address + "address").Select(a => (string?)a.Attribute("jid") ?? "").Where(IsProof));
        if (all.LastOrDefault(e => e.Name == "iq" && (string?)e.Attribute("type") == "get") is { } question) _question = (string)question.Attribute("id")!;
        return all;
    }
}
