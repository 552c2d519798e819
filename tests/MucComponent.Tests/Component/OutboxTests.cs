using System.Buffers;
using System.Text;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Component;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutboxTests
{
    private static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit/firstwitch");
    private static readonly MucOptions Options = new() { Domain = Jid.Parse("chat.shakespeare.lit") };

    private readonly LogBook<Outbox> _log = new();

    [Test]
    public async Task Stanzas_leave_in_the_order_they_came_and_addresses_in_theirs()
    {
        var outbox = new Outbox(Options, _log);
        await outbox.SendAsync([Says("1", "a", "b"), Says("2", "a")], default);
        await outbox.SendAsync([Says("3", "b")], default);
        Assert.That(Written(outbox), Is.EqualTo(["1 a", "1 b", "2 a", "3 b"]));
    }

    [Test]
    public async Task A_stanza_that_is_half_delivered_goes_on_where_it_was()
    {
        var outbox = new Outbox(Options, _log);
        await outbox.SendAsync([Says("1", "a", "b", "c"), Says("2", "a")], default);
        Assert.That(Written(outbox, enough: 1), Is.EqualTo(["1 a"]));
        Assert.That(Written(outbox), Is.EqualTo(["1 b", "1 c", "2 a"]));
    }

    [Test]
    public async Task A_stanza_for_nobody_is_nothing()
    {
        var outbox = new Outbox(Options, _log);
        await outbox.SendAsync([Says("1"), Says("2", "a")], default);
        Assert.That(Written(outbox), Is.EqualTo(["2 a"]));
    }

    [Test]
    public void An_answer_is_dropped_and_counted_when_there_is_no_room()
    {
        var outbox = new Outbox(Options, _log, capacity: 100);
        Assert.That(outbox.TrySend(Says("1", "a")));
        Assert.That(outbox.TrySend(Says("2", "a")), Is.False);
        Assert.That(outbox.Dropped, Is.EqualTo(1));
        Assert.That(Written(outbox), Is.EqualTo(["1 a"]));
        Assert.That(outbox.TrySend(Says("3", "a")));
    }

    [Test]
    public async Task A_caller_waits_for_room()
    {
        var outbox = new Outbox(Options, _log, capacity: 100);
        await outbox.SendAsync([Says("1", "a")], default);
        var waiting = outbox.SendAsync([Says("2", "a")], default).AsTask();
        Assert.That(waiting.IsCompleted, Is.False);

        Assert.That(Written(outbox), Is.EqualTo(["1 a"]));
        await waiting.WaitAsync(FakeServer.Peer.Patience);
        Assert.That(Written(outbox), Is.EqualTo(["2 a"]));
        Assert.That(outbox.Weight, Is.Zero);
    }

    [Test]
    public async Task A_caller_that_is_stopped_stops_waiting()
    {
        var outbox = new Outbox(Options, _log, capacity: 100);
        await outbox.SendAsync([Says("1", "a")], default);
        using var stop = new CancellationTokenSource();
        var waiting = outbox.SendAsync([Says("2", "a")], stop.Token).AsTask();
        await stop.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Written(outbox), Is.EqualTo(["1 a"]));
    }

    [TestCase("coven@evil.shakespeare.lit")]
    [TestCase("shakespeare.lit")]
    [TestCase(null)]
    public async Task What_is_not_from_our_domain_would_close_the_stream_and_is_dropped(string? from)
    {
        var outbox = new Outbox(Options, _log);
        var foreign = Says("1", "a");
        await outbox.SendAsync([foreign with { Stanza = foreign.Stanza with { From = from is null ? null : Jid.Parse(from) } }, Says("2", "a")], default);
        Assert.That(Written(outbox), Is.EqualTo(["2 a"]));
        Assert.That(_log.Lines[^1], Does.StartWith($"Error: Dropped the message 1 from {from ?? "(null)"}").And.Not.Contain("cauldron"));
    }

    [Test]
    public async Task So_is_what_is_larger_than_servers_take()
    {
        var outbox = new Outbox(Options, _log);
        await outbox.SendAsync([Long("1", 499_000), Long("2", 500_000), Says("3", "a")], default);
        Assert.That(Written(outbox), Is.EqualTo(["1 a", "3 a"]));
        Assert.That(_log.Lines[^1], Does.StartWith("Error: Dropped the message 2").And.Not.Contain("xxx"));
    }

    private static Outgoing Long(string id, int size)
    {
        var says = Says(id, "a");
        return says with { Stanza = says.Stanza with { Children = [new XElement(Ns.Client + "body", new string('x', size))] } };
    }

    private static Outgoing Says(string id, params string[] to) => new(
        Stanza.Message("groupchat", new XElement(Ns.Client + "body", "cauldron")) with { From = Coven, Id = id },
        [.. to.Select(Jid.Parse)]);

    /// <summary>What the writer gets, as «id address».</summary>
    private static List<string> Written(Outbox outbox, int enough = int.MaxValue)
    {
        var bytes = new ArrayBufferWriter<byte>();
        outbox.Fill(bytes, enough);
        return [.. XElement.Parse($"<s>{Encoding.UTF8.GetString(bytes.WrittenSpan)}</s>").Elements()
            .Select(e => $"{e.Attribute("id")!.Value} {e.Attribute("to")!.Value}")];
    }
}
