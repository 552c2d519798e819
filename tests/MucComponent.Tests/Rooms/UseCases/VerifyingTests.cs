using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>Who is still there after the service or its link was away: XEP-0045 §11.1.</summary>
public sealed class VerifyingTests
{
    private const string Probe = $"<presence type='probe' from='chat.shakespeare.lit' to='{Coven.Address}'/>";

    [Test]
    public void After_a_return_everybody_is_sent_something_that_says_nothing_and_moderators_first()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch").Restarts();

        coven.Hears(Probe);

        Assert.That(coven.Told.Select(s => s.Attribute("to")?.Value), Is.EquivalentTo(new[] { Coven.Crone1, Coven.Wiccarocks, Coven.Hag66 }));
        Assert.That(coven.Told[0].Attribute("to")?.Value, Is.EqualTo(Coven.Crone1));
        Assert.That(coven.Told.Select(s => s.Attribute("type")?.Value), Is.All.EqualTo("groupchat"));
        Assert.That(coven.Told.SelectMany(s => s.Elements(Ns.Client + "body")), Is.Empty);
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test] // §11.1: 333, and everybody hears of it once
    public void Who_is_gone_leaves_for_a_technical_reason()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Restarts().Hears(Probe);

        coven.Hears($"""
            <message type='error' from='{Coven.Hag66}' to='{Coven.Address}'><error type='cancel'>
              <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
            """);

        Assert.That(Coven.Short(coven.OnlyTold(Coven.Crone1)), Is.EqualTo("unavailable thirdwitch"));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Crone1)), Is.EqualTo(new[] { 333 }));
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch"), Is.Null);
    }

    [Test]
    public void Nobody_else_can_have_a_room_look_after_its_sessions()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<presence type='probe' from='{Coven.Hag66}' to='{Coven.Address}'/>");
        Assert.That(coven.Told, Is.Empty);

        coven.Hears($"<presence type='probe' from='shakespeare.lit' to='{Coven.Address}'/>");
        Assert.That(coven.Told, Is.Empty);
    }

    [Test]
    public void Whoever_comes_back_under_the_same_nick_has_the_former_session_looked_after_at_once()
    {
        const string tower = "hag66@shakespeare.lit/tower";
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Restarts();

        coven.Enters(tower, "thirdwitch");
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Does.Contain("groupchat"));

        coven.Says(Coven.Hag66, "I was here all along.").Leaves(tower).Enters(tower, "thirdwitch");
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Does.Not.Contain("groupchat"), "who was heard of is not doubted any more");
    }
}
