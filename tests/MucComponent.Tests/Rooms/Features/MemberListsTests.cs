using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §9.5: which members read the lists.</summary>
public sealed class MemberListsTests
{
    [TestCase("moderator\nparticipant\nvisitor", true)]
    [TestCase("participant", true)]
    [TestCase("moderator", false)]
    [Row("F12", "field-muc#roomconfig_getmemberlist")] // §7.11, §9.5
    public void The_room_says_by_role_who_reads_the_lists(string roles, bool may)
    {
        var coven = Coven.Open().With(("muc#roomconfig_whois", "anyone"), ("muc#roomconfig_getmemberlist", roles))
            .Affiliates("hag66@shakespeare.lit", "member").Enters(Coven.Hag66, "thirdwitch");

        coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/></query>");

        Assert.That(Coven.Short(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(may ? "result" : "error"));
    }
}
