using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §9.9.</summary>
[Row("R7")]
public sealed class ApprovingRegistrationsTests
{
    private const string FormType = "http://jabber.org/protocol/muc#register";

    private static readonly Jid Hag66 = Jid.Parse("hag66@shakespeare.lit");

    [Test] // §7.10, §9.9
    public void A_request_is_received_and_shown_to_the_admins_and_makes_nobody_a_member_yet()
    {
        var coven = ByApproval().Affiliates("wiccarocks@shakespeare.lit", "admin");

        Asks(coven, Coven.Hag66, "thirdwitch");

        Assert.That(Coven.Short(coven.OnlyTold(Coven.Hag66)), Is.EqualTo("result"));
        Assert.That(coven.Room.Affiliations.Get(Hag66), Is.EqualTo(Affiliation.None));
        foreach (var admin in new[] { Coven.Crone1, Coven.Wiccarocks })
        {
            var form = DataForm.From(coven.OnlyTold(admin).Element(Ns.DataForms + "x"));
            Assert.That(form?.FormType, Is.EqualTo(FormType));
            Assert.That(form?.Value("muc#register_roomnick"), Is.EqualTo("thirdwitch"));
            Assert.That(form?.Value("muc#register_allow"), Is.EqualTo("0"));
            Assert.That(form?.Field("muc#register_allow")?.Type, Is.EqualTo("boolean"));
            Assert.That(form?.Instructions, Does.Contain("hag66@shakespeare.lit"));
        }
    }

    [Test] // §9.9: "the service shall register the user with the room"
    public void An_approved_request_registers()
    {
        var coven = Asked().Enters(Coven.Hag66, "hag").Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "1"));

        Assert.That(coven.Room.Affiliations.Entry(Hag66), Is.EqualTo(new AffiliationRecord(Hag66, Affiliation.Member, "thirdwitch", null)));
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Hag66)).Attribute("affiliation")?.Value, Is.EqualTo("member"));
    }

    [Test] // §9.9, status 101
    public void Who_was_not_there_hears_of_the_approval()
    {
        var coven = Asked().Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "true"));
        Assert.That(Coven.Statuses(coven.OnlyTold("hag66@shakespeare.lit")), Is.EqualTo(new[] { 101 }));
    }

    [Test] // §9.9
    public void A_refused_request_is_over_and_changes_no_affiliation()
    {
        var coven = Asked().Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "0"));
        Assert.That(coven.Told, Is.Empty);
        Assert.That(coven.Room.Affiliations.Get(Hag66), Is.EqualTo(Affiliation.None));

        coven.Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "1"));
        Assert.That(coven.Room.Affiliations.Get(Hag66), Is.EqualTo(Affiliation.None), "the second answer finds it done");
    }

    [Test] // §9.9
    public void An_admin_who_comes_later_sees_what_waits_even_after_a_restart()
    {
        var coven = ByApproval().Affiliates("wiccarocks@shakespeare.lit", "admin")
            .Hears($"<presence type='unavailable' from='{Coven.Wiccarocks}' to='{Coven.Address}/secondwitch'/>");
        Asks(coven, Coven.Hag66, "thirdwitch");
        Assert.That(coven.Reloaded().Extra, Is.EqualTo(coven.Room.Extra));

        coven.Enters(Coven.Wiccarocks, "secondwitch");

        Assert.That(DataForm.From(coven.ToldTo(Coven.Wiccarocks)[^1].Element(Ns.DataForms + "x"))?.Value("muc#register_roomnick"), Is.EqualTo("thirdwitch"));
    }

    [Test] // §9.9
    public void Who_becomes_an_admin_while_inside_sees_what_waits()
    {
        var coven = Asked().Enters(Coven.Wiccarocks, "secondwitch").Affiliates("wiccarocks@shakespeare.lit", "member");
        Assert.That(coven.ToldTo(Coven.Wiccarocks).SelectMany(s => s.Elements(Ns.DataForms + "x")), Is.Empty);

        coven.Affiliates("wiccarocks@shakespeare.lit", "admin");
        Assert.That(DataForm.From(coven.ToldTo(Coven.Wiccarocks)[^1].Element(Ns.DataForms + "x"))?.Value("muc#register_roomnick"), Is.EqualTo("thirdwitch"));

        coven.Affiliates("wiccarocks@shakespeare.lit", "owner");
        Assert.That(coven.ToldTo(Coven.Wiccarocks).SelectMany(s => s.Elements(Ns.DataForms + "x")), Is.Empty, "once");
    }

    [Test] // §9.9
    public void What_waits_is_shown_to_nobody_but_admins()
    {
        var coven = Asked().Enters("stranger@shakespeare.lit/x", "stranger");
        Assert.That(coven.ToldTo("stranger@shakespeare.lit/x").SelectMany(s => s.Elements(Ns.DataForms + "x")), Is.Empty);
    }

    [Test] // §9
    public void Only_an_admin_approves()
    {
        var coven = Asked().Submits(Coven.Wiccarocks, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "1"));
        coven.RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
    }

    [TestCase("muc#register_allow", "1")]
    [TestCase("muc#register_roomnick", "thirdwitch")]
    public void An_answer_without_a_nick_or_a_decision_is_a_bad_request(string var, string value) =>
        Asked().Submits(Coven.Crone1, FormType, (var, value)).RefusesWith(Coven.Crone1, "modify", "bad-request");

    [Test]
    public void An_answer_that_is_neither_yes_nor_no_is_a_bad_request_that_says_so()
    {
        var coven = Asked().Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "perhaps"));
        coven.RefusesWith(Coven.Crone1, "modify", "bad-request");
        Assert.That(coven.OnlyTold(Coven.Crone1).Descendants(Ns.StanzaErrors + "text").Single().Value, Does.Contain("muc#register_allow"));
    }

    [Test] // §7.10: the nick says whose request it is
    public void Two_people_do_not_wait_for_the_same_nick()
    {
        var coven = Asked();
        Asks(coven, "stranger@shakespeare.lit/x", "thirdwitch");
        coven.RefusesWith("stranger@shakespeare.lit/x", "cancel", "conflict");
    }

    [Test]
    public void A_second_request_of_the_same_person_takes_the_place_of_the_first()
    {
        var coven = Asked();
        Asks(coven, Coven.Hag66, "oldhag");
        coven.Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "oldhag"), ("muc#register_allow", "1"));
        Assert.That(coven.Room.Affiliations.ReservedBy("oldhag"), Is.EqualTo(Hag66));
    }

    [Test] // XEP-0077 §3.2
    public void Who_waits_may_withdraw()
    {
        var coven = Asked().Asks(Coven.Hag66, "set", "<query xmlns='jabber:iq:register'><remove/></query>");
        Assert.That(Coven.Short(coven.OnlyTold(Coven.Hag66)), Is.EqualTo("result"));
        coven.Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "1"));
        Assert.That(coven.Room.Affiliations.Get(Hag66), Is.EqualTo(Affiliation.None));
    }

    [Test]
    public void Who_was_banned_meanwhile_is_not_registered()
    {
        var coven = Asked().Affiliates("hag66@shakespeare.lit", "outcast")
            .Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "1"));
        Assert.That(coven.Room.Affiliations.Get(Hag66), Is.EqualTo(Affiliation.Outcast));
    }

    [Test]
    public void A_nick_that_became_anothers_meanwhile_is_a_conflict_for_the_admin()
    {
        var coven = Asked().Affiliates("stranger@shakespeare.lit", "member", attributes: "nick='thirdwitch'")
            .Submits(Coven.Crone1, FormType, ("muc#register_roomnick", "thirdwitch"), ("muc#register_allow", "1"));
        coven.RefusesWith(Coven.Crone1, "cancel", "conflict");
    }

    [Test] // §7.10: the member is one already
    public void A_member_reserves_a_nick_without_asking()
    {
        var coven = ByApproval().Affiliates("hag66@shakespeare.lit", "member");
        Asks(coven, Coven.Hag66, "thirdwitch");
        Assert.That(coven.Room.Affiliations.ReservedBy("thirdwitch"), Is.EqualTo(Hag66));
    }

    [Test] // anybody can ask
    public void Not_without_end()
    {
        var coven = Coven.Open(new ServicePolicy { PendingRequests = 1 }).With(("muc#roomconfig_registration", "approval"));
        Asks(coven, Coven.Hag66, "thirdwitch");
        Asks(coven, Coven.Wiccarocks, "secondwitch");
        coven.RefusesWith(Coven.Wiccarocks, "wait", "resource-constraint");
    }

    private static Coven ByApproval() => Coven.Open().With(("muc#roomconfig_registration", "approval")).Enters(Coven.Wiccarocks, "secondwitch");

    private static Coven Asked()
    {
        var coven = ByApproval();
        Asks(coven, Coven.Hag66, "thirdwitch");
        return coven;
    }

    private static void Asks(Coven coven, string who, string nick) =>
        coven.Asks(who, "set", $"<query xmlns='jabber:iq:register'>{Coven.Form(FormType, ("muc#register_roomnick", nick))}</query>");
}
