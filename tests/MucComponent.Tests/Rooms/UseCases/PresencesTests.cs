using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.2.2 to §7.2.4 and §17.3: who is told of whom, and who sees real JIDs.</summary>
public sealed class PresencesTests
{
    [Test, Row("J7", "J8")] // §7.2.2
    public void A_newcomer_hears_of_each_occupant_once_with_role_and_affiliation()
    {
        var coven = Coven.Open().Affiliates("wiccarocks@shakespeare.lit", "admin").Enters(Coven.Wiccarocks, "secondwitch");

        var told = coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66);

        Assert.That(
            told.Take(3).Select(p => $"{Coven.Short(p)} {Coven.Item(p).Attribute("affiliation")?.Value} {Coven.Item(p).Attribute("role")?.Value}"),
            Is.EquivalentTo(new[] { "presence firstwitch owner moderator", "presence secondwitch admin moderator", "presence thirdwitch none participant" }));
        Assert.That(told.Take(3).Select(p => p.Elements(Ns.MucUser + "x").Count()), Is.All.EqualTo(1));
        Assert.That(told.Select(p => Coven.Statuses(p).Contains(110)), Is.EqualTo(new[] { false, false, true, false }));
    }

    [Test, Row("J8")] // §7.2.2
    public void The_others_hear_of_a_newcomer_without_110()
    {
        var presence = Coven.Open().Enters(Coven.Hag66, "thirdwitch").OnlyTold(Coven.Crone1);

        Assert.That(Coven.Short(presence), Is.EqualTo("presence thirdwitch"));
        Assert.That(Coven.Statuses(presence), Is.Empty);
    }

    [Test, Row("J11")] // §7.2.3
    public void In_a_non_anonymous_room_everybody_sees_full_jids()
    {
        var coven = Coven.Open().With(("muc#roomconfig_whois", "anyone")).Enters(Coven.Wiccarocks, "secondwitch");

        coven.Enters(Coven.Hag66, "thirdwitch");

        Assert.That(JidIn(coven, Coven.Wiccarocks, "thirdwitch"), Is.EqualTo(Coven.Hag66));
        Assert.That(JidIn(coven, Coven.Hag66, "firstwitch"), Is.EqualTo(Coven.Crone1));
        Assert.That(JidIn(coven, Coven.Hag66, "secondwitch"), Is.EqualTo(Coven.Wiccarocks));
    }

    [Test, Row("J12", "J12b")] // §7.2.4
    public void In_a_semi_anonymous_room_moderators_see_full_jids_and_the_others_only_their_own()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch");

        coven.Enters(Coven.Hag66, "thirdwitch");

        Assert.That(JidIn(coven, Coven.Crone1, "thirdwitch"), Is.EqualTo(Coven.Hag66));
        Assert.That(JidIn(coven, Coven.Wiccarocks, "thirdwitch"), Is.Null);
        Assert.That(JidIn(coven, Coven.Hag66, "firstwitch"), Is.Null);
        Assert.That(JidIn(coven, Coven.Hag66, "thirdwitch"), Is.EqualTo(Coven.Hag66), "one's own");
    }

    [Test, Row("J12b")]
    public void Who_acted_is_named_by_address_only_to_those_who_see_addresses()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

        coven.GivesRole("thirdwitch", "visitor");

        string? ActorIn(string to) => Coven.Item(coven.ToldTo(to).Single(s => Coven.Short(s) == "presence thirdwitch")).Element(Ns.MucUser + "actor")?.Attribute("jid")?.Value;
        Assert.That(ActorIn(Coven.Crone1), Is.EqualTo(Coven.Crone1));
        Assert.That(ActorIn(Coven.Wiccarocks), Is.Null);
        Assert.That(ActorIn(Coven.Hag66), Is.Null);
    }

    [Test, Row("J13")] // §7.2.4
    public void Who_becomes_a_moderator_learns_the_full_jids_of_those_who_are_in_and_forgets_them_with_the_role()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

        coven.GivesRole("thirdwitch", "moderator");
        Assert.That(JidIn(coven, Coven.Hag66, "secondwitch"), Is.EqualTo(Coven.Wiccarocks));
        Assert.That(Coven.Short(coven.ToldTo(Coven.Hag66)[^1]), Is.EqualTo("presence thirdwitch"), "its own comes last");

        coven.GivesRole("thirdwitch", "participant");
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Does.Contain("presence secondwitch"));
        Assert.That(JidIn(coven, Coven.Hag66, "secondwitch"), Is.Null);
    }

    [Test, Row("J13")] // §7.2.4, §10.2.1: whoever came before the room was opened has not seen them
    public void A_moderator_made_in_a_room_that_was_opened_is_told_who_the_others_are()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").With(("muc#roomconfig_whois", "anyone"));

        coven.GivesRole("thirdwitch", "moderator");

        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "presence firstwitch", "presence thirdwitch" }));
        Assert.That(JidIn(coven, Coven.Hag66, "firstwitch"), Is.EqualTo(Coven.Crone1));
    }

    private static string? JidIn(Coven coven, string to, string about) =>
        Coven.Item(coven.ToldTo(to).Single(s => Coven.Short(s) == $"presence {about}")).Attribute("jid")?.Value;
}
