using MucComponent.Rooms;
using MucComponent.Rooms.UseCases;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

public sealed class ShuttingOutTests
{
    [Test] // XEP-0045 §8.2
    public void The_service_has_people_removed_with_all_their_clients_and_with_a_reason()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Enters("hag66@shakespeare.lit/x", "other").Enters(Coven.Wiccarocks, "secondwitch");
        coven.Hears(ShuttingOut.Request(coven.Room.Jid, [Jid.Parse(Coven.Hag66).Bare, Jid.Parse("nobody@elsinore.lit")]).ToXml().ToString());
        Assert.That(coven.Room.Occupants.All.Select(o => o.Nick), Is.EqualTo(["firstwitch", "secondwitch"]));
        var told = coven.ToldTo(Coven.Hag66)[0];
        Assert.That(Coven.Statuses(told), Is.EqualTo([307, 110]));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("You may not use this service."));
        Assert.That(coven.ToldTo(Coven.Crone1), Has.Count.EqualTo(2));
        Assert.That(coven.Room.Affiliations.Entry(Jid.Parse(Coven.Hag66).Bare), Is.Null, "the room has not decided it");
    }

    [Test]
    public void Nobody_else_can()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        var request = ShuttingOut.Request(coven.Room.Jid, [Jid.Parse(Coven.Hag66).Bare]);
        foreach (var who in new[] { Coven.Crone1, Coven.Wiccarocks, "shakespeare.lit" })
            Assert.That(coven.Hears((request with { From = Jid.Parse(who) }).ToXml().ToString()).Room.Occupants.Count, Is.EqualTo(2));
    }
}
