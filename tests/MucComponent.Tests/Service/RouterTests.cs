using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Tests.Component;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Service;

[TestFixture]
public sealed class RouterTests
{
    private static readonly MucOptions Options = new() { Domain = Jid.Parse("chat.shakespeare.lit") };

    [TestCase("coven@chat.shakespeare.lit", true)]
    [TestCase("coven@chat.shakespeare.lit/firstwitch", true)]
    [TestCase("chat.shakespeare.lit", false)]
    [TestCase("chat.shakespeare.lit/somewhere", false)]
    public void What_has_a_room_goes_to_it_and_the_rest_is_answered_by_the_service(string to, bool isForRoom)
    {
        var (rooms, answers) = Route(Ping(to, "hag66@shakespeare.lit/pda"));
        Assert.That((rooms, answers > 0), Is.EqualTo((isForRoom ? 1 : 0, !isForRoom)));
    }

    [TestCase("coven@shakespeare.lit", "hag66@shakespeare.lit/pda")]
    [TestCase("shakespeare.lit", "hag66@shakespeare.lit/pda")]
    [TestCase("coven@chat.shakespeare.lit", null)]
    public void What_is_not_for_us_or_from_nobody_is_nothing(string to, string? from) =>
        Assert.That(Route(Ping(to, from)), Is.EqualTo((0, 0L)));

    private static (int Rooms, long Answers) Route(Stanza stanza)
    {
        var outbox = new Outbox(Options, new LogBook<Outbox>());
        var rooms = new Counted();
        var service = new ServiceStanzas(Options, new MemoryRoomStore(), outbox, new FakeClock(), new LogBook<ServiceStanzas>());
        new Router(Options.Domain, service, rooms).Route(stanza);
        return (rooms.Posted, outbox.Weight);
    }

    private static Stanza Ping(string to, string? from) => new(StanzaKind.Iq)
    {
        Type = "get", Id = "1", To = Jid.Parse(to), From = from is null ? null : Jid.Parse(from), Children = [new(Ns.Ping + "ping")],
    };

    private sealed class Counted : IRooms
    {
        public int Posted { get; private set; }

        public void Post(Stanza stanza) => Posted++;

        public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
    }
}
