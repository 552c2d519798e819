using MucComponent.Hosting;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

/// <summary>What rooms leave to be read: after their step, outside their turn, bounded.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ArchiveReadsTests : IDisposable
{
    private readonly HostedRooms _hosted = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reading;

    [SetUp]
    public async Task OpenAsync()
    {
        await _hosted.OpenAsync();
        _hosted.Configure(Coven, ("enablelogging", "1"));
        await _hosted.ToldAsync(Hag66, s => s.Descendants(Ns.MucUser + "status").Any(c => c.Attribute("code")?.Value == "170"));
    }

    public void Dispose() => _hosted.Dispose();

    [Test]
    public async Task A_read_sees_what_was_said_before_it_and_is_answered_after_it()
    {
        string[] said = [.. Enumerable.Range(0, 20).Select(i => $"{i}")];
        foreach (var id in said) _hosted.Say(Crone1, id);
        Ask("q");

        await _hosted.ToldAsync(Hag66, "q");

        var told = _hosted.Told(Hag66).Where(s => s.Descendants(Ns.Client + "body").Any()).ToList();
        Assert.That(told.Take(20).Select(s => s.Attribute("id")?.Value), Is.EqualTo(said), "what was said comes first");
        Assert.That(told.Skip(20).Select(s => s.Element(Ns.Mam + "result")?.Value), Is.EqualTo(said));
        Assert.That(_hosted.Told(Hag66)[^1].Attribute("id")?.Value, Is.EqualTo("q"));
    }

    [Test]
    public async Task Slow_reads_do_not_hold_up_their_room()
    {
        Hold();
        for (var i = 0; i < ArchiveReads.MaxRunning + 5; i++) Ask($"q{i}");
        _hosted.Say(Crone1, "by the pricking of my thumbs");

        await _hosted.ToldAsync(Hag66, "by the pricking of my thumbs");

        Assert.That(_hosted.Told(Hag66), Has.None.Matches<System.Xml.Linq.XElement>(s => s.Name.LocalName == "iq"));
        _release.SetResult();
        await _hosted.ToldAsync(Hag66, $"q{ArchiveReads.MaxRunning + 4}");
    }

    [Test]
    public async Task When_too_many_wait_the_next_is_asked_to_come_again()
    {
        Hold();
        for (var i = 0; i < ArchiveReads.MaxRunning; i++) Ask($"running {i}");
        await _hosted.UntilAsync(() => Volatile.Read(ref _reading) == ArchiveReads.MaxRunning);
        for (var i = 0; i < ArchiveReads.MaxWaiting; i++)
        {
            Ask($"waiting {i}");
            // One person has only so many places in the mailbox before it.
            if (i % 250 == 0) await _hosted.Rooms.IdleAsync(default);
        }
        Ask("too many");

        var refused = await _hosted.ToldAsync(Hag66, "too many");

        Assert.That(ErrorOf(refused), Is.EqualTo("resource-constraint"));
        Assert.That(refused.Element(Ns.Client + "error")?.Attribute("type")?.Value, Is.EqualTo("wait"));
        Assert.That(_hosted.Told(Hag66).Count(s => s.Name.LocalName == "iq"), Is.EqualTo(1), "all others wait");
        _release.SetResult();
        await _hosted.ToldAsync(Hag66, $"waiting {ArchiveReads.MaxWaiting - 1}");
    }

    [Test]
    public async Task A_read_that_fails_is_answered_and_the_next_is_not_hurt()
    {
        _hosted.Reading = _ => throw new StoreUnavailableException("the disk is on the blasted heath");
        Ask("no disk");
        Assert.That(ErrorOf(await _hosted.ToldAsync(Hag66, "no disk")), Is.EqualTo("internal-server-error"));

        _hosted.Reading = _ => throw new InvalidOperationException("a fault of ours");
        for (var i = 0; i < ArchiveReads.MaxRunning; i++) Ask($"fault {i}");
        for (var i = 0; i < ArchiveReads.MaxRunning; i++) Assert.That(ErrorOf(await _hosted.ToldAsync(Hag66, $"fault {i}")), Is.EqualTo("internal-server-error"));

        _hosted.Reading = _ => Task.CompletedTask;
        Ask("mended");
        Assert.That((await _hosted.ToldAsync(Hag66, "mended")).Attribute("type")?.Value, Is.EqualTo("result"));
    }

    [Test]
    public async Task A_stop_waits_for_the_answers_that_are_due()
    {
        Hold();
        Ask("q");
        await _hosted.UntilAsync(() => Volatile.Read(ref _reading) == 1);

        var stopping = _hosted.Rooms.StopAsync(CancellationToken.None);
        Assert.That(stopping.IsCompleted, Is.False);
        _release.SetResult();
        await stopping;

        Assert.That(_hosted.Told(Hag66)[^1].Element(Ns.Mam + "fin"), Is.Not.Null);
    }

    [Test]
    public async Task A_stop_that_takes_too_long_refuses_what_still_waits()
    {
        Hold();
        for (var i = 0; i <= ArchiveReads.MaxRunning; i++) Ask($"q{i}");
        await _hosted.UntilAsync(() => Volatile.Read(ref _reading) == ArchiveReads.MaxRunning);

        await _hosted.Rooms.StopAsync(new CancellationToken(canceled: true));

        for (var i = 0; i <= ArchiveReads.MaxRunning; i++)
            Assert.That(ErrorOf(await _hosted.ToldAsync(Hag66, $"q{i}")), Is.EqualTo("remote-server-timeout"));
    }

    private void Ask(string id) => _hosted.Hears($"<iq from='{Hag66}' to='{Coven}' type='set' id='{id}'><query xmlns='urn:xmpp:mam:2'/></iq>");

    private void Hold() => _hosted.Reading = _ =>
    {
        Interlocked.Increment(ref _reading);
        return _release.Task;
    };
}
