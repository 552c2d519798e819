using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

/// <summary>
/// What a component can rely on is the same on the simulated server and on the real ones, with the operator's files: so a script
/// that passes in process says something about them. Seen from a component that is only a socket.
/// </summary>
[TestFixture(Stage.InProcess)]
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class ServersTests(string name)
{
    private static readonly XNamespace Accept = "jabber:component:accept";

    private Stage _stage = null!;
    private XmlStream _component = null!;
    private IClient _romeo = null!;

    [OneTimeSetUp]
    public async Task Open() => _stage = await Stage.OpenAsync(
        name, Path.Combine(Repository.Root, "config"), (_, _, _) => throw new NotSupportedException("the component is this test"));

    [SetUp]
    public async Task Attach()
    {
        _component = await ConnectAsync(_stage.Server.Secret) ?? throw new IOException("the secret was refused");
        _romeo = await _stage.Server.ConnectAsync("user@localhost", "password", default);
    }

    [TearDown]
    public async Task Detach()
    {
        await _romeo.DisposeAsync();
        _component.Dispose();
    }

    [OneTimeTearDown]
    public async Task Close() => await _stage.DisposeAsync();

    [Test]
    public async Task A_wrong_secret_is_refused() => Assert.That(await ConnectAsync("wrong"), Is.Null);

    [Test]
    public async Task A_stanza_comes_from_the_full_address_of_its_sender()
    {
        await _romeo.SendAsync("<message to='room@conference.localhost' type='groupchat' id='m1'><body>Hi</body></message>", default);

        var heard = await HeardAsync();
        Assert.That((string?)heard.Attribute("from"), Is.EqualTo(_romeo.Jid));
        Assert.That((string?)heard.Element(Accept + "body"), Is.EqualTo("Hi"));
    }

    [Test]
    public async Task What_the_component_sends_is_a_clients_stanza()
    {
        await SayAsync($"<message from='room@conference.localhost/x' to='{_romeo.Jid}' type='groupchat'><body>Hi</body></message>");

        Assert.That((string?)(await _romeo.ReceiveAsync(default)).Element(ScriptXml.Client + "body"), Is.EqualTo("Hi"));
    }

    [TestCase("<message type='groupchat'><body>Hi</body></message>")]
    [TestCase("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>")]
    public async Task What_goes_to_a_session_that_is_gone_comes_back(string xml)
    {
        await SayAsync(Addressed(xml, "user@localhost/gone"));

        var bounced = await HeardAsync();
        Assert.That((string?)bounced.Attribute("type"), Is.EqualTo("error"));
        Assert.That(bounced.Descendants("{urn:ietf:params:xml:ns:xmpp-stanzas}service-unavailable").ToList(), Has.Count.EqualTo(1));
        Assert.That((string?)bounced.Attribute("from"), Is.EqualTo("user@localhost/gone"));
    }

    [Test]
    public async Task Presence_to_a_session_that_is_gone_vanishes()
    {
        await SayAsync(Addressed("<presence/>", "user@localhost/gone"));
        await SayAsync("<message from='room@conference.localhost/x' to='other@conference.localhost'><body>next</body></message>");

        Assert.That((await HeardAsync()).Name, Is.EqualTo(Accept + "message"));
    }

    [Test]
    public async Task A_chat_to_a_session_that_is_gone_reaches_another_one_of_that_person()
    {
        await _romeo.SendAsync("<presence/>", default);
        await _romeo.ReceiveAsync(default);

        await SayAsync(Addressed("<message type='chat'><body>Hi</body></message>", "user@localhost/gone"));

        Assert.That((string?)(await _romeo.ReceiveAsync(default)).Element(ScriptXml.Client + "body"), Is.EqualTo("Hi"));
    }

    [Test]
    public async Task What_the_component_sends_to_itself_comes_back()
    {
        await SayAsync("<message from='a@conference.localhost/x' to='b@conference.localhost'><body>to myself</body></message>");

        Assert.That((string?)(await HeardAsync()).Element(Accept + "body"), Is.EqualTo("to myself"));
    }

    [Test]
    public async Task Who_goes_is_unavailable_wherever_presence_was_sent_and_not_left()
    {
        foreach (var xml in new[] { "<presence to='a@conference.localhost/x'/>", "<presence to='b@conference.localhost/x'/>", "<presence to='b@conference.localhost/x' type='unavailable'/>" })
        {
            await _romeo.SendAsync(xml, default);
            await HeardAsync();
        }

        await _romeo.DisconnectAsync();

        var heard = await HeardAsync();
        Assert.That(((string?)heard.Attribute("type"), (string?)heard.Attribute("to")), Is.EqualTo(("unavailable", "a@conference.localhost/x")));
    }

    [Test]
    public async Task Presence_is_remembered_while_the_component_is_away()
    {
        await _romeo.SendAsync("<presence to='a@conference.localhost/x'/>", default);
        await HeardAsync();
        _component.Dispose();
        await ServerKnowsItIsGoneAsync();
        _component = (await ConnectAsync(_stage.Server.Secret))!;

        await _romeo.DisconnectAsync();

        Assert.That((string?)(await HeardAsync()).Attribute("type"), Is.EqualTo("unavailable"));
    }

    // Only then does the server answer for it; as long as it does not, what it has for us may still go to the old connection.
    private async Task ServerKnowsItIsGoneAsync()
    {
        await _romeo.SendAsync("<iq type='get' id='there' to='a@conference.localhost'><ping xmlns='urn:xmpp:ping'/></iq>", default);
        for (var asked = Stopwatch.StartNew(); asked.Elapsed < Conversation.Patience;)
        {
            using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
            try
            {
                while ((string?)(await _romeo.ReceiveAsync(moment.Token)).Attribute("id") != "there")
                {
                }
                return;
            }
            catch (OperationCanceledException)
            {
                await _romeo.SendAsync("<iq type='get' id='there' to='a@conference.localhost'><ping xmlns='urn:xmpp:ping'/></iq>", default);
            }
        }
        throw new TimeoutException("the server does not notice that the component is gone");
    }

    private Task SayAsync(string xml) => _component.WriteAsync(xml, default);

    private async Task<XElement> HeardAsync() => await _component.ReadAsync().WaitAsync(Conversation.Patience) ?? throw new EndOfStreamException("the server closed the stream");

    private static string Addressed(string xml, string to) => xml.Insert(xml.IndexOf('<', StringComparison.Ordinal) + xml.Split([' ', '/', '>'])[0].Length, $" from='room@conference.localhost/x' to='{to}'");

    /// <summary>Attaches as XEP-0114 §3 has it; null if the server refuses.</summary>
    private async Task<XmlStream?> ConnectAsync(string secret)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _stage.Server.ComponentPort);
        var stream = new XmlStream(new NetworkStream(socket, ownsSocket: true));
        await stream.WriteAsync($"<stream:stream xmlns='{Accept}' xmlns:stream='http://etherx.jabber.org/streams' to='conference.localhost'>", default);
        var id = (await stream.OpenedAsync())["id"];
        await stream.WriteAsync($"<handshake>{Handshake.Proof(id, secret)}</handshake>", default);
        if (await stream.ReadAsync() is { } answer && answer.Name == Accept + "handshake") return stream;
        stream.Dispose();
        return null;
    }
}
