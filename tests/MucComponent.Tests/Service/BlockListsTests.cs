using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Tests.Component;
using MucComponent.Tests.Given;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Service;

/// <summary>Lists that others keep (XEP-0060), and the operator's own file.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BlockListsTests : IAsyncDisposable
{
    private const string Keeper = "lists.shakespeare.lit";
    private const string Node = "muc_bans_sha256";
    private static readonly Jid Hag = Jid.Parse("hag66@shakespeare.lit");
    private static readonly Jid Fool = Jid.Parse("fool@elsinore.lit");
    private static readonly Jid Crone = Jid.Parse("crone1@shakespeare.lit");

    private readonly FakeClock _clock = new();
    private readonly Box _box = new();
    private readonly LogBook<BlockLists> _log = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource<Func<Jid, bool>> _swept = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BlockLists? _lists;

    public async ValueTask DisposeAsync()
    {
        if (_lists is not null) await _lists.DisposeAsync();
        _folder.Delete();
    }

    [Test]
    public async Task Whom_a_list_names_by_address_or_by_domain_is_shut_out_and_removed()
    {
        var lists = Asked();
        Assert.That(_box.Asked.Select(q => q.Elements().Elements().First().Name.LocalName), Is.EqualTo(["subscribe", "items"]));
        Assert.That(_box.Asked[0].Descendants(Ns.PubSub + "subscribe").Single().Attribute("jid")?.Value, Is.EqualTo("chat.shakespeare.lit"));
        Assert.That(lists.ShutsOut(Hag), Is.False, "nothing is known yet");

        Answers(Items(Hash("hag66@shakespeare.lit"), Hash("elsinore.lit")));
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Fool), lists.ShutsOut(Crone)), Is.EqualTo((true, true, false)));
        var sweep = await _swept.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That((sweep(Hag), sweep(Crone)), Is.EqualTo((true, false)), "those in the rooms already");
    }

    [Test]
    public void Changes_are_heard_as_they_happen()
    {
        var lists = Asked();
        Answers(Items(Hash("hag66@shakespeare.lit")));
        Hears($"<items node='{Node}'><item id='{Hash("elsinore.lit")}'/><retract id='{Hash("hag66@shakespeare.lit")}'/></items>");
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Fool)), Is.EqualTo((false, true)));
        Hears($"<items node='another'><item id='{Hash("hag66@shakespeare.lit")}'/></items>");
        Hears($"<items node='{Node}'><item id='{Hash("hag66@shakespeare.lit")}'/></items>", from: "evil.lit");
        Assert.That(lists.ShutsOut(Hag), Is.False, "another node, and somebody else");
        Hears($"<purge node='{Node}'/>");
        Assert.That(lists.ShutsOut(Fool), Is.False);
    }

    [Test]
    public void It_comes_in_pages_where_there_are_many()
    {
        var lists = Asked();
        Answers(Items(Hash("elsinore.lit")), "<set xmlns='http://jabber.org/protocol/rsm'><first>a</first><last>b</last><count>2</count></set>");
        Assert.That(lists.ShutsOut(Fool), Is.False, "it is not complete");
        Assert.That(_box.Asked[^1].Descendants(Ns.ResultSet + "after").Single().Value, Is.EqualTo("b"));
        Answers(Items(Hash("hag66@shakespeare.lit")), "<set xmlns='http://jabber.org/protocol/rsm'><first>c</first><last>d</last><count>2</count></set>");
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Fool)), Is.EqualTo((true, true)));
    }

    [TestCase("missing", "it answers item-not-found")]
    [TestCase("malformed", "its answer is no list")]
    [TestCase("nonsense", "its entries are no SHA-256")]
    [TestCase("enormous", "it has more than 100000 entries")]
    [TestCase("silent", "it does not answer")]
    [TestCase("deleted", "it was deleted")]
    public void A_node_that_is_no_good_is_told_of_once_and_the_last_good_list_stays(string how, string why)
    {
        var lists = Asked();
        Answers(Items(Hash("hag66@shakespeare.lit")));
        for (var times = 0; times < 3; times++)
        {
            lists.Start();
            switch (how)
            {
                case "missing":
                    Answers("", type: "error", inside: "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
                    break;
                case "malformed":
                    Answers("", inside: "<query xmlns='jabber:iq:version'/>");
                    break;
                case "nonsense":
                    Answers(Items("hag66@shakespeare.lit", "", Hash("x")[1..]));
                    break;
                case "enormous":
                    Answers(Items([.. Enumerable.Range(0, 100_001).Select(i => i.ToString("x64", CultureInfo.InvariantCulture))]));
                    break;
                case "silent":
                    _clock.Advance(TimeSpan.FromMinutes(1));
                    break;
                default:
                    Hears($"<delete node='{Node}'/>");
                    break;
            }
            Assert.That(lists.ShutsOut(Hag));
        }
        Assert.That(_log.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal)), Has.One.Items.And.All.Contains($"{why}. The last good one stays, with 1 entries"));
    }

    [Test]
    public void It_is_asked_again_ever_more_seldom()
    {
        var lists = Asked();
        for (var minutes = 1; minutes <= 16; minutes *= 2)
        {
            var asked = _box.Asked.Count;
            Answers("", type: "error", inside: "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
            _clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.That(_box.Asked, Has.Count.EqualTo(asked));
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.That(_box.Asked, Has.Count.EqualTo(asked + 2));
        }
        Answers(Items(Hash("hag66@shakespeare.lit")));
        Assert.That(lists.ShutsOut(Hag));
    }

    [Test]
    public async Task The_last_good_list_is_there_after_a_restart()
    {
        Asked();
        Answers(Items(Hash("hag66@shakespeare.lit")));
        await _lists!.DisposeAsync();
        Assert.That(New().ShutsOut(Hag));
    }

    [Test]
    public async Task What_was_heard_since_is_there_after_a_restart()
    {
        Asked();
        Answers(Items(Hash("hag66@shakespeare.lit")));
        await _lists!.DisposeAsync();
        New();
        Hears($"<items node='{Node}'><item id='{Hash("elsinore.lit")}'/><retract id='{Hash("hag66@shakespeare.lit")}'/></items>");
        await _lists!.DisposeAsync();
        var lists = New();
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Fool)), Is.EqualTo((false, true)));
    }

    [Test]
    public void In_a_dry_run_it_is_only_logged_and_once()
    {
        var lists = Asked(dryRun: true);
        Answers(Items(Hash("elsinore.lit")));
        Assert.That((lists.ShutsOut(Fool), lists.ShutsOut(Fool)), Is.EqualTo((false, false)));
        Assert.That(_log.Lines, Has.One.Contains($"The block list {Keeper}/{Node} names somebody who would be shut out: {Hash("elsinore.lit")}"));
    }

    [Test]
    public void Admins_and_the_service_itself_are_never_shut_out()
    {
        var lists = New(new MucOptions { Admins = new HashSet<Jid> { Hag }, Denied = Who.Of([Hag, Jid.Parse("chat.shakespeare.lit")]) });
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Jid.Parse("chat.shakespeare.lit"))), Is.EqualTo((false, false)));
    }

    [Test]
    public void The_operators_file_is_read_again_when_it_changes_and_stays_as_it_was_when_it_makes_no_sense()
    {
        var path = Path.Combine(_folder.Path, "bans");
        Write("# ours\nhag66@shakespeare.lit  # spam\n\n", 1);
        var lists = New(new MucOptions { BansFile = path });
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Fool)), Is.EqualTo((true, false)));
        Write("elsinore.lit\n", 2);
        _clock.Advance(BlockLists.Round);
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Fool)), Is.EqualTo((false, true)));

        Write("hag66@shakespeare.lit/pda\n", 3);
        for (var i = 0; i < 3; i++) _clock.Advance(BlockLists.Round);
        Assert.That((lists.ShutsOut(Hag), lists.ShutsOut(Fool)), Is.EqualTo((false, true)));
        File.Delete(path);
        for (var i = 0; i < 3; i++) _clock.Advance(BlockLists.Round);
        Assert.That(lists.ShutsOut(Fool));
        Assert.That(_log.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal)).Select(l => l.Split("read: ")[1]),
            Is.EqualTo(["line 1 is neither a bare JID nor a domain. What was read before stays.", "it does not exist. What was read before stays."]));

        void Write(string text, int second)
        {
            File.WriteAllText(path, text);
            File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, second, DateTimeKind.Utc));
        }
    }

    private BlockLists Asked(bool dryRun = false)
    {
        var lists = New(new MucOptions { BlockLists = [Jid.Parse($"{Keeper}/{Node}")], IsBlockListsDryRun = dryRun });
        lists.Start();
        return lists;
    }

    private BlockLists New(MucOptions? options = null) => _lists = new BlockLists(
        (options ?? new MucOptions { BlockLists = [Jid.Parse($"{Keeper}/{Node}")] }) with { Domain = Jid.Parse("chat.shakespeare.lit"), DataDir = _folder.Path },
        _box, person => _swept.TrySetResult(person), _clock, _log);

    // To the last question.
    private void Answers(string items, string set = "", string type = "result", string? inside = null) =>
        Takes($"<iq type='{type}' id='{_box.Asked[^1].Attribute("id")!.Value}' from='{Keeper}' to='chat.shakespeare.lit'>{inside ?? $"<pubsub xmlns='http://jabber.org/protocol/pubsub'>{items}{set}</pubsub>"}</iq>");

    private void Hears(string news, string from = Keeper) =>
        Takes($"<message from='{from}' to='chat.shakespeare.lit'><event xmlns='http://jabber.org/protocol/pubsub#event'>{news}</event></message>", from == Keeper);

    private void Takes(string xml, bool isTheirs = true)
    {
        Assert.That(Stanza.TryFrom(XElement.Parse($"<x xmlns='{Ns.Client}'>{xml}</x>").Elements().Single(), out var stanza));
        Assert.That(_lists!.Takes(stanza), Is.EqualTo(isTheirs));
    }

    private static string Items(params string[] ids) => $"<items node='{Node}'>{string.Concat(ids.Select(id => $"<item id='{id}'/>"))}</items>";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed class Box : IOutbox
    {
        public List<XElement> Asked { get; } = [];

        public bool TrySend(Outgoing outgoing)
        {
            Assert.That(outgoing.To, Is.EqualTo(new[] { Jid.Parse(Keeper) }));
            Asked.Add(outgoing.Stanza.ToXml());
            return true;
        }

        public ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null) => throw new NotSupportedException();
    }
}
