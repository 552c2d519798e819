using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LocalRoomsTests : IDisposable
{
    private readonly HostedRooms _hosted = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _hosted.Dispose();

    [Test]
    public async Task An_empty_room_leaves_memory_and_comes_back_the_same()
    {
        _hosted.Join(Crone1, "firstwitch");
        _hosted.Configure(Coven, ("persistentroom", "1"), ("roomname", "The Coven"), ("roomdesc", "A dark cave"));
        _hosted.Hears($"<message from='{Crone1}' to='{Coven}' type='groupchat'><subject>Fire burn</subject></message>");
        _hosted.Say(Crone1, "1");
        await _hosted.ToldAsync(Crone1, "1");
        var before = await InfoAsync("before");
        _hosted.Leave(Crone1, "firstwitch");
        await _hosted.UntilAsync(() => _hosted.Rooms.Loaded == 0);

        // Nobody is in it, so the question alone does not keep it here.
        var empty = await InfoAsync("empty");
        await _hosted.UntilAsync(() => _hosted.Rooms.Loaded == 0);
        _hosted.Join(Crone1, "firstwitch");
        await _hosted.UntilAsync(() => _hosted.Told(Crone1).Count(s => s.Element(Ns.Client + "subject")?.Value == "Fire burn") == 2, "the subject is there again");
        var after = await InfoAsync("after");
        Assert.That(after, Is.EqualTo(before));
        Assert.That(empty, Is.Not.EqualTo(before), "the number of occupants is in it");
        Assert.That(_hosted.Told(Crone1).Count(s => (string?)s.Element(Ns.Client + "body") == "1"), Is.EqualTo(2), "and so is what was said");
        Assert.That(_hosted.Rooms.Loaded, Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_kept_and_may_not_have_been_sent_is_told_after_a_crash_before_all_else()
    {
        await _hosted.OpenAsync();
        _hosted.Say(Crone1, "1");
        await _hosted.ToldAsync(Hag66, "1");
        _hosted.Delivering = _ => Task.CompletedTask;
        _hosted.Say(Hag66, "2");
        _hosted.Say(Crone1, "3");
        var live = await _hosted.ToldAsync(Hag66, "3");

        using var again = new HostedRooms(_hosted.Kept);
        again.Say(Crone1, "4");
        await again.ToldAsync(Hag66, "4");
        Assert.That(again.Told(Hag66).Select(s => s.Attribute("id")?.Value), Is.EqualTo(["2", "3", "4"]));
        var late = again.Told(Hag66)[1];
        Assert.That(late.Element(Ns.Delay + "delay")?.Attribute("from")?.Value, Is.EqualTo(Coven), "XEP-0203: it says when it was");
        late.Element(Ns.Delay + "delay")!.Remove();
        Assert.That(late.ToString(), Is.EqualTo(live.ToString()), "the same in all else, its stanza-id too");

        using var third = new HostedRooms(_hosted.Kept);
        third.Say(Crone1, "5");
        await third.ToldAsync(Hag66, "5");
        Assert.That(third.Told(Hag66), Has.Count.EqualTo(1), "it has arrived now");
    }

    [Test]
    public async Task But_not_what_is_kept_no_longer()
    {
        await _hosted.OpenAsync();
        _hosted.Delivering = _ => Task.CompletedTask;
        _hosted.Say(Hag66, "old");
        await _hosted.ToldAsync(Crone1, "old");

        using var again = new HostedRooms(_hosted.Kept, new ServicePolicy { Retention = TimeSpan.FromHours(1) });
        again.Clock.Advance(TimeSpan.FromHours(2));
        again.Say(Crone1, "new");
        await again.ToldAsync(Hag66, "new");
        Assert.That(again.Told(Hag66).Select(s => s.Attribute("id")?.Value), Is.EqualTo(["new"]));
    }

    [Test]
    public async Task Whose_coming_may_not_have_been_told_is_told_after_a_crash_with_all_that_a_newcomer_waits_for()
    {
        await _hosted.OpenAsync();
        _hosted.Clock.Advance(TimeSpan.FromSeconds(1));
        _hosted.Delivering = _ => Task.CompletedTask;
        const string Wiccarocks = "wiccarocks@shakespeare.lit/laptop";
        _hosted.Join(Wiccarocks, "secondwitch");
        await _hosted.ToldAsync(Wiccarocks, s => s.Name.LocalName == "message");

        using var again = new HostedRooms(_hosted.Kept);
        again.Say(Crone1, "1");
        await again.ToldAsync(Hag66, "1");
        Assert.That(again.Told(Hag66).Select(From), Is.EqualTo([$"{Coven}/secondwitch", $"{Coven}/firstwitch"]));
        Assert.That(again.Told(Wiccarocks).Take(2).Select(From), Is.EquivalentTo([$"{Coven}/firstwitch", $"{Coven}/thirdwitch"]));
        Assert.That(again.Told(Wiccarocks).Skip(2).Select(From), Is.EqualTo([$"{Coven}/secondwitch", Coven, $"{Coven}/firstwitch"]));
        Assert.That(MucComponent.Tests.Given.Coven.Statuses(again.Told(Wiccarocks)[2]), Does.Contain(110));

        static string? From(System.Xml.Linq.XElement stanza) => stanza.Attribute("from")?.Value;
    }

    [Test]
    public async Task A_room_that_is_loaded_again_after_a_failed_save_does_not_repeat_itself()
    {
        await _hosted.OpenAsync();
        _hosted.Delivering = _ => Task.CompletedTask;
        _hosted.Say(Crone1, "1");
        await _hosted.ToldAsync(Hag66, "1");
        var told = _hosted.Told(Hag66).Count;
        _hosted.Saving = (_, _) => Task.FromException(new StoreUnavailableException("no"));
        _hosted.Say(Crone1, "2");
        await _hosted.ToldAsync(Crone1, "2");
        _hosted.Saving = (_, _) => Task.CompletedTask;
        _hosted.Say(Crone1, "3");
        await _hosted.ToldAsync(Hag66, "3");
        Assert.That(_hosted.Told(Hag66), Has.Count.EqualTo(told + 1));
    }

    [Test]
    public async Task Occupants_stay_in_over_a_restart_and_nobody_is_told_anything()
    {
        await _hosted.OpenAsync();
        await _hosted.Rooms.StopAsync(default);

        using var again = new HostedRooms(_hosted.Kept);
        Assert.That(again.Rooms.Loaded, Is.Zero);
        again.Say(Hag66, "1");
        await again.ToldAsync(Crone1, "1");
        Assert.That(again.Journal, Is.EqualTo(["kept MessageKept", $"sent groupchat to {Crone1} and {Hag66}"]));
        Assert.That((string?)again.Told(Crone1)[0].Attribute("from"), Is.EqualTo($"{Coven}/thirdwitch"));
    }

    [Test]
    public async Task Nothing_is_lost_between_the_end_of_a_room_and_its_next_beginning()
    {
        const int Threads = 4, Each = 2000;
        // Every answer may be the end of the host, since there is no such room. Each is another's, since one person has only so many places.
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) _hosted.Hears($"<iq from='hag{i}@shakespeare.lit/{thread}' to='nowhere@chat.shakespeare.lit' type='get' id='ask'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
        })));
        await _hosted.UntilAsync(() => _hosted.Rooms.Loaded == 0);
        var answered = _hosted.Journal.SelectMany(line => line.Split(", ")).Select(sent => sent.Split("error to ")).Where(sent => sent.Length == 2).Select(sent => sent[1]).ToList();
        Assert.That(answered, Has.Count.EqualTo(Threads * Each));
        Assert.That(answered.Distinct().Count(), Is.EqualTo(Threads * Each));
    }

    [Test]
    public async Task Many_rooms_at_once_keep_the_order_of_each()
    {
        const int Rooms = 40, Messages = 250;
        for (var room = 0; room < Rooms; room++)
        {
            _hosted.Join(Crone1, "firstwitch", Name(room));
            _hosted.Configure(Name(room));
        }
        await Task.WhenAll(Enumerable.Range(0, Rooms).Select(room => Task.Run(() =>
        {
            for (var i = 0; i < Messages; i++) _hosted.Say(Crone1, $"{i}", Name(room));
        })));
        await _hosted.Rooms.StopAsync(default);

        var heard = _hosted.Told(Crone1).Where(s => s.Element(Ns.Client + "body") is not null)
            .GroupBy(s => ((string)s.Attribute("from")!).Split('/')[0], s => int.Parse((string)s.Attribute("id")!, null)).ToList();
        Assert.That(heard, Has.Count.EqualTo(Rooms));
        foreach (var room in heard) Assert.That(room, Is.EqualTo(Enumerable.Range(0, Messages)), room.Key);
    }

    [Test]
    public async Task Flooded_rooms_do_not_starve_another()
    {
        const int Flooded = 64, Flood = 100, Asked = 2 * Flooded, Endless = 100 * Flooded;
        var (batches, answered) = (0, 0);
        for (var room = 0; room < Flooded; room++)
        {
            _hosted.Join(Crone1, "firstwitch", Name(room));
            _hosted.Configure(Name(room));
        }
        await _hosted.OpenAsync();
        _hosted.Sending = outgoing =>
        {
            var room = outgoing[0].Stanza.From!.Bare.ToString();
            if (room == Coven)
            {
                Volatile.Write(ref answered, Volatile.Read(ref batches));
                return Task.CompletedTask;
            }
            var batch = Interlocked.Increment(ref batches);
            if (batch == Asked) _hosted.Say(Crone1, "calm");
            // As soon as some of the flood is through, as much comes after it.
            for (var i = 0; i < Flood && batch < Endless && Volatile.Read(ref answered) == 0; i++) _hosted.Say(Crone1, "flood", room);
            return Task.CompletedTask;
        };
        for (var room = 0; room < Flooded; room++) _hosted.Say(Crone1, "flood", Name(room));
        await _hosted.UntilAsync(() => Volatile.Read(ref answered) > 0);
        Assert.That(answered, Is.LessThan(Asked + (4 * Flooded)), "batches of the flooded rooms until the calm one had its turn");
    }

    [Test]
    public async Task A_stop_lets_all_be_done_that_was_taken_and_refuses_what_comes_later()
    {
        await _hosted.OpenAsync();
        var saving = false;
        _hosted.Saving = async (_, _) =>
        {
            saving = true;
            await _release.Task;
        };
        _hosted.Say(Crone1, "1");
        await _hosted.UntilAsync(() => saving);
        for (var i = 2; i <= 300; i++) _hosted.Say(Crone1, $"{i}");
        var stopping = _hosted.Rooms.StopAsync(default);
        _hosted.Say(Crone1, "too late");
        Assert.That(ErrorOf(_hosted.Told(Crone1)[^1]), Is.EqualTo("remote-server-timeout"), "as the server says it while we are away");
        _release.SetResult();
        await stopping.WaitAsync(Patience);

        Assert.That(_hosted.Told(Hag66).Count(s => s.Element(Ns.Client + "body") is not null), Is.EqualTo(300));
        Assert.That((await _hosted.Kept.LoadAsync(Jid.Parse(Coven), default)).Stored.History.Last().Xml, Does.Contain("id='300'"));
    }

    [Test]
    public async Task Rooms_that_are_another_instances_now_do_nothing_more_and_refuse_what_waits()
    {
        await _hosted.OpenAsync();
        var saving = false;
        _hosted.Saving = (_, _) =>
        {
            saving = true;
            return _release.Task;
        };
        _hosted.Say(Crone1, "1");
        await _hosted.UntilAsync(() => saving);
        for (var i = 2; i <= 300; i++) _hosted.Say(Crone1, $"{i}");
        await _hosted.Rooms.GiveUpAsync(default).WaitAsync(Patience);
        _hosted.Say(Crone1, "too late");

        Assert.That(_hosted.Told(Hag66).Count(s => s.Element(Ns.Client + "body") is not null), Is.Zero);
        Assert.That(_hosted.Told(Crone1).Count(s => ErrorOf(s) is not null), Is.EqualTo(301));
        Assert.That((await _hosted.Kept.LoadAsync(Jid.Parse(Coven), default)).Stored.History, Is.Empty);
    }

    [Test]
    public async Task A_stop_does_not_wait_beyond_its_deadline_for_a_store_that_hangs()
    {
        await _hosted.OpenAsync();
        _hosted.Saving = (_, _) => Task.Delay(Timeout.Infinite);
        for (var i = 0; i < 300; i++) _hosted.Say(Crone1, $"{i}");
        using var deadline = new CancellationTokenSource();
        var stopping = _hosted.Rooms.StopAsync(deadline.Token);
        Assert.That(stopping.IsCompleted, Is.False);
        await deadline.CancelAsync();
        await stopping.WaitAsync(Patience);
        await _hosted.UntilAsync(() => _hosted.Told(Crone1).Count(s => ErrorOf(s) == "internal-server-error") == 300, "all that was taken is answered");
        Assert.That(_hosted.Log.Lines, Has.One.Contains("Stopped before 1 rooms"));
    }

    [Test]
    public async Task What_is_kept_but_cannot_be_sent_before_the_deadline_is_not_refused()
    {
        await _hosted.OpenAsync();
        var sending = false;
        _hosted.Sending = _ =>
        {
            sending = true;
            return Task.Delay(Timeout.Infinite);
        };
        _hosted.Say(Crone1, "1");
        await _hosted.UntilAsync(() => sending);
        using var deadline = new CancellationTokenSource();
        await deadline.CancelAsync();
        await _hosted.Rooms.StopAsync(deadline.Token).WaitAsync(Patience);
        await _hosted.Rooms.StopAsync(default).WaitAsync(Patience);
        Assert.That(_hosted.Told(Crone1).Count(s => ErrorOf(s) is not null), Is.Zero);
        Assert.That((await _hosted.Kept.LoadAsync(Jid.Parse(Coven), default)).Stored.History, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_store_that_fails_and_fails_is_told_of_at_a_calm_rate()
    {
        await _hosted.OpenAsync();
        _hosted.Saving = (_, _) => Task.FromException(new StoreUnavailableException("the disk is full"));
        for (var i = 0; i < 3; i++)
        {
            _hosted.Say(Crone1, $"{i}");
            await _hosted.ToldAsync(Crone1, $"{i}");
        }
        _hosted.Clock.Advance(TimeSpan.FromSeconds(10));
        _hosted.Say(Crone1, "later");
        await _hosted.ToldAsync(Crone1, "later");
        Assert.That(_hosted.Log.Lines.Select(line => line.Split("of it: ")[1]), Is.EqualTo(
            ["the disk is full (0 more such since this was last said.)", "the disk is full (2 more such since this was last said.)"]));
    }

    private async Task<string> InfoAsync(string id)
    {
        _hosted.Hears($"<iq from='{Hag66}' to='{Coven}' type='get' id='{id}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
        return (await _hosted.ToldAsync(Hag66, id)).Elements().Single().ToString();
    }

    private static string Name(int room) => $"room{room}@chat.shakespeare.lit";
}
