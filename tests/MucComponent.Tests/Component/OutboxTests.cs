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

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutboxTests
{
    private static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit/firstwitch");
    private static readonly MucOptions Options = new() { Domain = Jid.Parse("chat.shakespeare.lit") };

    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    private readonly LogBook<Outbox> _log = new();
    private readonly FakeClock _clock = new();

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
        Assert.That(_log.Lines[^1], Does.StartWith("Error: Dropped the message 1, which was not from this component's domain").And.Not.Contain("cauldron"));
    }

    [Test]
    public async Task So_is_what_is_larger_than_servers_take()
    {
        var outbox = new Outbox(Options, _log);
        await outbox.SendAsync([Long("1", 499_000), Long("2", 500_000), Says("3", "a")], default);
        Assert.That(Written(outbox), Is.EqualTo(["1 a", "3 a"]));
        Assert.That(_log.Lines[^1], Does.StartWith("Error: Room coven@chat.shakespeare.lit: dropped the message 2").And.Not.Contain("xxx"));
    }

    [Test]
    public async Task Rooms_take_turns_and_each_keeps_its_order()
    {
        var outbox = new Outbox(Options, _log);
        foreach (var room in new[] { "heath", "cave", "palace" })
            for (var i = 0; i < 200; i++) await outbox.SendAsync([Says($"{room}{i}", "a", "b") with { Stanza = Said(room, $"{room}{i}") }], default);
        var written = Written(outbox).Select(line => line.Split(' ')[0]).ToList();

        Assert.That(written, Has.Count.EqualTo(3 * 200 * 2));
        foreach (var room in new[] { "heath", "cave", "palace" })
            Assert.That(written.Where(id => id.StartsWith(room, StringComparison.Ordinal)), Is.EqualTo(Enumerable.Range(0, 400).Select(i => $"{room}{i / 2}")));
        var turns = written.Select(id => id[0]).Aggregate("", (turns, room) => turns.EndsWith(room) ? turns : turns + room);
        Assert.That(turns.Length, Is.GreaterThan(12));
        Assert.That(string.Concat(Enumerable.Repeat("hcp", turns.Length)), Does.StartWith(turns), "round and round");
    }

    [Test]
    public async Task A_message_of_one_room_does_not_wait_for_all_that_another_has_to_say()
    {
        var outbox = new Outbox(Options, _log);
        var thousand = Enumerable.Range(0, 1000).Select(i => $"user{i}").ToArray();
        for (var i = 0; i < 20; i++) await outbox.SendAsync([Says($"{i}", thousand)], default);
        Assert.That(Written(outbox, enough: 100_000), Is.Not.Empty);
        await outbox.SendAsync([Says("calm", "a") with { Stanza = Said("heath", "calm") }], default);

        var before = Written(outbox).TakeWhile(line => line != "calm a").Count();
        Assert.That(before, Is.LessThan(100), "stanzas of the flooded room that still went before it, of 20,000");
    }

    [Test]
    public async Task A_room_with_much_to_say_fills_only_its_part_and_the_others_do_not_wait_for_it()
    {
        var outbox = new Outbox(Options, _log, capacity: 32_000);
        for (var i = 0; i < 8; i++)
        {
            var sending = outbox.SendAsync([Says($"{i}", "a")], default).AsTask();
            if (sending.IsCompleted) continue;
            Assert.That(outbox.Weight, Is.InRange(1_000, 1_500), "its part, and the last one in");
            Assert.That(outbox.SendAsync([Says("calm", "a") with { Stanza = Said("heath", "calm") }], default).AsTask().IsCompletedSuccessfully);
            var written = Written(outbox);
            Assert.That(written, Does.Contain("calm a"));
            await sending.WaitAsync(FakeServer.Peer.Patience);
            // It may have been let in while that was written.
            Assert.That(written.Concat(Written(outbox)), Has.One.EqualTo($"{i} a"));
            return;
        }
        Assert.Fail("it never waited");
    }

    [Test]
    public async Task Even_when_all_is_full_a_room_with_nothing_waiting_gets_in_but_no_mere_answer()
    {
        var outbox = new Outbox(Options, _log, capacity: 100);
        await outbox.SendAsync([Says("1", "a")], default);
        Assert.That(outbox.SendAsync([Says("calm", "a") with { Stanza = Said("heath", "calm") }], default).AsTask().IsCompletedSuccessfully);
        Assert.That(outbox.TrySend(Says("answer", "a") with { Stanza = Said("cave", "answer") }), Is.False);
        Assert.That(Written(outbox), Is.EqualTo(["1 a", "calm a"]));
    }

    [Test]
    public async Task What_several_rooms_were_in_the_middle_of_goes_out_again_too()
    {
        var (outbox, _) = Watched();
        var hundred = Enumerable.Range(0, 100).Select(i => $"user{i}").ToArray();
        foreach (var room in new[] { "heath", "cave" }) await outbox.SendAsync([Says(room, hundred) with { Stanza = Said(room, room) }], default);
        Assert.That(Written(outbox, enough: 20_000).Select(line => line.Split(' ')[0]).Distinct(), Is.EqualTo(["heath", "cave"]));

        outbox.StartOver();
        var written = Written(outbox);
        Assert.That(written.Where(line => line.StartsWith("heath", StringComparison.Ordinal)), Is.EqualTo(hundred.Select(user => $"heath {user}")));
        Assert.That(written.Where(line => line.StartsWith("cave", StringComparison.Ordinal)), Is.EqualTo(hundred.Select(user => $"cave {user}")));
    }

    private static Stanza Said(string room, string id) => Says(id).Stanza with { From = Jid.Parse($"{room}@chat.shakespeare.lit/firstwitch") };

    private static Outgoing Long(string id, int size)
    {
        var says = Says(id, "a");
        return says with { Stanza = says.Stanza with { Children = [new XElement(Ns.Client + "body", new string('x', size))] } };
    }

    private static Outgoing Says(string id, params string[] to) => new(
        Stanza.Message("groupchat", new XElement(Ns.Client + "body", "cauldron")) with { From = Coven, Id = id },
        [.. to.Select(Jid.Parse)]);

    [Test(Description = "XEP-0199: a ping to ourselves, which comes back when the server has all that was before it.")]
    public async Task A_delivery_is_known_when_the_ping_behind_it_has_come_back()
    {
        var (outbox, delivered) = Watched();
        await outbox.SendAsync([Says("1", "a", "b")], default, new Delivery(Coven.Bare, First));
        var ping = PingAfter(outbox);
        await outbox.SendAsync([Says("2", "a")], default, new Delivery(Coven.Bare, Second));
        Assert.That(Written(outbox), Is.EqualTo(["2 a"]));
        Assert.That(delivered, Is.Empty);

        Assert.That(outbox.TryConfirm(ping));
        Assert.That(delivered, Is.EqualTo(new[] { new Delivery(Coven.Bare, First) }));
        Assert.That(outbox.TryConfirm("somebody's own"), Is.False);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(outbox.TryConfirm(PingAfter(outbox)));
        Assert.That(delivered.Select(d => d.UpTo), Is.EqualTo(new[] { First, Second }));
        Assert.That(PingAfter(outbox), Is.Empty, "nothing to ask for");
    }

    [Test]
    public async Task There_is_one_ping_at_a_time_and_not_many_in_a_row()
    {
        var (outbox, _) = Watched();
        await outbox.SendAsync([Says("1", "a")], default);
        var ping = PingAfter(outbox);
        await outbox.SendAsync([Says("2", "a")], default);
        Assert.That(PingAfter(outbox), Is.Empty, "one is under way");

        for (var i = 0; i < 100 && ping.Length > 0; i++)
        {
            Assert.That(outbox.TryConfirm(ping));
            await outbox.SendAsync([Says("3", "a")], default);
            ping = PingAfter(outbox);
        }
        Assert.That(ping, Is.Empty, "it is too early after so many");
        var written = outbox.WaitAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await written.AsTask().WaitAsync(FakeServer.Peer.Patience), "the writer is called");
        Assert.That(PingAfter(outbox), Is.Not.Empty);
    }

    [Test]
    public async Task What_the_server_may_not_have_goes_out_again_before_all_else_on_the_next_connection()
    {
        var (outbox, delivered) = Watched();
        await outbox.SendAsync([Says("1", "a")], default);
        outbox.TryConfirm(PingAfter(outbox));
        await outbox.SendAsync([Says("2", "a", "b")], default, new Delivery(Coven.Bare, First));
        await outbox.SendAsync([Says("3", "a", "b", "c")], default);
        Assert.That(Written(outbox, enough: 300), Is.EqualTo(["2 a", "2 b", "3 a"]));
        await outbox.SendAsync([Says("4", "a")], default);

        outbox.StartOver();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Written(outbox), Is.EqualTo(["2 a", "2 b", "3 a", "3 b", "3 c", "4 a"]));
        outbox.ConfirmAll();
        Assert.That(delivered, Has.Count.EqualTo(1));
        outbox.StartOver();
        Assert.That(Written(outbox), Is.Empty);
    }

    [Test]
    public async Task But_only_once_so_that_a_stanza_the_server_hates_does_not_end_every_stream()
    {
        var (outbox, delivered) = Watched();
        await outbox.SendAsync([Says("1", "a")], default, new Delivery(Coven.Bare, First));
        Assert.That(Written(outbox), Is.EqualTo(["1 a"]));
        outbox.StartOver();
        Assert.That(Written(outbox), Is.EqualTo(["1 a"]));
        await outbox.SendAsync([Says("2", "a")], default);
        outbox.StartOver();
        Assert.That(Written(outbox), Is.EqualTo(["2 a"]));
        Assert.That(_log.Lines[^1], Does.StartWith("Warning: 1 stanzas went out twice"));
        outbox.ConfirmAll();
        Assert.That(delivered, Has.Count.EqualTo(1), "it is not told again either");
    }

    [Test]
    public async Task What_is_held_for_another_try_is_bounded()
    {
        var (outbox, _) = Watched();
        for (var i = 0; i < 50; i++)
        {
            await outbox.SendAsync([Long($"{i}", 400_000)], default);
            Assert.That(Written(outbox), Has.Count.EqualTo(1));
        }
        outbox.StartOver();
        Assert.That(Written(outbox), Is.EqualTo(Enumerable.Range(0, 50).TakeLast(41).Select(i => $"{i} a")), "the newest 16 MB");
    }

    [Test]
    public async Task A_server_that_brings_no_ping_back_is_trusted_after_a_while()
    {
        var (outbox, delivered) = Watched();
        await outbox.SendAsync([Says("1", "a")], default, new Delivery(Coven.Bare, First));
        Assert.That(PingAfter(outbox), Is.Not.Empty);
        _clock.Advance(TimeSpan.FromSeconds(11));
        await outbox.SendAsync([Says("2", "a")], default);
        Assert.That(PingAfter(outbox), Is.Not.Empty);
        Assert.That(delivered, Has.Count.EqualTo(1));
    }

    private (Outbox Outbox, List<Delivery> Delivered) Watched()
    {
        var outbox = new Outbox(Options, _log, _clock);
        List<Delivery> delivered = [];
        outbox.Delivered += delivered.Add;
        return (outbox, delivered);
    }

    /// <summary>What the writer gets, as «id address», without pings.</summary>
    private static List<string> Written(Outbox outbox, int enough = int.MaxValue) =>
        [.. Filled(outbox, enough).Where(e => e.Name != "iq").Select(e => $"{e.Attribute("id")!.Value} {e.Attribute("to")!.Value}")];

    /// <summary>The id of the ping after what the writer gets, or nothing.</summary>
    private static string PingAfter(Outbox outbox) =>
        Filled(outbox, int.MaxValue).LastOrDefault() is { } last && last.Name == "iq" ? last.Attribute("id")!.Value : "";

    private static IEnumerable<XElement> Filled(Outbox outbox, int enough)
    {
        var bytes = new ArrayBufferWriter<byte>();
        outbox.Fill(bytes, enough);
        return XElement.Parse($"<s>{Encoding.UTF8.GetString(bytes.WrittenSpan)}</s>").Elements();
    }
}
