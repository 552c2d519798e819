using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>A stop that people are told of: XEP-0045 §11.2.</summary>
public sealed class ShuttingDownTests
{
    private const string Goes = $"<presence type='unavailable' from='chat.shakespeare.lit' to='{Coven.Address}'/>";

    [Test, Row("W5", "status-332")] // §11.2
    public void Everybody_is_told_that_they_are_out_themselves_and_of_nobody_else()
    {
        const string tower = "hag66@shakespeare.lit/tower";
        var coven = Coven.Open().With(("muc#roomconfig_persistentroom", "1")).Enters(Coven.Hag66, "thirdwitch").Enters(tower, "thirdwitch");

        coven.Hears(Goes);

        Assert.That(coven.Told.Select(s => s.Attribute("to")!.Value), Is.EquivalentTo(new[] { Coven.Crone1, Coven.Hag66, tower }));
        foreach (var (who, nick) in new[] { (Coven.Crone1, "firstwitch"), (Coven.Hag66, "thirdwitch"), (tower, "thirdwitch") })
        {
            var told = coven.OnlyTold(who);
            Assert.That(Coven.Short(told), Is.EqualTo($"unavailable {nick}"));
            Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 332, 110 }));
            Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("none"));
        }
        Assert.That(coven.Reloaded().Occupants.IsEmpty);
        Assert.That(coven.Reloaded().Exists, "a persistent room stays");
        Assert.That(coven.Reloaded().Affiliations.Get(Jid.Parse("crone1@shakespeare.lit")), Is.EqualTo(Affiliation.Owner));
    }

    [TestCase(0, ExpectedResult = false)]
    [TestCase(5, ExpectedResult = true)]
    public bool A_temporary_room_ends_with_it_or_its_grace_begins(int minutes) =>
        Coven.Open(new ServicePolicy { EmptyRoomGrace = TimeSpan.FromMinutes(minutes) }).Hears(Goes).Reloaded().Exists;

    [TestCase(Coven.Hag66)]
    [TestCase("hag66@shakespeare.lit")]
    [TestCase("shakespeare.lit")]
    [TestCase("chat.shakespeare.lit/resource")]
    public void Nobody_else_can_send_everybody_out(string who)
    {
        var coven = Coven.Open().Hears($"<presence type='unavailable' from='{who}' to='{Coven.Address}'/>");

        Assert.That(coven.Told, Is.Empty);
        Assert.That(coven.Room.Occupants.Count, Is.EqualTo(1));
    }
}
