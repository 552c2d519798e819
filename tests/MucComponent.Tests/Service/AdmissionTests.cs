using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Service;

/// <summary>What one person may do in all rooms together, and who may do nothing.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AdmissionTests : IAsyncDisposable
{
    private const string Body = "<body>Thrice the brinded cat hath mew'd.</body>";
    private static readonly Rate Two = new(2, TimeSpan.FromSeconds(1));

    private readonly FakeClock _clock = new();
    private readonly Box _box = new();
    private readonly List<Stanza> _released = [];
    private HeldPresences? _held;

    private BlockLists? _lists;

    public async ValueTask DisposeAsync()
    {
        _held?.Dispose();
        if (_lists is not null) await _lists.DisposeAsync();
    }

    [Test]
    public void Messages_with_a_body_are_counted_in_all_rooms_together_and_chat_states_are_free()
    {
        var admission = With(new MucOptions { MessageRate = Two });
        Assert.That(Admits(admission, Message(Body, room: "one")));
        Assert.That(Admits(admission, Message(Body, room: "two")));
        Assert.That(Admits(admission, Message("<composing xmlns='http://jabber.org/protocol/chatstates'/>")));
        Assert.That(Admits(admission, Message(Body, room: "three")), Is.False);
        Assert.That(Refusal(), Is.EqualTo(("wait", "policy-violation", "three@chat.shakespeare.lit")));
        Assert.That(Admits(admission, Message(Body, from: Coven.Crone1)), "others are others");

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Admits(admission, Message(Body)));
    }

    [Test]
    public void Joins_invitations_requests_for_voice_and_questions_are_counted_too()
    {
        var admission = With(new MucOptions { JoinRate = Two, InvitationRate = Two, VoiceRequestRate = Two, RequestRate = Two });
        var invitations = "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='a@b.lit'/><invite to='c@b.lit'/></x>";
        Assert.That(Times(admission, "<presence from='{0}' to='coven@chat.shakespeare.lit/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>"), Is.EqualTo(2));
        Assert.That(Times(admission, $"<message from='{{0}}' to='coven@chat.shakespeare.lit'>{invitations}</message>"), Is.EqualTo(1), "two in one, and then none");
        Assert.That(Times(admission, "<message from='{0}' to='coven@chat.shakespeare.lit'><x xmlns='jabber:x:data' type='submit'/></message>"), Is.EqualTo(2));
        Assert.That(Times(admission, "<iq type='get' id='1' from='{0}' to='coven@chat.shakespeare.lit'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"), Is.EqualTo(2));
    }

    [Test]
    public void Without_limits_nothing_is_counted()
    {
        var admission = With(new MucOptions());
        Assert.That(Times(admission, $"<message type='groupchat' from='{{0}}' to='coven@chat.shakespeare.lit'>{Body}</message>"), Is.EqualTo(1000));
        Assert.That(Times(admission, "<presence from='{0}' to='coven@chat.shakespeare.lit/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>"), Is.EqualTo(1000));
    }

    [Test]
    public void Who_floods_is_told_a_few_times_and_no_more()
    {
        var admission = With(new MucOptions { MessageRate = Two });
        for (var i = 0; i < 10_000; i++) Admits(admission, Message(Body));
        Assert.That(_box.Sent, Has.Count.EqualTo(10));
        _clock.Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 10_000; i++) Admits(admission, Message(Body));
        Assert.That(_box.Sent, Has.Count.EqualTo(11));
    }

    [TestCase("hag66@shakespeare.lit")]
    [TestCase("shakespeare.lit")]
    public void The_rates_are_not_for_admins_and_whoever_is_unlimited(string who)
    {
        var (jid, unlimited) = (Jid.Parse(who), Jid.Parse(who).IsDomain);
        var admission = With(new MucOptions
        {
            MessageRate = Two,
            Admins = unlimited ? new HashSet<Jid>() : new HashSet<Jid> { jid },
            Unlimited = unlimited ? Who.Of([jid]) : Who.Nobody,
        });
        Assert.That(Enumerable.Range(0, 100).All(_ => Admits(admission, Message(Body))));
    }

    [TestCase("shakespeare.lit", "", "hag66@shakespeare.lit", true)]
    [TestCase("shakespeare.lit", "", "hag66@elsinore.lit", false)]
    [TestCase("shakespeare.lit", "", "hag66@sub.shakespeare.lit", false)]
    [TestCase("shakespeare.lit", "hag66@shakespeare.lit", "hag66@shakespeare.lit", false)]
    [TestCase("hag66@elsinore.lit", "", "hag66@elsinore.lit", true)]
    [TestCase("anyone", "elsinore.lit", "hag66@elsinore.lit", false)]
    [TestCase("anyone", "elsinore.lit", "hag66@shakespeare.lit", true)]
    public void Some_may_use_the_service_and_some_may_not(string allow, string deny, string who, bool may)
    {
        var options = Settings.Read(new Dictionary<string, string?> { ["MUC_SECRET"] = "s", ["MUC_ALLOW"] = allow, ["MUC_DENY"] = deny }, _ => "").Options!;
        Assert.That(Admits(With(options), Message(Body, from: $"{who}/pda")), Is.EqualTo(may));
        if (!may) Assert.That(Refusal(), Is.EqualTo(("auth", "forbidden", "coven@chat.shakespeare.lit")));
    }

    [TestCase("<presence type='unavailable' from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit/n'/>")]
    [TestCase("<message type='error' from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit/n'/>")]
    [TestCase("<iq type='result' id='1' from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit/n'/>")]
    public void Whoever_is_shut_out_may_still_go(string xml) =>
        Assert.That(Admits(With(new MucOptions { Denied = Who.Of([Jid.Parse("shakespeare.lit")]) }), xml));

    [Test, Row("A3")] // XEP-0045 §7.7
    public void Of_changes_of_availability_that_come_too_fast_the_newest_waits()
    {
        var admission = With(new MucOptions { PresenceRate = Two });
        Assert.That(Enumerable.Range(0, 10).Count(i => Admits(admission, Presence($"{i}"))), Is.EqualTo(2));
        Assert.That(_released, Is.Empty);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_released.Select(s => s.Children[0].Value), Is.EqualTo(["9"]));
        Assert.That(_box.Sent, Is.Empty, "nothing is refused");
        _clock.Advance(TimeSpan.FromSeconds(100));
        Assert.That(_released, Has.Count.EqualTo(1), "once");
    }

    [TestCase("<presence type='unavailable' from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit'/>")]
    [TestCase("<presence from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>")]
    public void What_waits_is_void_when_its_session_goes_or_comes_anew(string xml)
    {
        var admission = With(new MucOptions { PresenceRate = Two });
        for (var i = 0; i < 10; i++) Admits(admission, Presence($"{i}"));
        Assert.That(Admits(admission, xml));
        _clock.Advance(TimeSpan.FromSeconds(100));
        Assert.That(_released, Is.Empty);
    }

    [Test] // XEP-0045 §7.2: clients know a refused join by that
    public void A_join_that_is_refused_is_told_so_as_a_join()
    {
        Admits(With(new MucOptions { Denied = Who.Of([Jid.Parse(Coven.Hag66).Bare]) }), $"<presence id='1' from='{Coven.Hag66}' to='coven@chat.shakespeare.lit/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        Assert.That(_box.Sent.Single().Stanza.Has(Ns.Muc + "x"));
    }

    private Admission With(MucOptions options)
    {
        options = options with { Domain = Jid.Parse("chat.shakespeare.lit") };
        _held = new HeldPresences(options.PresenceRate, new Rooms(_released), _clock);
        _lists = new BlockLists(options, _box, _ => { }, _clock, NullLogger.Instance);
        return new Admission(options, _lists, _box, new Reticence(_clock), _held, _clock);
    }

    private static bool Admits(Admission admission, string xml)
    {
        var element = XElement.Parse($"<x xmlns='{Ns.Client}'>{xml}</x>").Elements().Single();
        Assert.That(Stanza.TryFrom(element, out var stanza));
        return admission.Admits(stanza);
    }

    private static int Times(Admission admission, string xml)
    {
        var times = 0;
        for (; times < 1000 && Admits(admission, string.Format(null, xml, Coven.Hag66)); times++) { }
        return times;
    }

    private static string Message(string inside, string room = "coven", string from = Coven.Hag66) =>
        $"<message type='groupchat' id='1' from='{from}' to='{room}@chat.shakespeare.lit'>{inside}</message>";

    private static string Presence(string status) => $"<presence from='{Coven.Hag66}' to='coven@chat.shakespeare.lit/n'><status>{status}</status></presence>";

    private (string? Type, string Condition, string From) Refusal()
    {
        var (stanza, to) = _box.Sent.Single();
        Assert.That(to, Has.Length.EqualTo(1));
        var error = stanza.Child(Ns.Client + "error")!;
        return (error.Attribute("type")?.Value, error.Elements().First().Name.LocalName, stanza.From!.ToString());
    }

    private sealed class Rooms(List<Stanza> posted) : IRooms
    {
        public void Post(Stanza stanza) => posted.Add(stanza);

        public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
    }

    private sealed class Box : IOutbox
    {
        public List<Outgoing> Sent { get; } = [];

        public bool TrySend(Outgoing outgoing)
        {
            Sent.Add(outgoing);
            return true;
        }

        public ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null) => throw new NotSupportedException();
    }
}
