using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0500: MUC Slow Mode.</summary>
public sealed class SlowModeTests
{
    private const string Field = "muc#roomconfig_slow_mode_duration";
    private const string Info = "muc#roominfo_slow_mode_duration";

    [Test] // §5
    public void Two_messages_of_one_person_are_so_many_seconds_apart()
    {
        var coven = Slow().Says(Coven.Hag66, "Thrice");
        Assert.That(coven.ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
        coven.Now += TimeSpan.FromSeconds(19.9);
        coven.Says(Coven.Hag66, "and once").RefusesWith(Coven.Hag66, "wait", "policy-violation");
        Assert.That(coven.OnlyTold(Coven.Hag66).Element(Ns.Client + "error")!.Element(Ns.StanzaErrors + "text")!.Value, Does.Contain("20 seconds"));

        coven.Now += TimeSpan.FromSeconds(0.1);
        Assert.That(coven.Says(Coven.Hag66, "and once").ToldTo(Coven.Crone1), Has.Count.EqualTo(1), "what was refused does not count");
    }

    [Test] // §5: the same user, whatever the session, the nick and the visit
    public void Neither_another_client_nor_another_nick_nor_coming_back_shortens_it()
    {
        const string Other = "hag66@shakespeare.lit/laptop";
        var coven = Slow().Enters(Other, "oldhag").Says(Coven.Hag66, "Thrice");
        coven.Says(Other, "and once").RefusesWith(Other, "wait", "policy-violation");
        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/hag'/>").Says(Coven.Hag66, "and once").RefusesWith(Coven.Hag66, "wait", "policy-violation");
        coven.Leaves(Coven.Hag66).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "and once").RefusesWith(Coven.Hag66, "wait", "policy-violation");
    }

    [TestCase("<composing xmlns='http://jabber.org/protocol/chatstates'/>")]
    [TestCase("<reactions xmlns='urn:xmpp:reactions:0' id='1'><reaction>🐈</reaction></reactions>")] // §5
    public void What_has_no_body_does_not_count(string inside)
    {
        var coven = Slow();
        for (var i = 0; i < 3; i++)
            Assert.That(coven.Hears($"<message type='groupchat' from='{Coven.Hag66}' to='{Coven.Address}'>{inside}</message>").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
        Assert.That(coven.Says(Coven.Hag66, "Thrice").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
    }

    [TestCase("owner", true)]
    [TestCase("admin", true)]
    [TestCase("member", false)]
    public void Owners_and_admins_are_not_limited(string affiliation, bool free) // §5
    {
        var coven = Slow().Affiliates("hag66@shakespeare.lit", affiliation).Says(Coven.Hag66, "Thrice").Says(Coven.Hag66, "and once");
        Assert.That(coven.ToldTo(Coven.Crone1), Has.Count.EqualTo(free ? 1 : 0));
    }

    [Test]
    public void Others_do_not_wait_for_one_who_spoke() =>
        Assert.That(Slow().Enters(Coven.Wiccarocks, "secondwitch").Says(Coven.Hag66, "Thrice").Says(Coven.Wiccarocks, "Thrice").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));

    [Test]
    public void When_it_is_changed_nobody_waits_for_what_was()
    {
        var coven = Slow("3600").Says(Coven.Hag66, "Thrice").With((Field, "10"));
        Assert.That(coven.Says(Coven.Hag66, "and once").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
        coven.Says(Coven.Hag66, "the hedge-pig whined").RefusesWith(Coven.Hag66, "wait", "policy-violation");
        Assert.That(coven.With((Field, "0")).Says(Coven.Hag66, "the hedge-pig whined").ToldTo(Coven.Crone1), Has.Count.EqualTo(1));
    }

    [Test, Row("field-muc#roomconfig_slow_mode_duration")] // §4.1
    public void The_form_has_the_field_with_its_validation()
    {
        var form = Coven.Open().Asks(Coven.Crone1, "get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>").OnlyTold(Coven.Crone1);
        var field = form.Descendants(Ns.DataForms + "field").Single(f => f.Attribute("var")?.Value == Field);
        Assert.That(field.Attribute("type")?.Value, Is.EqualTo("text-single"));
        Assert.That(field.Element(Ns.DataForms + "value")?.Value, Is.EqualTo("0"));
        var validate = field.Element(Ns.FormValidation + "validate")!;
        Assert.That(validate.Attribute("datatype")?.Value, Is.EqualTo("xs:integer"));
        Assert.That(validate.Element(Ns.FormValidation + "range")!.Attribute("min")?.Value, Is.EqualTo("0"));
    }

    [TestCase("-1")]
    [TestCase("ten")]
    [TestCase("86401")]
    public void What_is_no_duration_is_refused(string value) => Coven.Open().With((Field, value)).RefusesWith(Coven.Crone1, "modify", "bad-request");

    [Test, Row("roominfo-muc#roominfo_slow_mode_duration")] // §4.2, and 104 when it is changed
    public void Everybody_can_find_out_and_is_told_of_a_change()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Told(coven), Is.Null);
        Assert.That(Coven.Statuses(coven.With((Field, "20")).OnlyTold(Coven.Hag66)), Is.EqualTo([104]));
        Assert.That(Told(coven), Is.EqualTo(["20"]));

        static string[]? Told(Coven coven) =>
            Coven.Field(coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66), Info);
    }

    private static Coven Slow(string seconds = "20") => Coven.Open().With((Field, seconds)).Enters(Coven.Hag66, "thirdwitch");
}
