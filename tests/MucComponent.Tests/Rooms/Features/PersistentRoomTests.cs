using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §4.2, §7.14.</summary>
public sealed class PersistentRoomTests
{
    [TestCase("1", true), TestCase("0", false)]
    public void Only_a_persistent_room_stays_when_everybody_has_left(string persistent, bool stays) => Assert.That( // §7.14
        Coven.Open().With(("muc#roomconfig_persistentroom", persistent))
            .Hears($"<presence type='unavailable' from='{Coven.Crone1}' to='{Coven.Address}/firstwitch'/>").Room.Exists,
        Is.EqualTo(stays));

    [TestCase("1", "muc_persistent"), TestCase("0", "muc_temporary")]
    [Row("disco-muc_persistent", "disco-muc_temporary")] // §6.4
    public void Discovery_says_which_it_is(string value, string feature) =>
        Assert.That(Coven.Open().With(("muc#roomconfig_persistentroom", value)).Features("muc_persistent", "muc_temporary"), Is.EqualTo(new[] { feature }));
}
