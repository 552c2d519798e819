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

/// <summary>To whom a stanza goes.</summary>
public sealed class RouterTests
{
    [TestCase("coven@chat.shakespeare.lit")]
    [TestCase("COVEN@Chat.Shakespeare.LIT/Thirdwitch")]
    [TestCase("ＣＯＶＥＮ@chat.shakespeare.lit")]
    [Row("W7")] // §17.1, RFC 7622 §3.3
    public void However_its_address_is_written_it_is_one_room(string to) =>
        Assert.That(Routed(to).Select(s => s.To!.Bare.ToString()), Is.EqualTo(new[] { "coven@chat.shakespeare.lit" }));

    [TestCase("co ven@chat.shakespeare.lit")]
    [TestCase("co\"ven@chat.shakespeare.lit")]
    [TestCase("@chat.shakespeare.lit")]
    [Row("W7", "J41")] // §17.1: what is no address is no stanza, and no room hears of it
    public void An_address_that_is_none_reaches_no_room(string to) => Assert.That(Jid.TryParse(to, out _), Is.False);

    [TestCase("chat.shakespeare.lit")]
    [TestCase("coven@shakespeare.lit")]
    [TestCase("coven@other.shakespeare.lit")]
    public void What_is_for_the_service_or_for_somebody_else_reaches_no_room(string to) => Assert.That(Routed(to), Is.Empty);

    [Test]
    public void What_is_from_nobody_reaches_no_room() => Assert.That(Routed("coven@chat.shakespeare.lit", from: null), Is.Empty);

    [TestCase("chat.shakespeare.lit", 0)]
    [TestCase("Chat.Shakespeare.LIT", 0)]
    [TestCase("chat.shakespeare.lit/x", 1)]
    [TestCase("shakespeare.lit", 1)]
    public void What_comes_in_under_the_services_own_name_reaches_no_room(string from, int rooms) =>
        Assert.That(Routed("coven@chat.shakespeare.lit", from), Has.Count.EqualTo(rooms));

    private static List<Stanza> Routed(string to, string? from = Coven.Hag66)
    {
        var (rooms, outbox) = (new Posted(), new Dropped());
        var domain = Jid.Parse("chat.shakespeare.lit");
        var service = new ServiceStanzas(new MucOptions { Domain = domain }, null!, outbox, TimeProvider.System, NullLogger<ServiceStanzas>.Instance);
        var xml = new XElement(Ns.Client + "message", from is null ? null : new XAttribute("from", from), new XAttribute("to", to), new XAttribute("type", "groupchat"));
        Assert.That(Stanza.TryFrom(xml, out var stanza), Is.True);

        new Router(domain, service, rooms).Route(stanza);

        return rooms.Stanzas;
    }

    private sealed class Posted : IRooms
    {
        public List<Stanza> Stanzas { get; } = [];

        public void Post(Stanza stanza) => Stanzas.Add(stanza);

        public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
    }

    private sealed class Dropped : IOutbox
    {
        public bool TrySend(Outgoing outgoing) => false;

        public ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null) => ValueTask.CompletedTask;
    }
}
