using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>Who is said to have done it: XEP-0045 §8.2, §9.1.</summary>
public sealed class ActorsTests
{
    [TestCase("nick", Coven.Hag66, ExpectedResult = "nick=firstwitch")]
    [TestCase("nick", Coven.Wiccarocks, ExpectedResult = "nick=firstwitch jid=" + Coven.Crone1, Description = "a moderator")]
    [TestCase("room", Coven.Hag66, ExpectedResult = "jid=" + Coven.Address)]
    [TestCase("room", Coven.Wiccarocks, ExpectedResult = "jid=" + Coven.Address)]
    [TestCase("none", Coven.Hag66, ExpectedResult = "")]
    [TestCase("none", Coven.Wiccarocks, ExpectedResult = "")]
    public string The_room_says_who_did_it_as_its_owner_wants(string shown, string to)
    {
        var coven = Coven.Open().With(("muc#roomconfig_actor", shown)).Affiliates("wiccarocks@shakespeare.lit", "admin")
            .Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch").Enters("weird@shakespeare.lit/sister", "weird");

        var told = coven.GivesRole("weird", "none", inside: "<reason>toil</reason>").ToldTo(to).Single();

        Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("toil"));
        return string.Join(' ', Coven.Item(told).Elements(Ns.MucUser + "actor").SelectMany(a => a.Attributes()).Select(a => $"{a.Name}={a.Value}"));
    }

    [TestCase("room")]
    [TestCase("none")]
    public void Nobody_blames_who_bans_promotes_or_gives_voice_either(string shown) // §8.3, §9.1, §9.3
    {
        var coven = Coven.Open().With(("muc#roomconfig_actor", shown)).Enters(Coven.Hag66, "thirdwitch").Enters(Coven.Wiccarocks, "secondwitch");

        foreach (var change in new Action[]
        {
            () => coven.GivesRole("thirdwitch", "visitor"), () => coven.Affiliates("hag66@shakespeare.lit", "member"),
            () => coven.Affiliates("hag66@shakespeare.lit", "outcast"),
        })
        {
            change();
            Assert.That(string.Concat(coven.ToldTo(Coven.Wiccarocks).Concat(coven.ToldTo(Coven.Hag66))), Does.Not.Contain("firstwitch").And.Not.Contain("crone1"));
        }
    }
}
