using MucComponent.Rooms;
using MucComponent.Rooms.UseCases;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>Bans (XEP-0045 §9.1) that end by themselves, and of people who have left.</summary>
public sealed class TimedBansTests
{
    private const string Hag = "hag66@shakespeare.lit";

    [Test]
    public void Who_is_banned_for_a_time_is_out_as_by_any_ban_and_may_come_back_when_it_is_over()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        Ban(coven, "thirdwitch", "1h", "cool down");

        var out301 = coven.ToldTo(Coven.Hag66).Single();
        Assert.That(Coven.Statuses(out301), Does.Contain(301));
        Assert.That(Coven.Item(out301).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("cool down"));
        coven.Now += TimeSpan.FromMinutes(59);
        coven.Restarts().Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "auth", "forbidden");
        coven.Now += TimeSpan.FromMinutes(1);
        Assert.That(Coven.Statuses(coven.Restarts().Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66).Last(s => s.Name.LocalName == "presence")), Does.Contain(110));
    }

    [Test] // §10.3 note, §18.1
    public void When_it_is_over_moderators_and_the_banned_are_told()
    {
        var coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch");
        Ban(coven, Hag, "10m");
        Assert.That(coven.Room.Due, Is.EqualTo(coven.Now.AddMinutes(10)));
        coven.Now += TimeSpan.FromMinutes(10);

        coven.Hears(Elapsing.Request(coven.Room.Jid));

        Assert.That(Coven.Item(coven.OnlyTold(Coven.Crone1)).Attribute("affiliation")?.Value, Is.EqualTo("none"));
        Assert.That(Coven.Statuses(coven.OnlyTold(Hag)), Is.EqualTo(new[] { 101 }));
        Assert.That(coven.ToldTo(Coven.Wiccarocks), Is.Empty);
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse(Hag)), Is.EqualTo(Affiliation.None));
        Assert.That(coven.Room.Due, Is.Null);
    }

    [TestCase("outcast", Description = "banned anew, for ever")]
    [TestCase("member")]
    public void Another_decision_takes_the_place_of_the_ban(string affiliation)
    {
        var coven = Coven.Open();
        Ban(coven, Hag, "10m");
        coven.Affiliates(Hag, affiliation);
        coven.Now += TimeSpan.FromDays(1);
        coven.Hears(Elapsing.Request(coven.Room.Jid));

        Assert.That(coven.Room.Affiliations.Get(Jid.Parse(Hag)).Word(), Is.EqualTo(affiliation));
    }

    [Test]
    public void Of_several_each_ends_in_its_time()
    {
        var coven = Coven.Open();
        Ban(coven, Hag, "1h");
        Ban(coven, "macbeth@shakespeare.lit", "10m");
        Ban(coven, "shakespeare.example", "forever");
        coven.Now += TimeSpan.FromMinutes(20);
        coven.Hears(Elapsing.Request(coven.Room.Jid));

        Assert.That(coven.Room.Affiliations.Of(Affiliation.Outcast).Select(a => a.Jid.ToString()), Is.EquivalentTo(new[] { Hag, "shakespeare.example" }));
        Assert.That(coven.Room.Due, Is.EqualTo(coven.Now.AddMinutes(40)));
    }

    [TestCase("1", ExpectedResult = true, Description = "in the archive")]
    [TestCase("0", ExpectedResult = true, Description = "among what newcomers get")]
    public bool Who_has_left_is_banned_by_the_occupant_id_of_what_they_said(string archiving)
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", archiving)).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "spam");
        var id = coven.OnlyTold(Coven.Crone1).Element(Ns.OccupantId + "occupant-id")!.Attribute("id")!.Value;
        coven.Leaves(Coven.Hag66).With(("muc#roomconfig_historylength", archiving == "1" ? "0" : "20"));

        Ban(coven, id, "forever");

        return coven.Room.Affiliations.Get(Jid.Parse(Hag)) == Affiliation.Outcast;
    }

    [Test]
    public void An_occupant_id_of_nobody_who_spoke_is_not_found() =>
        Coven.Open().Executes(Coven.Crone1, "ban", "", ("who", "dd72603deec90a38ba552f7c68cbcc61bca202cd"), ("for", "1h")).RefusesWith(Coven.Crone1, "cancel", "item-not-found");

    [TestCase(Coven.Wiccarocks, Hag, ExpectedResult = "forbidden")]
    [TestCase(Coven.Crone1, "crone1@shakespeare.lit", ExpectedResult = "conflict")]
    [TestCase("hecate@shakespeare.lit/moon", "crone1@shakespeare.lit", ExpectedResult = "not-allowed")]
    [TestCase("hecate@shakespeare.lit/moon", Hag, ExpectedResult = "")]
    public string Who_may_ban_whom_is_as_for_any_ban(string who, string whom)
    {
        var coven = Coven.Open().Affiliates("hecate@shakespeare.lit", "admin").Enters(Coven.Wiccarocks, "secondwitch").Executes(who, "ban", "", ("who", whom), ("for", "1h"));
        return coven.ToldTo(who)[^1].Element(Ns.Client + "error")?.Elements().First().Name.LocalName ?? "";
    }

    [Test]
    public void When_there_are_too_many_no_ban_becomes_one_for_ever()
    {
        var coven = Coven.Open(new ServicePolicy { TimedSanctions = 1 });
        Ban(coven, Hag, "1h");

        coven.Executes(Coven.Crone1, "ban", "", ("who", "macbeth@shakespeare.lit"), ("for", "1h")).RefusesWith(Coven.Crone1, "wait", "resource-constraint");
        Ban(coven, Hag, "7d");
    }

    private static void Ban(Coven coven, string who, string time, string reason = "")
    {
        coven.Executes(Coven.Crone1, "ban", "", ("who", who), ("for", time), ("reason", reason));
        Assert.That(coven.ToldTo(Coven.Crone1)[^1].Attribute("type")?.Value, Is.EqualTo("result"), $"{coven.ToldTo(Coven.Crone1)[^1]}");
    }
}
