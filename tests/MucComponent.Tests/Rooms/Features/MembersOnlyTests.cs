using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §7.2.6, §6.4.</summary>
public sealed class MembersOnlyTests
{
    [Test] // §7.2.6
    public void Only_who_is_on_the_list_enters([Values("none", "member", "admin", "owner")] string affiliation)
    {
        var coven = Coven.Open().With(("muc#roomconfig_membersonly", "1")).Affiliates("hag66@shakespeare.lit", affiliation).Enters(Coven.Hag66, "thirdwitch");
        if (affiliation == "none") coven.RefusesWith(Coven.Hag66, "auth", "registration-required");
        else Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Affiliation.ToString(), Is.EqualTo(affiliation).IgnoreCase);
    }

    [TestCase("1", "muc_membersonly"), TestCase("0", "muc_open")]
    [Row("disco-muc_membersonly", "disco-muc_open")] // §6.4
    public void Discovery_says_which_it_is(string value, string feature) =>
        Assert.That(Coven.Open().With(("muc#roomconfig_membersonly", value)).Features("muc_membersonly", "muc_open"), Is.EqualTo(new[] { feature }));
}
