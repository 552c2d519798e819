using MucComponent.Hosting;
using MucComponent.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

/// <summary>A stop that everybody is told of.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FarewellTests : IDisposable
{
    private readonly HostedRooms _hosted = new();

    public void Dispose() => _hosted.Dispose();

    [Test]
    public async Task Everybody_is_told_also_where_the_room_is_not_in_memory()
    {
        const int Rooms = Farewell.PageSize + 20;
        for (var i = 0; i < Rooms; i++) await _hosted.OpenAsync($"room{i}@chat.shakespeare.lit");
        await _hosted.Rooms.StopAsync(default);
        using var again = new HostedRooms(_hosted.Kept);
        Assert.That(again.Rooms.Loaded, Is.Zero);

        await SayAsync(again);

        Assert.That(Farewells(again, Crone1), Is.EqualTo(Rooms));
        Assert.That(Farewells(again, Hag66), Is.EqualTo(Rooms));
        Assert.That(again.Rooms.SentOut, Is.EqualTo(2 * Rooms));
        Assert.That(await again.Kept.ListOccupiedAsync(null, 9, default), Is.Empty);
    }

    [Test]
    public async Task Who_comes_in_just_before_is_told_too_and_nobody_comes_in_afterwards()
    {
        _hosted.Join(Crone1, "firstwitch");
        var release = new TaskCompletionSource();
        _hosted.Saving = (_, _) => release.Task;
        var saying = SayAsync(_hosted);
        _hosted.Join(Hag66, "thirdwitch", "heath@chat.shakespeare.lit");
        Assert.That(ErrorOf(_hosted.Told(Hag66).Single()), Is.EqualTo("remote-server-timeout"), "to try again later");
        release.SetResult();
        await saying;

        Assert.That(Farewells(_hosted, Crone1), Is.EqualTo(1));
        Assert.That(_hosted.Rooms.Loaded, Is.Zero);
    }

    [Test]
    public async Task Whoever_cannot_be_told_in_time_stays_in()
    {
        await _hosted.OpenAsync();
        _hosted.Saving = (_, _) => Task.Delay(Timeout.Infinite);
        using var deadline = new CancellationTokenSource();
        var saying = new Farewell(_hosted.Store, _hosted.Rooms, _hosted.Log).SayAsync(deadline.Token);
        await deadline.CancelAsync();
        await saying.WaitAsync(Patience);
        await _hosted.Rooms.StopAsync(deadline.Token).WaitAsync(Patience);

        Assert.That(_hosted.Log.Lines, Has.Some.Contains("no time to tell everybody"));
        Assert.That(Farewells(_hosted, Crone1), Is.Zero);
        Assert.That((await _hosted.Kept.LoadAsync(Jid.Parse(Coven), default)).Stored.Sessions, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_store_that_fails_is_no_reason_not_to_stop()
    {
        await _hosted.OpenAsync();
        _hosted.Listing = () => throw new StoreUnavailableException("the disk is on the blasted heath");

        await SayAsync(_hosted);

        Assert.That(_hosted.Log.Lines, Has.Some.Contains("blasted heath"));
    }

    private static Task SayAsync(HostedRooms hosted) =>
        new Farewell(hosted.Store, hosted.Rooms, hosted.Log).SayAsync(default).WaitAsync(Patience);

    private static int Farewells(HostedRooms hosted, string to) =>
        hosted.Told(to).Count(s => s.Descendants(Ns.MucUser + "status").Any(c => c.Attribute("code")?.Value == "332"));
}
