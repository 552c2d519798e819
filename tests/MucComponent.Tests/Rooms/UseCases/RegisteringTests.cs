using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.10, §7.12.</summary>
public sealed class RegisteringTests
{
    private static readonly (string, string) Open = ("muc#roomconfig_registration", "open");

    [Test, Row("R1")] // §7.10
    public void Who_may_register_gets_the_form()
    {
        var coven = Asks(Coven.Open().With(Open), "get", "");

        var form = DataForm.From(Answer(coven).Element(Ns.DataForms + "x"));
        Assert.That(form?.Type, Is.EqualTo("form"));
        Assert.That(form?.FormType, Is.EqualTo("http://jabber.org/protocol/muc#register"));
        Assert.That(form?.Field("muc#register_roomnick")?.Required, Is.True);
    }

    [Test, Row("R1")] // §7.10: "If the room does not exist"
    public void Nobody_registers_with_a_room_that_is_not_there() =>
        Asks(Coven.Uncreated(), "get", "").RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test, Row("R2")] // §7.10
    public void Who_is_registered_is_told_the_nick()
    {
        var coven = Registers(Coven.Open().With(Open), "thirdwitch");
        Asks(coven, "get", "");
        Assert.That(Answer(coven).Element(Ns.Register + "registered"), Is.Not.Null);
        Assert.That(Answer(coven).Element(Ns.Register + "username")?.Value, Is.EqualTo("thirdwitch"));
    }

    [Test]
    [Row("R3", Otherwise = "A stranger gets registration-required where §7.10 says not-allowed: it is what existing servers answer and a given script pins; it says the same and what to do about it.")]
    public void A_stranger_may_not_register_unless_the_room_says_so([Values("get", "set")] string type) =>
        Asks(Coven.Open(), type, type == "get" ? "" : Form("thirdwitch")).RefusesWith(Coven.Hag66, "auth", "registration-required");

    [Test, Row("R3")] // §7.10
    public void An_outcast_may_not_register() =>
        Asks(Coven.Open().With(Open).Affiliates("hag66@shakespeare.lit", "outcast"), "get", "").RefusesWith(Coven.Hag66, "cancel", "not-allowed");

    [Test, Row("R4")] // §7.10
    public void Who_registers_is_a_member_and_everybody_sees_it_and_then_it_is_confirmed()
    {
        var coven = Registers(Coven.Open().With(Open).Enters(Coven.Hag66, "thirdwitch"), "thirdwitch");

        Assert.That(coven.Room.Affiliations.Entry(Jid.Parse("hag66@shakespeare.lit")), Is.EqualTo(
            new AffiliationRecord(Jid.Parse("hag66@shakespeare.lit"), Affiliation.Member, "thirdwitch", null)));
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Crone1)).Attribute("affiliation")?.Value, Is.EqualTo("member"));
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "presence thirdwitch", "result" }));
    }

    [Test, Row("R4")] // §5.2: the affiliation is kept
    public void An_owner_who_registers_stays_owner()
    {
        var coven = Coven.Open().Asks(Coven.Crone1, "set", $"<query xmlns='jabber:iq:register'>{Form("firstwitch")}</query>");
        Assert.That(coven.Room.Affiliations.Entry(Jid.Parse("crone1@shakespeare.lit"))?.Affiliation, Is.EqualTo(Affiliation.Owner));
        Assert.That(coven.Room.Affiliations.ReservedBy("firstwitch"), Is.Not.Null);
    }

    [Test, Row("R5")] // §7.10
    public void A_nick_in_use_or_reserved_is_a_conflict([Values("secondwitch", "hecate")] string nick)
    {
        var coven = Coven.Open().With(Open).Enters(Coven.Wiccarocks, "secondwitch").Affiliates("hecate@shakespeare.lit", "member", attributes: "nick='hecate'");
        Registers(coven, nick).RefusesWith(Coven.Hag66, "cancel", "conflict");
    }

    [TestCase("", TestName = "no form")]
    [TestCase("<x xmlns='jabber:x:data' type='witch'/>", TestName = "a form of no type there is")]
    [TestCase("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>other</value></field></x>", TestName = "another form")]
    [TestCase("<username>hag66</username>", TestName = "the old fields of XEP-0077")]
    [Row("R5")] // §7.10
    public void What_is_not_the_form_is_a_bad_request(string payload) =>
        Asks(Coven.Open().With(Open), "set", payload).RefusesWith(Coven.Hag66, "modify", "bad-request");

    [Test, Row("R5")] // §7.10
    public void Without_a_nick_nobody_is_registered() => Registers(Coven.Open().With(Open), "").RefusesWith(Coven.Hag66, "modify", "not-acceptable");

    [Test, Row("R5")] // §14.6, RFC 7622 §3.4
    public void What_cannot_be_a_nick_cannot_be_registered([Values(129, 1_100)] int length) =>
        Registers(Coven.Open().With(Open), new string('x', length)).RefusesWith(Coven.Hag66, "modify", "not-acceptable");

    [Test, Row("R6")] // XEP-0077 §3.2, XEP-0045 §9.4
    public void A_member_who_cancels_the_registration_is_no_member_and_out_of_a_members_only_room()
    {
        var coven = Registers(Coven.Open().With(Open), "thirdwitch").With(("muc#roomconfig_membersonly", "1")).Enters(Coven.Hag66, "thirdwitch");

        Asks(coven, "set", "<remove/>");

        var told = coven.ToldTo(Coven.Hag66);
        Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "unavailable thirdwitch", "result" }));
        Assert.That(Coven.Statuses(told[0]), Is.EqualTo(new[] { 321, 110 }));
        Assert.That(Coven.Item(told[0]).Element(Ns.MucUser + "actor"), Is.Null);
        Assert.That(coven.Room.Affiliations.Entry(Jid.Parse("hag66@shakespeare.lit")), Is.Null);
        Assert.That(coven.Room.Affiliations.ReservedBy("thirdwitch"), Is.Null);
    }

    [Test, Row("R6")] // XEP-0077 §3.2
    public void An_owner_who_cancels_gives_up_the_nick_alone()
    {
        var coven = Coven.Open().Asks(Coven.Crone1, "set", $"<query xmlns='jabber:iq:register'>{Form("firstwitch")}</query>")
            .Asks(Coven.Crone1, "set", "<query xmlns='jabber:iq:register'><remove/></query>");
        Assert.That(coven.Room.Affiliations.Entry(Jid.Parse("crone1@shakespeare.lit")), Is.EqualTo(
            new AffiliationRecord(Jid.Parse("crone1@shakespeare.lit"), Affiliation.Owner, null, null)));
    }

    [Test, Row("R6")] // XEP-0077 §3.2
    public void Who_is_not_registered_cannot_cancel() =>
        Asks(Coven.Open(), "set", "<remove/>").RefusesWith(Coven.Hag66, "auth", "registration-required");

    [Test] // XEP-0004 §3.1
    public void A_cancelled_form_registers_nobody()
    {
        var coven = Asks(Coven.Open().With(Open), "set", "<x xmlns='jabber:x:data' type='cancel'/>");
        Assert.That(Coven.Short(coven.OnlyTold(Coven.Hag66)), Is.EqualTo("result"));
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test] // §7.12
    public void The_reserved_nick_can_be_asked_for_and_is_nothing_where_there_is_none()
    {
        const string Node = "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>";
        var coven = Coven.Open().With(Open).Asks(Coven.Hag66, "get", Node);
        Assert.That(coven.OnlyTold(Coven.Hag66).Elements().Single().HasElements, Is.False);

        Registers(coven, "thirdwitch").Asks(Coven.Hag66, "get", Node);
        Assert.That(coven.OnlyTold(Coven.Hag66).Elements().Single().Elements().Single().Attribute("name")?.Value, Is.EqualTo("thirdwitch"));
    }

    private static Coven Asks(Coven coven, string type, string payload) =>
        coven.Asks(Coven.Hag66, type, $"<query xmlns='jabber:iq:register'>{payload}</query>");

    private static Coven Registers(Coven coven, string nick) => Asks(coven, "set", Form(nick));

    private static string Form(string nick) => Coven.Form("http://jabber.org/protocol/muc#register", ("muc#register_roomnick", nick));

    private static XElement Answer(Coven coven) => coven.OnlyTold(Coven.Hag66).Element(Ns.Register + "query")!;
}
