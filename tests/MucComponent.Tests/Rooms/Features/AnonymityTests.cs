using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §7.2.3, §7.2.4, §10.2.1.</summary>
public sealed class AnonymityTests
{
    [Test, Row("status-100")] // §7.2.3
    public void Who_enters_a_non_anonymous_room_is_warned()
    {
        var coven = Coven.Open().With(("muc#roomconfig_whois", "anyone")).Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[1]), Is.EqualTo(new[] { 100, 110 }));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Crone1)), Is.Empty, "only the newcomer");
    }

    [Test, Row("status-100")] // §7.2.4
    public void Who_enters_a_semi_anonymous_room_is_not()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[1]), Is.EqualTo(new[] { 110 }));
    }

    [TestCase("anyone", "muc_nonanonymous"), TestCase("moderators", "muc_semianonymous")]
    [Row("disco-muc_nonanonymous", "disco-muc_semianonymous")] // §6.4
    public void Discovery_says_which_it_is(string whois, string feature) =>
        Assert.That(Coven.Open().With(("muc#roomconfig_whois", whois)).Features("muc_nonanonymous", "muc_semianonymous"), Is.EqualTo(new[] { feature }));
}
