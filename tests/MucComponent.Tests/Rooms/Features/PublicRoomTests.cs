using MucComponent.Rooms.Features;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §4.2, §6.3.</summary>
public sealed class PublicRoomTests
{
    [TestCase("1", "muc_public"), TestCase("0", "muc_hidden")]
    [Row("disco-muc_public", "disco-muc_hidden")] // §6.4
    public void Discovery_says_which_it_is(string value, string feature)
    {
        var coven = Coven.Open().With(("muc#roomconfig_publicroom", value));
        Assert.That(coven.Features("muc_public", "muc_hidden"), Is.EqualTo(new[] { feature }));
        Assert.That(PublicRoom.Listed(coven.Room), Is.EqualTo(feature == "muc_public"));
    }

    [Test, Row("D7")] // §6.3, §10.1.1
    public void A_locked_room_is_not_listed() => Assert.That(PublicRoom.Listed(Coven.Locked().Room), Is.False);
}
