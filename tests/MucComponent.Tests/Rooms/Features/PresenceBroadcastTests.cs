using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §5.1.1: whose presence is shown.</summary>
public sealed class PresenceBroadcastTests
{
    private const string Var = "muc#roomconfig_presencebroadcast";

    [Test, Row("field-muc#roomconfig_presencebroadcast")] // §5.1.1
    public void Roles_that_are_not_shown_come_and_go_unseen()
    {
        var coven = Coven.Open().With((Var, "moderator\nparticipant"), ("muc#roomconfig_moderatedroom", "1"));
        Assert.That(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Crone1), Is.Empty);
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "presence thirdwitch", "groupchat" }), "it sees itself");
        Assert.That(Coven.Short(coven.GivesRole("thirdwitch", "participant").ToldTo(Coven.Crone1)[0]), Is.EqualTo("presence thirdwitch"));
    }

    [Test, Row("status-102", "status-103")] // §18.1: "room now shows unavailable members"
    public void A_room_may_show_the_members_who_are_not_there()
    {
        var coven = Coven.Open().Affiliates("wiccarocks@shakespeare.lit", "member", attributes: "nick='secondwitch'")
            .With((Var, "none\nmoderator\nparticipant\nvisitor")).Enters(Coven.Hag66, "thirdwitch");

        var told = coven.ToldTo(Coven.Hag66);
        Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "unavailable secondwitch", "presence thirdwitch", "groupchat" }));
        Assert.That(
            told[1].Element(Ns.MucUser + "x")!.ToString(SaveOptions.DisableFormatting),
            Is.EqualTo($"<x xmlns=\"{Ns.MucUser}\"><item affiliation=\"member\" role=\"none\" nick=\"secondwitch\" /></x>"), "without a JID: the room is semi-anonymous");

        Assert.That(
            coven.Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks).Select(Coven.Short),
            Does.Not.Contain("unavailable secondwitch"), "who is there is not absent");
    }
}
