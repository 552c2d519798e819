using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.1 and §7.2.</summary>
public sealed class EnteringTests
{
    [Test] // §7.1, §10.1.1
    public void Who_enters_first_creates_the_room_and_is_told_so()
    {
        var coven = Coven.Locked();

        var told = coven.ToldTo(Coven.Crone1);
        Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "groupchat" }));
        Assert.That(Coven.Statuses(told[0]), Is.EqualTo(new[] { 201, 110 }));
        Assert.That(Coven.Item(told[0]).Attribute("affiliation")?.Value, Is.EqualTo("owner"));
        Assert.That(Coven.Item(told[0]).Attribute("role")?.Value, Is.EqualTo("moderator"));
    }

    [Test] // §7.1
    public void A_newcomer_hears_of_the_others_then_of_itself_then_what_was_said_then_the_subject()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Says(Coven.Wiccarocks, "Thrice the brinded cat hath mew'd.");

        coven.Enters(Coven.Hag66, "thirdwitch");

        var told = coven.ToldTo(Coven.Hag66);
        Assert.That(told.Take(2).Select(Coven.Short), Is.EquivalentTo(new[] { "presence firstwitch", "presence secondwitch" }));
        Assert.That(told.Skip(2).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch", "groupchat secondwitch", "groupchat" }));
    }
}
