using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §8.2 to §8.5, §9.6 to §9.8.</summary>
public sealed class ChangingRolesTests
{
    private const string OtherClient = "hag66@shakespeare.lit/broom";

    private Coven _coven = null!;

    [SetUp]
    public void Given_three_witches() =>
        _coven = Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    [Test, Row("K1", "K2", "status-307", "1.16.M")] // §8.2
    public void Who_is_kicked_is_told_so_by_whom_and_why()
    {
        _coven.GivesRole("thirdwitch", "none", inside: "<reason>Avaunt, you cullion!</reason>");

        var told = _coven.OnlyTold(Coven.Hag66);
        Assert.Multiple(() =>
        {
            Assert.That(Coven.Short(told), Is.EqualTo("unavailable thirdwitch"));
            Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 307, 110 }));
            Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("none"));
            Assert.That(Coven.Item(told).Attribute("affiliation")?.Value, Is.EqualTo("none"));
            Assert.That(Coven.Item(told).Element(Ns.MucUser + "actor")?.Attribute("nick")?.Value, Is.EqualTo("firstwitch"));
            Assert.That(Coven.Item(told).Element(Ns.MucUser + "actor")?.Attribute("jid"), Is.Null);
            Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("Avaunt, you cullion!"));
            Assert.That(_coven.Room.Occupants.ByNick("thirdwitch"), Is.Null);
        });
    }

    [Test]
    [Row("K1", Otherwise = "The result comes after all presences and not between them: every server does it so, clients accept both, and a moderator's script can then wait for the result alone.")]
    public void The_others_hear_of_a_kick_and_the_moderator_then_of_success()
    {
        _coven.GivesRole("thirdwitch", "none");

        var others = _coven.OnlyTold(Coven.Wiccarocks);
        Assert.That(Coven.Statuses(others), Is.EqualTo(new[] { 307 }));
        Assert.That(Coven.Item(others).Element(Ns.MucUser + "actor")?.Attribute("jid"), Is.Null, "not to those who may not see JIDs");
        Assert.That(_coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "result" }));
        Assert.That(
            Coven.Item(_coven.ToldTo(Coven.Crone1)[0]).Element(Ns.MucUser + "actor")?.Attribute("jid")?.Value, Is.EqualTo(Coven.Crone1), "a moderator sees the JID");
    }

    [Test, Row("K3")] // §8.2
    public void A_moderator_cannot_kick_an_admin()
    {
        _coven.GivesRole("secondwitch", "moderator").Affiliates("hag66@shakespeare.lit", "admin");
        _coven.GivesRole("thirdwitch", "none", by: Coven.Wiccarocks);
        _coven.RefusesWith(Coven.Wiccarocks, "cancel", "not-allowed");
    }

    [Test, Row("K4")] // §5.1.3
    public void A_moderator_cannot_kick_a_moderator()
    {
        _coven.GivesRole("secondwitch", "moderator").GivesRole("thirdwitch", "moderator");
        _coven.GivesRole("thirdwitch", "none", by: Coven.Wiccarocks);
        _coven.RefusesWith(Coven.Wiccarocks, "cancel", "not-allowed");
    }

    [Test, Row("K5")] // §8
    public void Who_is_no_moderator_cannot_kick()
    {
        _coven.GivesRole("thirdwitch", "none", by: Coven.Wiccarocks);
        _coven.RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
    }

    [Test, Row("K5")] // §8
    public void Who_is_not_in_the_room_learns_nothing_about_nicks_by_kicking()
    {
        _coven.GivesRole("nobody", "none", by: "stranger@shakespeare.lit/x");
        _coven.RefusesWith("stranger@shakespeare.lit/x", "auth", "forbidden");
    }

    [Test, Row("K6")] // §7.2.8, §8.2
    public void All_sessions_of_a_kicked_nick_go()
    {
        _coven.Enters(OtherClient, "thirdwitch").GivesRole("thirdwitch", "none");

        Assert.That(Coven.Statuses(_coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { 307, 110 }));
        Assert.That(Coven.Statuses(_coven.OnlyTold(OtherClient)), Is.EqualTo(new[] { 307, 110 }));
        Assert.That(_coven.ToldTo(Coven.Wiccarocks), Has.Count.EqualTo(1));
        Assert.That(_coven.Room.Occupants.BySession(Jid.Parse(OtherClient)), Is.Null);
    }

    [TestCase("visitor"), TestCase("participant")]
    [Row("K7")] // §8.3, §8.4
    public void Voice_is_given_and_taken_and_everybody_is_told(string role)
    {
        if (role == "participant") _coven.GivesRole("thirdwitch", "visitor");
        _coven.GivesRole("thirdwitch", role, inside: "<reason>A worthy witch indeed!</reason>");

        foreach (var witch in new[] { Coven.Wiccarocks, Coven.Hag66 })
        {
            var item = Coven.Item(_coven.OnlyTold(witch));
            Assert.That(item.Attribute("role")?.Value, Is.EqualTo(role));
            Assert.That(item.Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("A worthy witch indeed!"));
        }
        Assert.That(_coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch", "result" }));
    }

    [Test, Row("K7", "K13")] // §8.4, §9.7
    public void Nobody_takes_voice_or_moderation_from_an_admin([Values("visitor", "participant")] string role)
    {
        _coven.Affiliates("hag66@shakespeare.lit", "admin").GivesRole("thirdwitch", role);
        _coven.RefusesWith(Coven.Crone1, "cancel", "not-allowed");
    }

    [Test, Row("K13", "J13")] // §9.6, §7.2.4
    public void A_new_moderator_sees_the_real_jids_of_those_who_were_there_before()
    {
        _coven.GivesRole("thirdwitch", "moderator");

        var told = _coven.ToldTo(Coven.Hag66);
        Assert.That(told.Select(Coven.Short).SkipLast(1), Is.EquivalentTo(new[] { "presence firstwitch", "presence secondwitch" }));
        Assert.That(told.SkipLast(1).Select(s => Coven.Item(s).Attribute("jid")?.Value), Is.EquivalentTo(new[] { Coven.Crone1, Coven.Wiccarocks }));
        Assert.That(Coven.Item(told[^1]).Attribute("role")?.Value, Is.EqualTo("moderator"));
    }

    [Test, Row("K13")] // §9.7
    public void A_former_moderator_is_a_participant_again()
    {
        _coven.GivesRole("thirdwitch", "moderator").GivesRole("thirdwitch", "participant");
        Assert.That(_coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Participant));
        Assert.That(Coven.Item(_coven.OnlyTold(Coven.Wiccarocks)).Attribute("role")?.Value, Is.EqualTo("participant"));
    }

    [Test, Row("K13")] // §9.6
    public void Only_an_admin_makes_moderators()
    {
        _coven.GivesRole("secondwitch", "moderator").GivesRole("thirdwitch", "moderator", by: Coven.Wiccarocks);
        _coven.RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
    }

    [TestCase("participant", "secondwitch thirdwitch"), TestCase("moderator", "firstwitch"), TestCase("visitor", ""), TestCase("none", "")]
    [Row("K8")] // §8.5, §9.8
    public void A_role_list_has_nick_role_affiliation_and_jid(string role, string nicks)
    {
        _coven.Asks(Coven.Crone1, "get", $"<query xmlns='http://jabber.org/protocol/muc#admin'><item role='{role}'/></query>");

        var items = _coven.OnlyTold(Coven.Crone1).Element(Ns.MucAdmin + "query")!.Elements(Ns.MucAdmin + "item").ToList();
        Assert.That(string.Join(' ', items.Select(i => i.Attribute("nick")!.Value)), Is.EqualTo(nicks));
        foreach (var item in items)
        {
            Assert.That(item.Attribute("role")?.Value, Is.EqualTo(role));
            Assert.That(item.Attribute("affiliation")?.Value, Is.EqualTo(role == "moderator" ? "owner" : "none"));
            Assert.That(item.Attribute("jid")?.Value, Does.StartWith(role == "moderator" ? "crone1" : "").And.Contain("@shakespeare.lit/"));
        }
    }

    [Test, Row("K8")] // §8.5
    public void Role_lists_are_not_for_participants()
    {
        _coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/muc#admin'><item role='participant'/></query>");
        _coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test, Row("K11")] // §8.2
    public void A_role_for_a_nick_that_is_not_there_is_refused()
    {
        _coven.GivesRole("fourthwitch", "none");
        _coven.RefusesWith(Coven.Crone1, "cancel", "item-not-found");
    }

    [Test] // §17.1
    public void A_nick_in_an_item_is_prepared_like_any_other()
    {
        // "é" as one character and as two is the same nick.
        _coven.Enters("hag66@shakespeare.lit/x", "caf\u00e9").GivesRole("cafe\u0301", "visitor");
        Assert.That(_coven.Room.Occupants.ByNick("caf\u00e9")?.Role, Is.EqualTo(Role.Visitor));
    }

    [Test] // a role that is there already is no news
    public void Giving_the_role_somebody_has_tells_nobody()
    {
        _coven.GivesRole("thirdwitch", "participant");
        Assert.That(_coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
        Assert.That(_coven.Changes, Is.Empty);
    }
}
