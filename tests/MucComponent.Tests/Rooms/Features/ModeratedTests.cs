using MucComponent.Rooms;
using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §5.1.2, §7.4.</summary>
public sealed class ModeratedTests
{
    [Test] // §5.1.2, §7.4
    public void In_a_moderated_room_newcomers_have_no_voice()
    {
        var coven = Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch");
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Visitor));
        coven.Says(Coven.Hag66, "Harpier cries").RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test] // §7.4: "MUST return", and nothing is said of what is in it
    public void That_a_visitor_is_composing_is_refused_too() =>
        Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch")
            .Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>")
            .RefusesWith(Coven.Hag66, "auth", "forbidden");

    [Test, Row("field-members_by_default")]
    public void Unless_the_room_gives_it_to_them()
    {
        var coven = Coven.Open().With(("muc#roomconfig_moderatedroom", "1"), ("muc#roomconfig_membersbydefault", "1")).Enters(Coven.Hag66, "thirdwitch");
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Participant));
        coven.GivesRole("thirdwitch", "visitor").Says(Coven.Hag66, "Harpier cries").RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [TestCase("1", "muc_moderated"), TestCase("0", "muc_unmoderated")]
    [Row("disco-muc_moderated", "disco-muc_unmoderated")] // §6.4
    public void Discovery_says_which_it_is(string value, string feature) =>
        Assert.That(Coven.Open().With(("muc#roomconfig_moderatedroom", value)).Features("muc_moderated", "muc_unmoderated"), Is.EqualTo(new[] { feature }));
}
