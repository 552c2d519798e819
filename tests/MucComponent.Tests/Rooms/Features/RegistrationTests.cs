using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §7.2.2, §7.6, §7.10: members who keep to their nick.</summary>
public sealed class RegistrationTests
{
    [Test, Row("R8", "status-210")] // §7.10: "it SHOULD modify the user's nickname to be the registered nickname"
    public void A_member_who_comes_by_another_nick_gets_the_registered_one()
    {
        var coven = Locked().Enters(Coven.Hag66, "oldhag");
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "presence thirdwitch", "groupchat" }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[1]), Is.EqualTo(new[] { 210, 110 }));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Crone1)), Is.Empty);
    }

    [Test, Row("R8")] // §7.10
    public void A_member_who_comes_by_the_registered_nick_is_told_nothing_special() =>
        Assert.That(Coven.Statuses(Locked().Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)[1]), Is.EqualTo(new[] { 110 }));

    [Test, Row("R8")] // §7.6: "return a presence stanza of type 'error' with a <not-acceptable/> error condition"
    public void A_member_cannot_change_to_another_nick() =>
        Locked().Enters(Coven.Hag66, "thirdwitch").Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>").RefusesWith(Coven.Hag66, "modify", "not-acceptable");

    [Test, Row("R8")] // §7.10
    public void Who_has_no_registered_nick_comes_by_any() =>
        Assert.That(Locked().Enters(Coven.Wiccarocks, "rocks").Room.Occupants.ByNick("rocks"), Is.Not.Null);

    private static Coven Locked() => Coven.Open().With(("muc#roomconfig_lockednicks", "1")).Affiliates("hag66@shakespeare.lit", "member", attributes: "nick='thirdwitch'");
}
