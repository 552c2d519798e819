using System.Xml.Linq;
using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

[TestFixture]
public sealed class ConversationTests
{
    private const string Head = "[Client] Romeo\n\tjid: user@localhost\n---\nRomeo connects\n";

    [Test]
    public async Task Stanzas_nobody_waits_for_are_skipped() =>
        await Play("Romeo receives:\n\t<presence from='b'/>\nRomeo receives:\n\t<presence from='d'/>\n",
            "<presence from='a'/>", "<presence from='b'/>", "<presence from='c'/>", "<presence from='d'/>");

    [Test]
    public void The_order_of_what_is_waited_for_counts()
    {
        var wrong = Wrong("Romeo receives:\n\t<presence from='b'/>\nRomeo receives:\n\t<presence from='a'/>\n", "<presence from='a'/>", "<presence from='b'/>");

        Assert.That(wrong, Is.EqualTo("""
            test.scs, line 7: Romeo waited in vain (the server closed the stream) for
              <presence from="a" />
            and nothing came.
            Skipped before that, since nobody waited for it
              (line 5) <presence from="a" />
            """));
    }

    [Test]
    public void A_near_miss_is_shown_with_its_first_difference()
    {
        var wrong = Wrong("Romeo receives:\n\t<presence type='error'/>\n", "<presence/>", "<message/>");

        Assert.That(wrong, Is.EqualTo("""
            test.scs, line 5: Romeo waited in vain (the server closed the stream) for
              <presence type="error" />
            and got instead
              <presence />
                but type of <presence> is missing
              <message />
                but it is <message>, not <presence>
            """));
    }

    [Test]
    public async Task Placeholders_stand_for_addresses_and_captures()
    {
        var romeo = await Play(
            "Romeo receives:\n\t<iq id='{scansion:capture:id}' to=\"${Romeo's full JID}\"/>\nRomeo sends:\n\t<iq id='${id}' to=\"${Romeo's JID}\"/>\n",
            "<iq id='a&amp;b' to='user@localhost/r'/>");

        Assert.That(romeo.Sent, Is.EqualTo(["<iq id='a&amp;b' to=\"user@localhost\"/>"]));
    }

    [Test]
    public void A_placeholder_without_a_meaning_is_an_error() =>
        Assert.That(Wrong("Romeo sends:\n\t<iq to=\"${Juliet's JID}\"/>\n"), Does.Contain("line 5: ${Juliet's JID} means nothing here"));

    [Test]
    public void Nothing_means_nothing() =>
        Assert.That(Wrong("Romeo receives: nothing\n", "<presence/>"), Does.Contain("line 5: Romeo was to receive nothing, but got\n  <presence />"));

    [Test]
    public void Who_is_not_connected_cannot_act() =>
        Assert.That(Wrong("Romeo disconnects\nRomeo sends:\n\t<presence/>\n"), Does.Contain("line 6: Romeo is not connected"));

    [Test]
    public async Task Everybody_is_disconnected_in_the_end()
    {
        var romeo = await Play("");

        Assert.That(romeo.IsConnected, Is.False);
    }

    private static async Task<Recorded> Play(string actions, params string[] stanzas)
    {
        var client = new Recorded(stanzas);
        await Conversation.PlayAsync(ScansionParser.Parse("test", Head + actions), (_, _) => Task.FromResult<IClient>(client));
        return client;
    }

    private static string Wrong(string actions, params string[] stanzas) =>
        Assert.ThrowsAsync<ConversationException>(() => Play(actions, stanzas))!.Message;

    /// <summary>A client that receives what the test says, after which its stream ends.</summary>
    private sealed class Recorded(string[] stanzas) : IClient
    {
        private readonly Queue<XElement> _stanzas = new(stanzas.Select(ScriptXml.Parse));

        public string Jid => "user@localhost/r";

        public List<string> Sent { get; } = [];

        public bool IsConnected { get; private set; } = true;

        public Task SendAsync(string xml, CancellationToken stop)
        {
            Sent.Add(xml);
            return Task.CompletedTask;
        }

        public Task<XElement> ReceiveAsync(CancellationToken stop) =>
            _stanzas.TryDequeue(out var next) ? Task.FromResult(next) : Task.FromException<XElement>(new EndOfStreamException());

        public Task DisconnectAsync()
        {
            IsConnected = false;
            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync() => await DisconnectAsync();
    }
}
