using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>How often one person may say the same.</summary>
public sealed class RepetitionTests
{
    private const string Option = "muc#roomconfig_repetitions";

    [Test]
    public void The_same_is_heard_only_so_often_and_something_else_is_heard()
    {
        var coven = Open("2");
        Assert.That((Heard(coven, "Double, double"), Heard(coven, " DOUBLE, double ")), Is.EqualTo((true, true)));
        coven.Says(Coven.Hag66, "Double, double").RefusesWith(Coven.Hag66, "wait", "policy-violation");
        Assert.That(Heard(coven, "toil and trouble"));
        coven.Leaves(Coven.Hag66, "thirdwitch").Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Heard(coven, "Double, double"), Is.False, "coming back changes nothing");
        coven.Now += TimeSpan.FromMinutes(1);
        Assert.That((Heard(coven, "Double, double"), Heard(coven, "Double, double")), Is.EqualTo((true, false)));
    }

    [Test]
    public void Others_may_say_it_too_and_admins_as_often_as_they_like()
    {
        var coven = Open("1").Enters(Coven.Wiccarocks, "secondwitch");
        Assert.That(Heard(coven, "Hail!"));
        Assert.That(Heard(coven, "Hail!", Coven.Wiccarocks));
        for (var i = 0; i < 5; i++) Assert.That(Heard(coven, "Hail!", Coven.Crone1));
    }

    [Test]
    public void It_is_not_limited_unless_the_owner_wants_that()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        for (var i = 0; i < 5; i++) Assert.That(Heard(coven, "Hail!"));
    }

    [Test]
    public void What_says_nothing_repeats_nothing()
    {
        var coven = Open("1");
        for (var i = 0; i < 3; i++)
            Assert.That(coven.Hears($"<message type='groupchat' from='{Coven.Hag66}' to='{Coven.Address}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
    }

    private static Coven Open(string most) => Coven.Open().With((Option, most)).Enters(Coven.Hag66, "thirdwitch");

    private static bool Heard(Coven coven, string body, string who = Coven.Hag66) => coven.Says(who, body).ToldTo(Coven.Crone1).Any(s => s.Attribute("type")?.Value == "groupchat");
}
