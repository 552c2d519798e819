using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §17.3: presence probes.</summary>
public sealed class ProbingTests
{
    [TestCase("firstwitch")]
    [TestCase("thirdwitch")]
    [Row("W6")]
    public void An_occupant_asks_how_one_is_and_hears_it_without_110(string nick)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/{nick}' type='probe'/>");

        var presence = coven.OnlyTold(Coven.Hag66);
        Assert.That(Coven.Short(presence), Is.EqualTo($"presence {nick}"));
        Assert.That(Coven.Statuses(presence), Is.Empty);
        Assert.That(coven.Told, Has.Count.EqualTo(1));
    }

    [Test, Row("W6", "J12")]
    public void The_answer_shows_a_full_jid_only_to_those_who_see_them()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        Assert.That(Coven.Item(Probes(coven, Coven.Hag66, "firstwitch").OnlyTold(Coven.Hag66)).Attribute("jid"), Is.Null);
        Assert.That(Coven.Item(Probes(coven, Coven.Crone1, "thirdwitch").OnlyTold(Coven.Crone1)).Attribute("jid")?.Value, Is.EqualTo(Coven.Hag66));
    }

    [Test, Row("W6", "A4")]
    public void One_who_is_not_shown_to_the_others_is_shown_to_whoever_asks()
    {
        var coven = Coven.Open().With(("muc#roomconfig_presencebroadcast", "moderator")).Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

        Assert.That(Coven.Short(Probes(coven, Coven.Hag66, "secondwitch").OnlyTold(Coven.Hag66)), Is.EqualTo("presence secondwitch"));
    }

    [Test, Row("W6")]
    public void A_registered_member_who_is_away_is_unavailable()
    {
        var coven = Coven.Open().Affiliates("hag66@shakespeare.lit", "member", attributes: "nick='thirdwitch'");

        var presence = Probes(coven, Coven.Crone1, "thirdwitch").OnlyTold(Coven.Crone1);

        Assert.That(Coven.Short(presence), Is.EqualTo("unavailable thirdwitch"));
        Assert.That(
            Coven.Item(presence).Attributes().Select(a => $"{a.Name}={a.Value}"),
            Is.EquivalentTo(new[] { "affiliation=member", "role=none", "nick=thirdwitch", "jid=hag66@shakespeare.lit" }));
    }

    [Test, Row("W6")]
    public void Nobody_is_found_who_is_not_there() =>
        Probes(Coven.Open(), Coven.Crone1, "thirdwitch").RefusesWith(Coven.Crone1, "cancel", "item-not-found");

    [Test, Row("W6")]
    public void Strangers_do_not_ask() => Probes(Coven.Open(), Coven.Hag66, "firstwitch").RefusesWith(Coven.Hag66, "cancel", "not-acceptable");

    private static Coven Probes(Coven coven, string from, string nick) => coven.Hears($"<presence from='{from}' to='{Coven.Address}/{nick}' type='probe'/>");
}
