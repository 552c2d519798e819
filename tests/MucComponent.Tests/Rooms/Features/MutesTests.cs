using MucComponent.Rooms;
using MucComponent.Rooms.UseCases;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>Voice taken (XEP-0045 §8.4) until a time.</summary>
public sealed class MutesTests
{
    [Test]
    public void Who_is_muted_has_no_voice_also_after_coming_back_until_the_time_is_over()
    {
        var coven = Muted();
        Assert.That(Coven.Item(coven.ToldTo(Coven.Wiccarocks)[^1]).Attribute("role")?.Value, Is.EqualTo("visitor"));
        coven.Says(Coven.Hag66, "I have").RefusesWith(Coven.Hag66, "auth", "forbidden");
        coven.Leaves(Coven.Hag66).Restarts().Enters(Coven.Hag66, "hag").Says(Coven.Hag66, "no voice").RefusesWith(Coven.Hag66, "auth", "forbidden");
        coven.Now += TimeSpan.FromHours(1);

        coven.Hears(Elapsing.Request(coven.Room.Jid));

        foreach (var who in new[] { Coven.Crone1, Coven.Wiccarocks, Coven.Hag66 })
            Assert.That(Coven.Item(coven.OnlyTold(who)).Attribute("role")?.Value, Is.EqualTo("participant"));
        Assert.That(coven.Says(Coven.Hag66, "at last").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
        Assert.That(coven.Room.Due, Is.Null);
        Assert.That(coven.Leaves(Coven.Hag66).Enters(Coven.Hag66, "hag").Room.Occupants.ByNick("hag")?.Role.Word(), Is.EqualTo("participant"));
    }

    [Test]
    public void Who_has_left_is_muted_for_the_next_visit()
    {
        var coven = Coven.Open();
        Mute(coven, "hag66@shakespeare.lit");

        coven.Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "I have").RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test]
    public void Who_is_given_voice_meanwhile_keeps_it()
    {
        var coven = Muted().GivesRole("thirdwitch", "participant");

        Assert.That(coven.Room.Due, Is.Null);
        Assert.That(coven.Leaves(Coven.Hag66).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "I may").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
    }

    [Test]
    public void In_a_moderated_room_nobody_gets_more_voice_by_a_mute_than_they_had()
    {
        var coven = Muted().With(("muc#roomconfig_moderatedroom", "1"));
        coven.Now += TimeSpan.FromHours(1);
        coven.Hears(Elapsing.Request(coven.Room.Jid));

        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role.Word(), Is.EqualTo("visitor"));
    }

    [TestCase(Coven.Wiccarocks, "thirdwitch", ExpectedResult = "")] // a moderator
    [TestCase(Coven.Hag66, "secondwitch", ExpectedResult = "forbidden")]
    [TestCase(Coven.Wiccarocks, "firstwitch", ExpectedResult = "not-allowed")] // of an owner
    [TestCase(Coven.Wiccarocks, "nobody", ExpectedResult = "item-not-found")]
    public string Who_may_mute_whom_is_as_for_taking_voice(string who, string whom)
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Affiliates("wiccarocks@shakespeare.lit", "member").GivesRole("secondwitch", "moderator")
            .Enters(Coven.Hag66, "thirdwitch").Executes(who, "mute", "", ("who", whom), ("for", "1h"));
        return coven.ToldTo(who)[^1].Element(Ns.Client + "error")?.Elements().First().Name.LocalName ?? "";
    }

    [Test]
    public void A_mute_has_an_end() =>
        Coven.Open().Executes(Coven.Crone1, "mute", "", ("who", "hag66@shakespeare.lit"), ("for", "forever")).RefusesWith(Coven.Crone1, "modify", "bad-request");

    private static Coven Muted()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");
        Mute(coven, "thirdwitch");
        return coven;
    }

    private static void Mute(Coven coven, string who)
    {
        coven.Executes(Coven.Crone1, "mute", "", ("who", who), ("for", "1h"));
        Assert.That(coven.ToldTo(Coven.Crone1)[^1].Attribute("type")?.Value, Is.EqualTo("result"), $"{coven.ToldTo(Coven.Crone1)[^1]}");
    }
}
