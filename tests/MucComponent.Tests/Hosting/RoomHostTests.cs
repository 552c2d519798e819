using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RoomHostTests : IDisposable
{
    private readonly HostedRooms _hosted = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _hosted.Dispose();

    [Test]
    public async Task A_change_is_saved_before_it_is_seen()
    {
        await _hosted.OpenAsync();
        var before = _hosted.Journal.Count;
        var atSave = -1;
        _hosted.Saving = async (_, _) =>
        {
            atSave = _hosted.Journal.Count;
            await _release.Task;
        };
        _hosted.Say(Crone1, "1");
        await _hosted.UntilAsync(() => atSave >= 0);
        Assert.That(atSave, Is.EqualTo(before), "decided, and nobody has heard of it");

        _release.SetResult();
        await _hosted.ToldAsync(Hag66, "1");
        Assert.That(_hosted.Journal.Skip(before), Is.EqualTo(["kept MessageKept", $"sent groupchat to {Crone1} and {Hag66}"]));
    }

    [Test]
    public async Task What_changes_nothing_is_not_saved()
    {
        await _hosted.OpenAsync();
        var saves = _hosted.Journal.Count(line => line.StartsWith("kept", StringComparison.Ordinal));
        _hosted.Hears($"<iq from='{Hag66}' to='{Coven}' type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
        await _hosted.ToldAsync(Hag66, "1");
        Assert.That(_hosted.Journal.Count(line => line.StartsWith("kept", StringComparison.Ordinal)), Is.EqualTo(saves));
    }

    private static readonly Exception[] Failures = [new StoreUnavailableException("the disk is full"), new InvalidOperationException("a fault"), new ClaimLostException(Jid.Parse(Coven))];

    [TestCaseSource(nameof(Failures))]
    public async Task When_a_save_fails_its_sender_alone_hears_and_the_room_goes_on(Exception failure)
    {
        await _hosted.OpenAsync();
        var told = _hosted.Told(Hag66).Count;
        _hosted.Saving = (_, _) => Task.FromException(failure);
        _hosted.Say(Crone1, "1");
        var error = await _hosted.ToldAsync(Crone1, "1");
        Assert.That((ErrorOf(error), (string?)error.Element(Ns.Client + "error")!.Attribute("type")), Is.EqualTo(("internal-server-error", "wait")));
        Assert.That((string?)error.Attribute("from"), Is.EqualTo(Coven));
        Assert.That(_hosted.Told(Hag66), Has.Count.EqualTo(told), "nobody else hears of it");
        Assert.That(_hosted.Log.Lines, Has.One.Contains($"Room {Coven}: what happened could not be kept"));

        _hosted.Saving = (_, _) => Task.CompletedTask;
        _hosted.Say(Crone1, "2");
        await _hosted.ToldAsync(Hag66, "2");
    }

    [Test]
    public async Task After_a_failed_save_the_room_is_what_is_kept()
    {
        await _hosted.OpenAsync();
        _hosted.Saving = (_, changes) => changes.Any(c => c is SessionChanged) ? Task.FromException(new StoreUnavailableException("no")) : Task.CompletedTask;
        const string Wiccarocks = "wiccarocks@shakespeare.lit/laptop";
        _hosted.Join(Wiccarocks, "secondwitch");
        Assert.That(ErrorOf(await _hosted.ToldAsync(Wiccarocks, "join")), Is.EqualTo("internal-server-error"));
        _hosted.Say(Crone1, "1");
        await _hosted.ToldAsync(Hag66, "1");
        Assert.That(_hosted.Told(Wiccarocks), Has.Count.EqualTo(1), "they are not in");

        _hosted.Saving = (_, _) => Task.CompletedTask;
        _hosted.Join(Wiccarocks, "secondwitch");
        await _hosted.ToldAsync(Wiccarocks, s => Statuses(s).Contains(110));
    }

    [Test]
    public async Task One_bad_request_does_not_sink_its_neighbours()
    {
        await _hosted.OpenAsync();
        var batches = new List<int>();
        _hosted.Saving = async (_, changes) =>
        {
            batches.Add(changes.Count);
            if (batches.Count == 1) await _release.Task;
            if (changes.Any(c => c is MessageKept m && m.Message.Xml.Contains("id='bad'", StringComparison.Ordinal))) throw new InvalidOperationException("a fault");
        };
        _hosted.Say(Crone1, "first");
        await _hosted.UntilAsync(() => batches.Count == 1);
        foreach (var id in new[] { "1", "bad", "2" }) _hosted.Say(Crone1, id);
        _release.SetResult();
        await _hosted.ToldAsync(Hag66, "2");

        Assert.That(batches, Is.EqualTo([1, 3, 1, 1, 1]), "together, then one by one");
        Assert.That(Heard(Hag66), Is.EqualTo(["first", "1", "2"]));
        Assert.That(ErrorOf(await _hosted.ToldAsync(Crone1, "bad")), Is.EqualTo("internal-server-error"));
        Assert.That(_hosted.Told(Crone1).Count(s => ErrorOf(s) is not null), Is.EqualTo(1));
    }

    [Test]
    public async Task A_store_that_is_away_is_not_asked_for_every_input()
    {
        await _hosted.OpenAsync();
        var saves = 0;
        _hosted.Saving = async (_, _) =>
        {
            if (++saves == 1) await _release.Task;
            throw new StoreUnavailableException("away");
        };
        _hosted.Say(Crone1, "first");
        await _hosted.UntilAsync(() => saves == 1);
        for (var i = 0; i < 50; i++) _hosted.Say(Crone1, $"{i}");
        _release.SetResult();
        await _hosted.ToldAsync(Crone1, "49");
        Assert.That(saves, Is.EqualTo(2));
        Assert.That(_hosted.Told(Crone1).Count(s => ErrorOf(s) == "internal-server-error"), Is.EqualTo(51));
    }

    [Test]
    public async Task A_rule_that_fails_loses_only_its_own_input()
    {
        await _hosted.OpenAsync();
        // No parser makes a stanza without a list of children: a fault of ours, as good as any.
        _hosted.Rooms.Post(new Stanza(StanzaKind.Message) { From = Jid.Parse(Crone1), To = Jid.Parse(Coven), Type = "groupchat", Id = "bad", Children = default });
        _hosted.Say(Crone1, "2");
        await _hosted.ToldAsync(Hag66, "2");
        Assert.That(ErrorOf(await _hosted.ToldAsync(Crone1, "bad")), Is.EqualTo("internal-server-error"));
        Assert.That(_hosted.Log.Lines, Has.One.Contains($"Room {Coven}: a rule failed on stanza bad"));
    }

    [Test]
    public async Task What_is_kept_but_cannot_be_sent_is_not_done_twice()
    {
        await _hosted.OpenAsync();
        var journal = _hosted.Journal.Count;
        _hosted.Sending = _ => Task.FromException(new InvalidOperationException("a fault"));
        _hosted.Say(Crone1, "1");
        await _hosted.Log.SaysAsync($"Room {Coven}: what happened is kept, but could not be sent");
        _hosted.Sending = _ => Task.CompletedTask;
        _hosted.Say(Crone1, "2");
        await _hosted.ToldAsync(Hag66, "2");
        Assert.That(_hosted.Journal.Skip(journal), Is.EqualTo(["kept MessageKept", "kept MessageKept", $"sent groupchat to {Crone1} and {Hag66}"]));
    }

    [Test]
    public async Task What_no_server_would_take_is_refused_and_not_kept()
    {
        await _hosted.OpenAsync();
        var journal = _hosted.Journal.Count;
        _hosted.Hears($"<message from='{Crone1}' to='{Coven}' type='groupchat' id='big'><body>{new string('x', 500_000)}</body></message>");
        Assert.That(ErrorOf(await _hosted.ToldAsync(Crone1, "big")), Is.EqualTo("policy-violation"));
        Assert.That(_hosted.Journal.Skip(journal), Is.EqualTo([$"sent error to {Crone1}"]));

        // Who goes, goes: that cannot be refused.
        _hosted.Hears($"<presence from='{Hag66}' to='{Coven}/thirdwitch' type='unavailable'><status>{new string('x', 500_000)}</status></presence>");
        await _hosted.ToldAsync(Crone1, s => (string?)s.Attribute("type") == "unavailable");
    }

    [Test]
    public async Task A_mailbox_in_which_one_has_no_place_left_refuses_at_once_but_takes_a_goodbye()
    {
        await _hosted.OpenAsync();
        var saving = false;
        _hosted.Saving = async (_, _) =>
        {
            saving = true;
            await _release.Task;
        };
        _hosted.Say(Crone1, "first");
        await _hosted.UntilAsync(() => saving);
        // What waits for all rooms counts a little too.
        const int Taken = Mailbox.Share - 10;
        for (var i = 0; i < Taken; i++) _hosted.Say(Crone1, $"{i}");
        Assert.That(_hosted.Told(Crone1).Count(s => ErrorOf(s) is not null), Is.Zero);

        for (var i = 0; i < 15; i++) _hosted.Say(Crone1, "one too many");
        var refused = _hosted.Told(Crone1).First(s => ErrorOf(s) is not null);
        Assert.That((ErrorOf(refused), (string?)refused.Attribute("id")), Is.EqualTo(("resource-constraint", "one too many")));
        _hosted.Leave(Hag66, "thirdwitch");
        _release.SetResult();
        await _hosted.ToldAsync(Crone1, s => (string?)s.Attribute("type") == "unavailable");
        Assert.That(Heard(Crone1), Has.Count.InRange(Taken + 1, Taken + 15));
    }

    [Test]
    public async Task A_room_that_waits_for_the_outbox_holds_up_nobody_else()
    {
        const string Heath = "heath@chat.shakespeare.lit";
        await _hosted.OpenAsync();
        await _hosted.OpenAsync(Heath);
        var waiting = false;
        _hosted.Sending = outgoing =>
        {
            if (outgoing[0].Stanza.From!.Bare != Jid.Parse(Coven)) return Task.CompletedTask;
            waiting = true;
            return _release.Task;
        };
        _hosted.Say(Crone1, "1");
        await _hosted.UntilAsync(() => waiting);
        _hosted.Say(Crone1, "2");
        _hosted.Say(Crone1, "elsewhere", Heath);
        await _hosted.ToldAsync(Hag66, "elsewhere");
        Assert.That(Heard(Hag66), Is.EqualTo(["elsewhere"]));
        _release.SetResult();
        await _hosted.ToldAsync(Hag66, "2");
        Assert.That(Heard(Hag66), Is.EqualTo(["elsewhere", "1", "2"]));
    }

    [Test]
    public async Task A_room_taken_by_another_process_is_loaded_again_and_nothing_is_lost()
    {
        await _hosted.OpenAsync();
        using var other = new HostedRooms(_hosted.Kept);
        const string Wiccarocks = "wiccarocks@shakespeare.lit/laptop";
        other.Join(Wiccarocks, "secondwitch");
        await other.ToldAsync(Wiccarocks, s => Statuses(s).Contains(110));

        _hosted.Say(Crone1, "1");
        await _hosted.ToldAsync(Wiccarocks, "1");
        Assert.That(Heard(Hag66), Is.EqualTo(["1"]));
        Assert.That(_hosted.Told(Crone1).Count(s => ErrorOf(s) is not null), Is.Zero);
        other.Say(Wiccarocks, "2");
        await other.ToldAsync(Hag66, "2");
    }

    [Test]
    public async Task An_occupants_presence_that_could_not_be_kept_is_not_answered()
    {
        await _hosted.OpenAsync();
        var told = _hosted.Told(Hag66).Count;
        _hosted.Saving = (_, _) => Task.FromException(new StoreUnavailableException("no"));
        _hosted.Hears($"<presence from='{Hag66}' to='{Coven}/thirdwitch'><show>away</show></presence>");
        _hosted.Say(Hag66, "1");
        await _hosted.ToldAsync(Hag66, "1");
        Assert.That(_hosted.Told(Hag66), Has.Count.EqualTo(told + 1), "an error from their own address would mean that they are out");
    }

    [Test]
    public async Task Who_went_when_nothing_could_be_kept_goes_before_whatever_comes_next()
    {
        await _hosted.OpenAsync();
        _hosted.Saving = (_, _) => Task.FromException(new StoreUnavailableException("no"));
        _hosted.Leave(Hag66, "thirdwitch");
        _hosted.Say(Crone1, "1");
        await _hosted.ToldAsync(Crone1, "1");

        _hosted.Saving = (_, _) => Task.CompletedTask;
        _hosted.Say(Crone1, "2");
        await _hosted.ToldAsync(Crone1, "2");
        Assert.That(_hosted.Told(Hag66)[^1].Attribute("type")?.Value, Is.EqualTo("unavailable"));
        Assert.That(_hosted.Told(Crone1)[^2].Attribute("type")?.Value, Is.EqualTo("unavailable"));
    }

    private List<string?> Heard(string who) =>
        [.. _hosted.Told(who).Where(s => (string?)s.Attribute("type") == "groupchat" && s.Element(Ns.Client + "body") is not null).Select(s => (string?)s.Attribute("id"))];

    private static int[] Statuses(System.Xml.Linq.XElement stanza) => MucComponent.Tests.Given.Coven.Statuses(stanza);
}
