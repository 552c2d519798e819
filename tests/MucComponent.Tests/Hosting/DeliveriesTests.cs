using MucComponent.Hosting;
using MucComponent.Storage;
using MucComponent.Tests.Component;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeliveriesTests : IAsyncDisposable
{
    private static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit");
    private static readonly Jid Heath = Jid.Parse("heath@chat.shakespeare.lit");
    private static readonly Guid[] Turns = [.. Enumerable.Range(0, 5).Select(i => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(i)))];

    private readonly NotingStore _store = new();
    private readonly FakeClock _clock = new();
    private readonly LogBook<LocalRooms> _log = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Test]
    public async Task What_arrives_while_the_store_writes_is_written_together()
    {
        var deliveries = new Deliveries(_store, _clock, _log);
        deliveries.Add(new Delivery(Coven, Turns[0]));
        await _store.AskedAsync(1);
        deliveries.Add(new Delivery(Coven, Turns[1]));
        deliveries.Add(new Delivery(Heath, Turns[2]));
        deliveries.Add(new Delivery(Coven, Turns[3]));
        _store.Go();
        await _store.AskedAsync(2);
        _store.Go();
        await deliveries.DisposeAsync();
        Assert.That(_store.Noted[0], Is.EqualTo(new[] { new Delivery(Coven, Turns[0]) }));
        Assert.That(_store.Noted[1], Is.EquivalentTo(new[] { new Delivery(Coven, Turns[3]), new Delivery(Heath, Turns[2]) }));
    }

    [Test]
    public async Task A_store_that_is_away_is_asked_again_later()
    {
        var deliveries = new Deliveries(_store, _clock, _log);
        deliveries.Add(new Delivery(Coven, Turns[0]));
        deliveries.Add(new Delivery(Heath, Turns[0]));
        await _store.AskedAsync(1);
        deliveries.Add(new Delivery(Coven, Turns[1]));
        _store.Fail();
        await _clock.PassAsync(TimeSpan.FromSeconds(10));
        await _store.AskedAsync(2);
        _store.Go();
        await deliveries.DisposeAsync();
        Assert.That(_store.Noted.SelectMany(n => n), Does.Contain(new Delivery(Coven, Turns[1])).And.Contain(new Delivery(Heath, Turns[0])));
        Assert.That(_log.Lines, Has.One.StartsWith("Warning: What has reached the server cannot be noted now"));
    }

    [Test]
    public async Task What_waits_at_the_end_is_written()
    {
        var deliveries = new Deliveries(_store, _clock, _log);
        deliveries.Add(new Delivery(Coven, Turns[0]));
        await _store.AskedAsync(1);
        deliveries.Add(new Delivery(Coven, Turns[1]));
        var closing = deliveries.DisposeAsync().AsTask();
        _store.Go();
        await _store.AskedAsync(2);
        _store.Go();
        await closing.WaitAsync(FakeServer.Peer.Patience);
        Assert.That(_store.Noted[^1], Is.EqualTo(new[] { new Delivery(Coven, Turns[1]) }));
    }

    /// <summary>A store that only notes deliveries, each time it is let.</summary>
    private sealed class NotingStore : NoRoomStore
    {
        private readonly SemaphoreSlim _asked = new(0);
        private readonly System.Threading.Channels.Channel<bool> _answers = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        private int _count;

        public List<IReadOnlyList<Delivery>> Noted { get; } = [];

        public void Go() => _answers.Writer.TryWrite(true);

        public void Fail() => _answers.Writer.TryWrite(false);

        public async Task AskedAsync(int times)
        {
            for (; _count < times; _count++) Assert.That(await _asked.WaitAsync(FakeServer.Peer.Patience), "the store is asked");
        }

        public override async Task DeliveredAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop)
        {
            _asked.Release();
            if (!await _answers.Reader.ReadAsync(stop)) throw new StoreUnavailableException("the disk is on the blasted heath");
            Noted.Add(deliveries);
        }

        public override ValueTask DisposeAsync()
        {
            _asked.Dispose();
            return base.DisposeAsync();
        }
    }
}
