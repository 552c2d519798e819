using System.Threading.Channels;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Component;

/// <summary>The connection against a server on loopback, with the clock in our hands.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ComponentConnectionTests : IAsyncDisposable
{
    private const string StreamErrors = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'";
    private static readonly TimeSpan AnyBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly FakeClock _clock = new();
    private readonly LogBook<ComponentConnection> _log = new();
    private readonly Channel<Stanza> _received = Channel.CreateUnbounded<Stanza>();
    private readonly CancellationTokenSource _stop = new();
    private FakeServer _server = new();
    private Outbox _outbox = null!;
    private ComponentConnection _connection = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _server.Dispose();
        while (!_running.IsCompleted)
        {
            // A server that says no goodbye is not waited for.
            _clock.Advance(Tick);
            await Task.WhenAny(_running, Task.Delay(10));
        }
        await _running;
        _stop.Dispose();
    }

    [Test]
    public async Task After_the_handshake_stanzas_flow_both_ways()
    {
        var handshakes = Start();
        using var server = await _server.AuthenticateAsync();

        await server.SaysAsync("<message from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' id='1'/>");
        var stanza = await ReceivesAsync();
        await _outbox.SendAsync([Says("2", "hag66@shakespeare.lit/pda")], default);
        await server.HearsAsync("</message>");

        Assert.That(stanza.Id, Is.EqualTo("1"));
        Assert.That(_connection.IsAuthenticated);
        Assert.That(handshakes.Count, Is.EqualTo(1));
        Assert.That(_log.Lines, Is.EqualTo([$"Information: The stream is up: chat.shakespeare.lit is attached to 127.0.0.1:{_server.Port}."]));
    }

    [Test]
    public async Task A_server_that_is_not_up_yet_is_waited_for_and_that_is_said_once()
    {
        var port = _server.Port;
        _server.Dispose();
        Start(port: port);
        for (var i = 0; i < 3; i++) await TryAgainAsync(TimeSpan.FromSeconds(11));
        Assert.That(_log.Lines.Where(l => l.Contains("Warning: ")), Is.EqualTo(
            [$"Warning: Waiting for the server at 127.0.0.1:{port}: nothing listens there (connection refused)."]));
        for (var i = 0; i < 3; i++) await TryAgainAsync(AnyBackoff);
        Assert.That(_log.Lines.Count(l => l.Contains("Warning: ")), Is.GreaterThan(1), "after a minute it is said again");

        await _log.SaysAsync("Trying again");
        _server = new FakeServer(port);
        await _clock.PassAsync(AnyBackoff);
        using var server = await _server.AuthenticateAsync();
        await _log.SaysAsync("The stream is up");
    }

    [Test]
    public async Task A_host_without_an_address_is_said_plainly()
    {
        Start(host: "server.invalid");
        Assert.That(await _log.SaysAsync("Waiting"), Does.EndWith("this host name cannot be resolved."));
    }

    [TestCase("not-authorized", "compare MUC_SECRET with the server's (Prosody: component_secret, ejabberd: the listener's password)")]
    [TestCase("host-unknown", "set MUC_DOMAIN to the name that is there")]
    [TestCase("conflict", "its own mod_muc")]
    public async Task What_the_server_has_against_us_is_said_with_advice_until_it_is_corrected(string condition, string advice)
    {
        Start();
        for (var i = 0; i < 2; i++)
        {
            using var refusing = await _server.AcceptAsync();
            await refusing.SaysAsync($"{FakeServer.Header}<stream:error><{condition} {StreamErrors}/></stream:error></stream:stream>");
            await TryAgainAsync(AnyBackoff);
        }
        using var server = await _server.AuthenticateAsync();
        await _log.SaysAsync("The stream is up");

        var errors = _log.Lines.Where(l => l.Contains("Error: ")).ToList();
        Assert.That(errors, Has.One.Items);
        Assert.That(errors[0], Does.Contain($"does not take chat.shakespeare.lit: {condition}.").And.Contain(advice));
        Assert.That(_log.Lines, Has.None.Contains(FakeServer.Secret));
    }

    [Test]
    public async Task A_name_taken_by_another_connection_is_not_fought_for()
    {
        Start();
        var replaced = 0;
        _connection.Replaced += () => replaced++;
        using var server = await _server.AuthenticateAsync();
        await server.SaysAsync($"<stream:error><conflict {StreamErrors}/><text {StreamErrors}>Replaced by a new connection</text></stream:error></stream:stream>");
        await _log.SaysAsync("is lost: conflict (Replaced by a new connection).");
        Assert.That(await _log.SaysAsync("Trying again"), Does.Match(@"in (2[4-9]|30)\.\d s"));
        Assert.That(replaced, Is.EqualTo(1), "so that the lease is looked at");
    }

    [TestCase("HTTP/1.1 400 Bad Request\r\n\r\n", "This is no XMPP server, it begins with 'HTTP/1.1 400")]
    [TestCase("<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' id='1'>", "in the namespace 'jabber:client'")]
    [TestCase(FakeServer.Header + "</stream:stream>", "without a reason")]
    public async Task A_port_of_something_else_is_recognised(string greeting, string why)
    {
        Start();
        using var server = await _server.AcceptAsync();
        await server.SaysAsync(greeting);
        Assert.That(await _log.SaysAsync("does not take"), Does.Contain(why));
    }

    [Test]
    public async Task A_port_that_stays_silent_is_left()
    {
        Start();
        using var server = await _server.AcceptAsync();
        await _clock.PassAsync(TimeSpan.FromSeconds(10));
        await _log.SaysAsync("does not answer the handshake");
        await server.HearsTheEndAsync();
    }

    [Test]
    public async Task What_waits_outlives_a_restart_of_the_server()
    {
        var handshakes = Start();
        var port = _server.Port;
        using (await _server.AuthenticateAsync()) _server.Dispose();
        await _log.SaysAsync("is lost: The server closed it.");
        Assert.That(_connection.IsAuthenticated, Is.False);
        await _outbox.SendAsync([Says("1", "hag66@shakespeare.lit/pda")], default);

        _server = new FakeServer(port);
        await TryAgainAsync(TimeSpan.FromSeconds(0.5));
        using var server = await _server.AuthenticateAsync();
        await server.HearsAsync("id='1'");
        Assert.That(handshakes.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task Half_a_stanza_is_forgotten_with_its_connection()
    {
        Start();
        using (var broken = await _server.AuthenticateAsync())
            await broken.SaysAsync("<message from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' id='1'><bo");
        await TryAgainAsync(AnyBackoff);
        using var server = await _server.AuthenticateAsync();
        await server.SaysAsync("<message from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' id='2'/>");
        Assert.That((await ReceivesAsync()).Id, Is.EqualTo("2"));
    }

    [Test]
    public async Task Garbage_ends_the_connection()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await server.SaysAsync("<message/>\0garbage");
        await _log.SaysAsync("is lost: The server's stream is not XML any more at '.garbage'.");
        await server.HearsTheEndAsync();
    }

    private const string Addressed = "from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit/it&apos;s'";
    private const string Modify = "to='hag66@shakespeare.lit/pda' from='coven@chat.shakespeare.lit/it&apos;s' type='error' id='1'><error type='modify' by='chat.shakespeare.lit'>";

    private static readonly TestCaseData<string, string>[] Refused =
    [
        new($"<iq {Addressed} type='get' id='1'>{Nested(64)}</iq>", $"<iq {Modify}<policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Elements are nested too deep</text></error></iq>") { TestName = "Too deep" },
        new($"<message {Addressed} id='1'><body>{new string('x', 1024 * 1024)}</body></message>", $"<message {Modify}<policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><stanza-too-big xmlns='urn:xmpp:errors'/></error></message>") { TestName = "Too big" },
        new($"<presence {Addressed} id='1'><!-- x --></presence>", $"<presence {Modify}<bad-request ") { TestName = "A comment" },
        new($"<presence {Addressed} id='1'><?x y?></presence>", $"<presence {Modify}<bad-request ") { TestName = "A processing instruction" },
        new($"<presence {Addressed} id='1'><!DOCTYPE x></presence>", $"<presence {Modify}<bad-request ") { TestName = "A DTD" },
        new("<message from='hag66@shakespeare.lit/pda' to='@chat.shakespeare.lit' id='1'/>", "<message to='hag66@shakespeare.lit/pda' from='@chat.shakespeare.lit' type='error' id='1'><error type='modify' by='chat.shakespeare.lit'><jid-malformed ") { TestName = "A malformed address" },
        new("<message from='@shakespeare.lit' to='coven@chat.shakespeare.lit' id='1'/>", "<message to='@shakespeare.lit' from='coven@chat.shakespeare.lit' type='error' id='1'><error type='modify' by='chat.shakespeare.lit'><jid-malformed ") { TestName = "A malformed sender" },
        new("<message from='hag66@shakespeare.lit/pda' to='coven@' id='1'/>", "<message to='hag66@shakespeare.lit/pda' from='chat.shakespeare.lit' type='error' id='1'><error type='modify' by='chat.shakespeare.lit'><jid-malformed ") { TestName = "An address we may not speak as" },
    ];

    [TestCaseSource(nameof(Refused))]
    public async Task A_stanza_that_cannot_be_taken_is_answered_and_the_stream_stays_up(string stanza, string answer)
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await server.SaysAsync(stanza);
        await server.SaysAsync($"<message {Addressed} id='2'/>");
        Assert.That(await server.HearsAsync(answer), Is.EqualTo(answer));
        Assert.That((await ReceivesAsync()).Id, Is.EqualTo("2"));
    }

    [TestCase("<message from='hag66@shakespeare.lit/pda' to='@chat.shakespeare.lit' type='error'/>")]
    [TestCase("<iq from='hag66@shakespeare.lit/pda' to='@chat.shakespeare.lit' type='result' id='1'/>")]
    [TestCase("<presence from='hag66@shakespeare.lit/pda' to='@chat.shakespeare.lit' type='unavailable'/>")]
    [TestCase("<presence from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' type='unavailable'><!-- --></presence>")]
    [TestCase("<message to='@chat.shakespeare.lit'/>")]
    [TestCase("<message to='coven@chat.shakespeare.lit'/>")]
    [TestCase("<message><body></message></body>")]
    [TestCase("<message a='&undefined;'/>")]
    [TestCase("<!-- nobody said it -->")]
    [TestCase("<unknown xmlns='urn:example'/>")]
    [TestCase(" \n ")]
    public async Task Some_things_are_not_answered_and_the_stream_stays_up(string stanza)
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await server.SaysAsync(stanza + "<message from='hag66@shakespeare.lit/pda' to='@chat.shakespeare.lit' id='2'/>");
        Assert.That(await server.HearsAsync("</message>"), Does.StartWith("<message ").And.Contain("id='2'"));
        Assert.That(_received.Reader.TryRead(out _), Is.False);
    }

    [Test]
    public async Task A_stanza_without_an_address_is_for_the_service()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await server.SaysAsync("<message from='hag66@shakespeare.lit/pda'/>");
        Assert.That((await ReceivesAsync()).To, Is.EqualTo(Jid.Parse("chat.shakespeare.lit")));
    }

    [Test]
    public async Task A_fault_in_handling_a_stanza_costs_that_stanza_only()
    {
        Start(received: stanza =>
        {
            if (stanza.Id == "1") throw new InvalidOperationException("a fault");
            _received.Writer.TryWrite(stanza);
        });
        using var server = await _server.AuthenticateAsync();
        await server.SaysAsync($"<message {Addressed} id='1'/><message {Addressed} id='2'/>");
        Assert.That((await ReceivesAsync()).Id, Is.EqualTo("2"));
        await _log.SaysAsync("lost the message 1 to coven@chat.shakespeare.lit. ");
    }

    [Test]                                                                                                     // XEP-0199
    public async Task A_silent_server_is_pinged_after_ten_seconds_and_left_after_twenty()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await _log.SaysAsync("The stream is up");
        for (var i = 0; i < 2; i++) await _clock.PassAsync(Tick);
        Assert.That(await server.HearsAsync("</iq>"), Does.Match(
            "^<iq to='chat.shakespeare.lit' from='chat.shakespeare.lit' type='get' id='ping-[0-9a-f]+'><ping xmlns='urn:xmpp:ping'/></iq>$"));
        for (var i = 0; i < 2; i++) await _clock.PassAsync(Tick);
        await _log.SaysAsync("is lost: Nothing has come from the server for 20 s, not even our own ping.");
        await server.HearsTheEndAsync();
    }

    [Test]
    public async Task A_server_that_takes_nothing_and_says_nothing_is_left_as_well()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await _outbox.SendAsync([MoreThanFits()], default);
        await server.HearsAsync("<message");
        for (var i = 0; i < 4; i++) await _clock.PassAsync(Tick);
        await _log.SaysAsync("is lost: Nothing has come from the server");
    }

    [Test]
    public async Task Its_own_ping_coming_back_keeps_the_link_and_goes_no_further()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await _log.SaysAsync("The stream is up");
        for (var i = 0; i < 3; i++)
        {
            await server.SaysAsync(await PingAsync(server));
            await server.SaysAsync($"<message {Addressed} id='{i}'/>");
            Assert.That((await ReceivesAsync()).Id, Is.EqualTo($"{i}"));
        }
        Assert.That(_connection.IsAuthenticated);
    }

    [Test]
    public async Task What_the_server_may_not_have_got_goes_out_again_when_the_link_is_back()
    {
        Start();
        var first = await _server.AuthenticateAsync();
        await _outbox.SendAsync([Says("1", "hag66@shakespeare.lit/pda")], default);
        await first.SaysAsync(await first.HearsAsync("</iq>"));
        await first.SaysAsync($"<message {Addressed} id='seen'/>");
        await ReceivesAsync();
        await _outbox.SendAsync([Says("2", "hag66@shakespeare.lit/pda")], default);
        await first.HearsAsync("id='2'");
        first.Dispose();

        await TryAgainAsync(TimeSpan.FromSeconds(1));
        using var second = await _server.AuthenticateAsync();
        await _outbox.SendAsync([Says("3", "hag66@shakespeare.lit/pda")], default);
        var heard = await second.HearsAsync("id='3'");
        Assert.That(heard, Does.Contain("id='2'").And.Not.Contain("id='1'"));
    }

    [Test]
    public async Task When_stopped_it_sends_what_waits_and_says_goodbye()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await _log.SaysAsync("The stream is up");
        for (var i = 0; i < 500; i++) await _outbox.SendAsync([Says($"{i}", "hag66@shakespeare.lit/pda")], default);
        await _stop.CancelAsync();

        var last = await server.HearsAsync("</stream:stream>");
        Assert.That(XElement.Parse($"<s>{last.Replace("</stream:stream>", "")}</s>").Elements().Where(e => e.Name != "iq").Select(e => e.Attribute("id")!.Value),
            Is.EqualTo(Enumerable.Range(0, 500).Select(i => $"{i}")));
        await server.SaysAsync("</stream:stream>");
        Assert.That(await server.HearsTheEndAsync(), Is.Empty);
        await _running.WaitAsync(FakeServer.Peer.Patience);
        Assert.That(_log.Lines[^1], Does.EndWith("is closed."));
    }

    [Test]
    public async Task When_stopped_it_does_not_wait_for_a_server_that_takes_nothing()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await _outbox.SendAsync([MoreThanFits()], default);
        await server.HearsAsync("<message");
        await _stop.CancelAsync();
        await _clock.PassAsync(TimeSpan.FromSeconds(3));
        await _running.WaitAsync(FakeServer.Peer.Patience);
        await _log.SaysAsync("with stanzas left to send");
    }

    [Test]
    public async Task A_stanza_for_a_thousand_arrives_a_thousand_times_in_order()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        var addresses = Enumerable.Range(0, 1000).Select(i => $"hag66@shakespeare.lit/{i}").ToArray();
        await _outbox.SendAsync([Says("1", addresses), Says("2", "hag66@shakespeare.lit/last")], default);
        var heard = await server.HearsAsync("/last' from='coven@chat.shakespeare.lit/firstwitch' type='groupchat' id='2'><body>Thrice</body></message>");
        Assert.That(XElement.Parse($"<s>{heard}</s>").Elements().Select(e => e.Attribute("to")!.Value),
            Is.EqualTo(addresses.Append("hag66@shakespeare.lit/last")));
    }

    [Test(Description = "XEP-0033: what it expands may come back, and what waits for it is still to be written.")]
    public async Task A_stop_waits_until_the_multicast_service_has_answered()
    {
        Start();
        using var server = await _server.AuthenticateAsync();
        await _outbox.SendAsync([Says("0", "a@shakespeare.lit/x")], default);
        await server.HearsAsync("<iq to='chat.shakespeare.lit' from='chat.shakespeare.lit' type='get' id='");
        await server.SaysAsync($"<iq from='chat.shakespeare.lit' to='chat.shakespeare.lit' type='result' id='{(await server.HearsAsync("'"))[..^1]}'/>");
        _outbox.Use(new MulticastService(Jid.Parse("multicast.shakespeare.lit"), Jid.Parse("shakespeare.lit"), 20));
        await _outbox.SendAsync([Says("1", "a@shakespeare.lit/x", "b@shakespeare.lit/x", "c@shakespeare.lit/x"), Says("2", "a@shakespeare.lit/x")], default);
        await server.HearsAsync("jid='proof-");
        var proof = (await server.HearsAsync("'"))[..^1];
        await server.HearsAsync("<iq to='multicast.shakespeare.lit' from='chat.shakespeare.lit' type='get' id='");
        var id = (await server.HearsAsync("'"))[..^1];
        await _stop.CancelAsync();

        await server.SaysAsync($"<message from='coven@chat.shakespeare.lit' to='proof-{proof}' type='groupchat'/>");
        await server.SaysAsync($"<iq from='multicast.shakespeare.lit' to='chat.shakespeare.lit' type='result' id='{id}'/>");
        Assert.That(await server.HearsAsync("</stream:stream>"), Does.Contain("<message to='a@shakespeare.lit/x'"));
    }

    private List<int> Start(string host = "127.0.0.1", int? port = null, Action<Stanza>? received = null)
    {
        var options = new MucOptions { Domain = Jid.Parse("chat.shakespeare.lit"), ServerHost = host, ServerPort = port ?? _server.Port, Secret = FakeServer.Secret };
        _outbox = new Outbox(options, new LogBook<Outbox>());
        _connection = new ComponentConnection(options, _outbox, received ?? (stanza => _received.Writer.TryWrite(stanza)), _log, _clock);
        List<int> handshakes = [];
        _connection.Authenticated += () => handshakes.Add(1);
        _running = _connection.RunAsync(_stop.Token);
        return handshakes;
    }

    private async Task<Stanza> ReceivesAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(FakeServer.Peer.Patience);

    /// <summary>Waits until the connection waits to try again, and lets that time pass.</summary>
    private async Task TryAgainAsync(TimeSpan atMost)
    {
        await _log.SaysAsync("Trying again");
        await _clock.PassAsync(atMost);
    }

    /// <summary>Lets the time pass until the component pings.</summary>
    private async Task<string> PingAsync(FakeServer.Peer server)
    {
        var ping = server.HearsAsync("</iq>");
        for (var i = 0; i < 3 && !ping.IsCompleted; i++) await _clock.PassAsync(Tick);
        return await ping;
    }

    private static Outgoing Says(string id, params string[] to) => new(
        Stanza.Message("groupchat", new XElement(Ns.Client + "body", "Thrice")) with { From = Jid.Parse("coven@chat.shakespeare.lit/firstwitch"), Id = id },
        [.. to.Select(Jid.Parse)]);

    /// <summary>100 MB: more than the kernel keeps for a reader who does not read.</summary>
    private static Outgoing MoreThanFits() => Says(new string('x', 400_000), [.. Enumerable.Range(0, 250).Select(i => $"hag66@shakespeare.lit/{i}")]);

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<x xmlns='urn:example'>", depth)) + string.Concat(Enumerable.Repeat("</x>", depth));
}
