using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.13, §8.6.</summary>
public sealed class RequestingVoiceTests
{
    private const string FormType = "http://jabber.org/protocol/muc#request";

    [Test, Row("V1", "V2", "1.16.O")] // §7.13, §8.6
    public void A_visitors_request_is_shown_to_the_moderators()
    {
        var coven = Moderated();
        Asks(coven);

        Assert.That(coven.Told, Has.Count.EqualTo(1));
        var form = DataForm.From(coven.OnlyTold(Coven.Crone1).Element(Ns.DataForms + "x"));
        Assert.Multiple(() =>
        {
            Assert.That(coven.OnlyTold(Coven.Crone1).Attribute("from")?.Value, Is.EqualTo(Coven.Address));
            Assert.That(form?.Type, Is.EqualTo("form"));
            Assert.That(form?.FormType, Is.EqualTo(FormType));
            Assert.That(form?.Value("muc#role"), Is.EqualTo("participant"));
            Assert.That(form?.Value("muc#jid"), Is.EqualTo(Coven.Hag66));
            Assert.That(form?.Value("muc#roomnick"), Is.EqualTo("thirdwitch"));
            Assert.That(form?.Value("muc#request_allow"), Is.EqualTo("0"));
        });
    }

    [Test, Row("V1")] // §7.13
    public void Who_has_voice_has_nothing_to_ask_for() =>
        Assert.That(Coven.Open().Enters(Coven.Hag66, "thirdwitch").Submits(Coven.Hag66, FormType, ("muc#role", "participant")).Told, Is.Empty);

    [Test, Row("V1")] // §7.13: "only a 'muc#role' field with a value of 'participant'"
    public void Only_voice_can_be_asked_for() =>
        Moderated().Submits(Coven.Hag66, FormType, ("muc#role", "moderator")).RefusesWith(Coven.Hag66, "modify", "bad-request");

    [Test, Row("V1")] // §7.13
    public void Who_is_not_there_cannot_ask() =>
        Moderated().Submits(Coven.Wiccarocks, FormType, ("muc#role", "participant")).RefusesWith(Coven.Wiccarocks, "cancel", "not-acceptable");

    [Test, Row("V3")] // §8.6
    public void An_approved_request_gives_voice_and_everybody_is_told()
    {
        var coven = Moderated();
        Asks(coven);

        Answers(coven, Coven.Crone1, "1");

        var told = coven.OnlyTold(Coven.Hag66);
        Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("participant"));
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 110 }));
        Assert.That(Coven.Item(coven.OnlyTold(Coven.Crone1)).Attribute("role")?.Value, Is.EqualTo("participant"));
    }

    [Test, Row("V3")] // §8.6
    public void A_second_answer_finds_it_done()
    {
        var coven = Moderated();
        Asks(coven);
        Answers(coven, Coven.Crone1, "1");
        Answers(coven, Coven.Crone1, "1");
        Assert.That(coven.Told, Is.Empty);
    }

    [Test, Row("V3")] // §8.6
    public void A_refused_request_tells_nobody([Values("0", "false")] string no)
    {
        var coven = Moderated();
        Asks(coven);
        Answers(coven, Coven.Crone1, no);
        Assert.That(coven.Told, Is.Empty);
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Visitor));
    }

    [Test, Row("V3")] // §8.6
    public void Only_a_moderator_answers()
    {
        var coven = Moderated();
        Answers(coven, Coven.Hag66, "1");
        coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test, Row("V3")] // §8.6: the address says who asked, whatever became of the nick
    public void Voice_goes_to_who_asked_and_not_to_who_took_the_nick()
    {
        var coven = Moderated();
        Asks(coven);
        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>").Enters(Coven.Wiccarocks, "thirdwitch");
        Answers(coven, Coven.Crone1, "1");
        Assert.That(coven.Room.Occupants.ByNick("oldhag")?.Role, Is.EqualTo(Role.Participant));
        Assert.That(coven.Room.Occupants.ByNick("thirdwitch")?.Role, Is.EqualTo(Role.Visitor));
    }

    [Test] // XEP-0004 §3.1
    public void A_cancelled_form_asks_nothing() =>
        Assert.That(Moderated().Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}'><x xmlns='jabber:x:data' type='cancel'/></message>").Told, Is.Empty);

    [TestCase("other"), TestCase("http://jabber.org/protocol/muc#roomconfig")]
    public void A_form_of_another_kind_is_a_bad_request(string formType) =>
        Moderated().Submits(Coven.Hag66, formType, ("muc#role", "participant")).RefusesWith(Coven.Hag66, "modify", "bad-request");

    private static Coven Moderated() => Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch");

    private static void Asks(Coven coven) => coven.Submits(Coven.Hag66, FormType, ("muc#role", "participant"));

    private static void Answers(Coven coven, string who, string allow) => coven.Submits(
        who, FormType, ("muc#role", "participant"), ("muc#jid", Coven.Hag66), ("muc#roomnick", "thirdwitch"), ("muc#request_allow", allow));
}
