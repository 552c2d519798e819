using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0045 §5.1.1 and §7.2.2: <c>muc#roomconfig_presencebroadcast</c>.</summary>
public sealed class PresenceBroadcastTests
{
    [Test, Row("A4", "muc#roomconfig_presencebroadcast", "field-muc#roomconfig_presencebroadcast")] // §7.2.2
    public void One_who_is_not_shown_hears_of_itself_and_of_those_who_are_and_they_not_of_it()
    {
        var coven = ModeratorsShown();

        coven.Enters(Coven.Hag66, "thirdwitch");
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "presence thirdwitch", "groupchat" }));
        Assert.That(coven.ToldTo(Coven.Crone1), Is.Empty);

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><show>away</show></presence>");
        Assert.That(coven.Told.Select(s => s.Attribute("to")?.Value), Is.EqualTo(new[] { Coven.Hag66 }));

        coven.Leaves(Coven.Hag66, "thirdwitch");
        Assert.That(coven.Told.Select(s => s.Attribute("to")?.Value), Is.EqualTo(new[] { Coven.Hag66 }));
    }

    [Test, Row("A4")]
    public void Those_who_are_not_shown_do_not_see_each_other()
    {
        var coven = ModeratorsShown().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

        Assert.That(coven.ToldTo(Coven.Wiccarocks), Is.Empty);
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Has.None.EqualTo("presence secondwitch"));
    }

    [Test, Row("A4")] // the others must not go on seeing it
    public void One_who_falls_out_of_sight_leaves_for_the_others_and_comes_back_with_the_role()
    {
        var coven = ModeratorsShown().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "moderator");
        Assert.That(coven.ToldTo(Coven.Wiccarocks).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch" }));

        coven.GivesRole("thirdwitch", "participant");

        Assert.That(coven.ToldTo(Coven.Wiccarocks).Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch" }));
        Assert.That(coven.ToldTo(Coven.Hag66)[^1].Attribute("type"), Is.Null, "itself it is still in");
        Assert.That(Coven.Item(coven.ToldTo(Coven.Hag66)[^1]).Attribute("role")?.Value, Is.EqualTo("participant"));
    }

    [Test, Row("A4")]
    public void A_role_that_is_shown_no_more_leaves_for_the_others_and_comes_back_when_it_is()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").With(("muc#roomconfig_presencebroadcast", "moderator"));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "result", "groupchat", "unavailable thirdwitch" }));

        coven.With(("muc#roomconfig_presencebroadcast", "moderator\nparticipant"));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "result", "groupchat", "presence thirdwitch" }));
    }

    [Test, Row("status-102", "status-103")] // §18.1: "room now shows unavailable members"
    public void A_room_may_show_the_members_who_are_not_there()
    {
        var coven = Coven.Open().Affiliates("wiccarocks@shakespeare.lit", "member", attributes: "nick='secondwitch'")
            .With(("muc#roomconfig_presencebroadcast", "none\nmoderator\nparticipant\nvisitor")).Enters(Coven.Hag66, "thirdwitch");

        var told = coven.ToldTo(Coven.Hag66);
        Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "unavailable secondwitch", "presence thirdwitch", "groupchat" }));
        Assert.That(
            told[1].Element(Ns.MucUser + "x")!.ToString(SaveOptions.DisableFormatting),
            Is.EqualTo($"<x xmlns=\"{Ns.MucUser}\"><item affiliation=\"member\" role=\"none\" nick=\"secondwitch\" /></x>"), "without a JID: the room is semi-anonymous");

        Assert.That(
            coven.Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks).Select(Coven.Short),
            Does.Not.Contain("unavailable secondwitch"), "who is there is not absent");
    }

    private static Coven ModeratorsShown() => Coven.Open().With(("muc#roomconfig_presencebroadcast", "moderator"));
}
