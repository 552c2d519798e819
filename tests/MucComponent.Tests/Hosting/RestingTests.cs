using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Xmpp;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RestingTests : IDisposable
{
    private readonly HostedRooms _hosted = new();
    private Jid? _address;

    public void Dispose()
    {
        _hosted.Rooms.Resting.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _hosted.Dispose();
    }

    [Test]
    public async Task A_room_rests_when_nothing_has_happened_for_a_while_and_goes_on_as_if_it_had_not()
    {
        _hosted.Sending = outgoing =>
        {
            _address = outgoing.SelectMany(o => o.To).First(to => to.ToString() == Crone1);
            return Task.CompletedTask;
        };
        _hosted.Rooms.Resting.Start();
        await _hosted.OpenAsync();
        _hosted.Say(Crone1, "1");
        await _hosted.ToldAsync(Crone1, "1");
        await _hosted.Rooms.IdleAsync(default);
        // What an address keeps for later is what a room at rest lets go of.
        var bare = _address!.Bare;

        await _hosted.Clock.PassAsync(Resting.Quiet / 2);
        Assert.That(_address.Bare, Is.SameAs(bare), "not yet");
        await _hosted.UntilAsync(() => PassesAndIsMadeAgain(bare));

        _hosted.Say(Crone1, "2");
        await _hosted.ToldAsync(Crone1, "2");
        Assert.That(_hosted.Rooms.Loaded, Is.EqualTo(1), "it stays in memory, since somebody is in it");
    }

    [Test(Description = "Resting costs more than it saves where somebody talks every few seconds.")]
    public async Task Whose_rests_are_too_short_rests_later_each_time_until_one_was_long_enough()
    {
        _hosted.Sending = outgoing =>
        {
            _address = outgoing.SelectMany(o => o.To).First(to => to.ToString() == Crone1);
            return Task.CompletedTask;
        };
        _hosted.Rooms.Resting.Start();
        await _hosted.OpenAsync();
        List<double> seconds = [];
        for (var i = 0; i < 4; i++)
        {
            _hosted.Say(Crone1, $"{i}");
            await _hosted.ToldAsync(Crone1, $"{i}");
            await _hosted.Rooms.IdleAsync(default);
            var (bare, since) = (_address!.Bare, _hosted.Clock.GetTimestamp());
            await _hosted.UntilAsync(() => PassesAndIsMadeAgain(bare));
            seconds.Add(Math.Round(_hosted.Clock.GetElapsedTime(since).TotalSeconds));
            if (i == 2) await _hosted.Clock.PassAsync(TimeSpan.FromMinutes(3));
        }
        Assert.That(seconds.Zip([2.0, 4, 8, 2]), Has.All.Matches<(double Is, double About)>(s => s.Is >= s.About && s.Is < 2 * s.About), string.Join(", ", seconds));
    }

    // The clock stands still unless somebody moves it, and rounds come with it.
    private bool PassesAndIsMadeAgain(Jid bare)
    {
        _hosted.Clock.Advance(TimeSpan.FromSeconds(1));
        return !ReferenceEquals(_address!.Bare, bare);
    }
}
