using MucComponent.Storage;
using MucComponent.Tests.Conversations;
using MucComponent.Tests.Hosting;
using NUnit.Framework;
using static MucComponent.Tests.Hosting.HostedRooms;

namespace MucComponent.Tests.Telemetry;

/// <summary>What happens in rooms, as an operator sees it in numbers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StepMeterTests : IDisposable
{
    private const string Wiccarocks = "wiccarocks@shakespeare.lit/laptop";

    private readonly HostedRooms _hosted = new();
    private readonly Meter _meter = new();

    public void Dispose()
    {
        _meter.Dispose();
        _hosted.Dispose();
    }

    [Test]
    public async Task Joins_are_counted_by_what_came_of_them()
    {
        await _hosted.OpenAsync();
        _hosted.Join(Wiccarocks, "firstwitch");
        await _hosted.ToldAsync(Wiccarocks, "join");
        // Whoever is in and says so again does not come in again.
        _hosted.Join(Hag66, "thirdwitch");
        await IdleAsync();
        Assert.That((_meter["muc.joins entered"], _meter["muc.joins conflict"]), Is.EqualTo((2, 1)), string.Join('\n', _meter.Seen));
        Assert.That(_meter.Seen.Count(line => line.StartsWith("muc.joins", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task A_message_to_all_is_counted_once_and_a_refused_one_not_at_all()
    {
        await _hosted.OpenAsync();
        var before = _meter["muc.messages.reflected"];
        _hosted.Say(Crone1, "1");
        _hosted.Say(Wiccarocks, "2");
        await _hosted.ToldAsync(Wiccarocks, "2");
        await IdleAsync();
        Assert.That(_meter["muc.messages.reflected"] - before, Is.EqualTo(1));
    }

    [Test]
    public async Task A_join_that_could_not_be_kept_is_none()
    {
        await _hosted.OpenAsync();
        _hosted.Saving = (_, _) => Task.FromException(new StoreUnavailableException("the disk is full"));
        _hosted.Join(Wiccarocks, "secondwitch");
        await _hosted.ToldAsync(Wiccarocks, "join");
        await IdleAsync();
        Assert.That((_meter["muc.joins entered"], _meter["muc.save.failures"]), Is.EqualTo((2, 1)));
    }

    [TestCase("role='none' nick='thirdwitch'", "307")]
    [TestCase("affiliation='outcast' jid='hag66@shakespeare.lit'", "301")]
    public async Task Who_is_sent_out_is_counted_once_by_status(string item, string status)
    {
        await _hosted.OpenAsync();
        _hosted.Join(Wiccarocks, "secondwitch");
        _hosted.Hears($"<iq from='{Crone1}' to='{Coven}' type='set' id='out'><query xmlns='http://jabber.org/protocol/muc#admin'><item {item}/></query></iq>");
        await _hosted.ToldAsync(Crone1, "out");
        await IdleAsync();
        Assert.That(_meter[$"muc.occupants.removed {status}"], Is.EqualTo(1), "told in three views");
        Assert.That(_meter["muc.sessions.expired"], Is.Zero);
    }

    [Test]
    public async Task Who_goes_was_not_sent_out()
    {
        await _hosted.OpenAsync();
        _hosted.Leave(Hag66, "thirdwitch");
        await IdleAsync();
        Assert.That(_meter.Seen, Has.None.StartsWith("muc.occupants.removed"));
    }

    [Test]
    public async Task A_session_whose_server_returns_what_it_is_sent_has_expired()
    {
        await _hosted.OpenAsync();
        _hosted.Hears($"<message from='{Hag66}' to='{Coven}/firstwitch' type='error' id='1'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        await IdleAsync();
        Assert.That(_meter["muc.sessions.expired"], Is.EqualTo(1));
        Assert.That(_meter.Seen, Has.None.StartsWith("muc.occupants.removed"));
    }

    [Test]
    public async Task Sessions_found_in_the_store_are_recovered_ones()
    {
        await _hosted.OpenAsync();
        Assert.That(_meter["muc.sessions.recovered"], Is.Zero);

        using var next = new HostedRooms(_hosted.Kept);
        next.Say(Crone1, "1");
        await next.ToldAsync(Hag66, "1");
        Assert.That(_meter["muc.sessions.recovered"], Is.EqualTo(2));
        Assert.That((next.Rooms.Loaded, next.Rooms.Occupants, next.Rooms.Waiting), Is.EqualTo((1, 2, 0)));
    }

    [Test]
    public async Task Saves_and_archive_queries_are_timed()
    {
        await _hosted.OpenAsync();
        _hosted.Configure(Coven, ("enablearchiving", "1"));
        Assert.That(_meter["muc.save.duration"], Is.Positive);
        _hosted.Hears($"<iq from='{Hag66}' to='{Coven}' type='set' id='page'><query xmlns='urn:xmpp:mam:2'/></iq>");
        await _hosted.ToldAsync(Hag66, "page");
        await _hosted.UntilAsync(() => _meter["muc.archive.duration"] > 0, string.Join('\n', _meter.Seen));
    }

    [Test]
    public async Task What_is_counted_is_explained_to_operators()
    {
        await _hosted.OpenAsync();
        Assert.That(_meter.Names, Has.Count.GreaterThan(10));
        var explained = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "README.md"));
        foreach (var name in _meter.Names) Assert.That(explained, Does.Contain($"`{name}`"));
    }

    private Task IdleAsync() => _hosted.Rooms.IdleAsync(new CancellationTokenSource(Patience).Token);
}
