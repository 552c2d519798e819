using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §17.4, XEP-0410.</summary>
public sealed class RelayingTests
{
    private const string Version = "<query xmlns='jabber:iq:version'/>";
    private const string Ping = "<ping xmlns='urn:xmpp:ping'/>";
    private const string Third = Coven.Address + "/thirdwitch";

    [TestCase("get")]
    [TestCase("set")]
    [Row("Q1", "D17")] // §17.4
    public void A_request_goes_to_the_other_client_and_its_answer_back_and_neither_learns_the_others_address(string type)
    {
        var coven = Witches().Requests(Coven.Wiccarocks, Version, Third, type, "v1");
        var asked = coven.OnlyTold(Coven.Hag66);
        Assert.That((asked.Attribute("from")?.Value, asked.Attribute("type")?.Value), Is.EqualTo(($"{Coven.Address}/secondwitch", type)));

        Answers(coven, Coven.Hag66, asked, "<query xmlns='jabber:iq:version'><name>Cauldron</name></query>");

        var answer = coven.OnlyTold(Coven.Wiccarocks);
        Assert.That(
            (answer.Attribute("from")?.Value, answer.Attribute("type")?.Value, answer.Attribute("id")?.Value, answer.Value),
            Is.EqualTo((Third, "result", "v1", "Cauldron")));
        Assert.That(asked.ToString() + asked.Attribute("id")!.Value, Does.Not.Contain("wiccarocks"));
        Assert.That(answer.ToString(), Does.Not.Contain("hag66"));
    }

    [Test, Row("Q1")] // what a restart must not break
    public void An_answer_finds_its_way_back_after_a_restart_and_a_change_of_nick()
    {
        var coven = Witches();
        var asked = coven.Requests(Coven.Wiccarocks, Version, Third).OnlyTold(Coven.Hag66);
        coven.Restarts().Hears($"<presence from='{Coven.Wiccarocks}' to='{Coven.Address}/fourthwitch'/>");

        Answers(coven, Coven.Hag66, asked, Version);

        Assert.That(Coven.Short(coven.OnlyTold(Coven.Wiccarocks)), Is.EqualTo("result thirdwitch"));
    }

    [Test, Row("Q1")]
    public void Nobody_else_can_answer()
    {
        var coven = Witches();
        var asked = coven.Requests(Coven.Wiccarocks, Version, Third).OnlyTold(Coven.Hag66);

        Answers(coven, Coven.Crone1, asked, Version);

        Assert.That(coven.Told, Is.Empty);
    }

    [TestCase("made up")]
    [TestCase("AAAA.AAAA")]
    [TestCase("")]
    [Row("W10")] // an answer to nothing is not answered
    public void An_answer_nobody_asked_for_is_dropped(string id) =>
        Assert.That(Witches().Requests(Coven.Hag66, Version, $"{Coven.Address}/secondwitch", "result", id).Told, Is.Empty);

    [Test, Row("Q1")] // §17.4: "MUST NOT reveal … the recipient's real JID"
    public void An_error_that_comes_back_does_not_say_by_whose_address()
    {
        var coven = Witches();
        var asked = coven.Requests(Coven.Wiccarocks, Version, Third, id: "v1").OnlyTold(Coven.Hag66);

        Answers(coven, Coven.Hag66, asked, "<error type='cancel' by='hag66@shakespeare.lit'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>", "error");

        var error = coven.OnlyTold(Coven.Wiccarocks);
        Assert.That((error.Attribute("type")?.Value, error.Attribute("id")?.Value), Is.EqualTo(("error", "v1")));
        Assert.That(error.ToString(), Does.Not.Contain("hag66").And.Contain("service-unavailable"));
    }

    [TestCase("<vCard xmlns='vcard-temp'/>")]
    [TestCase("<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>")]
    [TestCase("<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:metadata'/></pubsub>")]
    [Row("Q2", "1.15.7", "1.16.O")]
    public void What_is_asked_about_the_person_is_asked_of_the_bare_jid_and_answered(string payload)
    {
        var coven = Witches();
        var asked = coven.Requests(Coven.Wiccarocks, payload, Third).OnlyTold("hag66@shakespeare.lit");

        Answers(coven, "hag66@shakespeare.lit", asked, payload);

        Assert.That(Coven.Short(coven.OnlyTold(Coven.Wiccarocks)), Is.EqualTo("result thirdwitch"));
    }

    [Test, Row("Q2")] // nobody sets another's vCard
    public void What_is_set_goes_to_the_client()
    {
        var coven = Witches().Requests(Coven.Wiccarocks, "<vCard xmlns='vcard-temp'/>", Third, "set");

        Assert.That(coven.OnlyTold(Coven.Hag66).Attribute("type")?.Value, Is.EqualTo("set"));
    }

    [TestCase(Coven.Wiccarocks)]
    [TestCase("wiccarocks@shakespeare.lit/pda")]
    [Row("Q3")] // XEP-0410 §3.2
    public void Whoever_is_in_hears_from_the_room_that_it_is(string from)
    {
        var coven = Witches().Enters("wiccarocks@shakespeare.lit/pda", "secondwitch");

        coven.Requests(from, Ping, $"{Coven.Address}/secondwitch", id: "s2c1");

        Assert.That(coven.Told, Has.Count.EqualTo(1), "the client is not troubled");
        Assert.That((Coven.Short(coven.OnlyTold(from)), coven.OnlyTold(from).Attribute("id")?.Value), Is.EqualTo(("result secondwitch", "s2c1")));
    }

    [Test, Row("Q4", "1.15.4")] // XEP-0410 §3.1
    public void Whoever_is_not_in_hears_from_the_room_that_it_is_not() =>
        Witches().Requests("macbeth@shakespeare.lit/castle", Ping, Third).RefusesWith("macbeth@shakespeare.lit/castle", "cancel", "not-acceptable");

    [Test, Row("Q4")] // XEP-0410 §3.1: "not found" would mean to be in under another nick
    public void Whoever_was_in_a_room_that_is_gone_hears_that_it_is_not_in() =>
        Coven.Uncreated().Requests(Coven.Hag66, Ping, Third).RefusesWith(Coven.Hag66, "cancel", "not-acceptable");

    [Test, Row("Q4")] // XEP-0410 §3.1
    public void Whoever_pings_a_nick_it_has_no_more_hears_that_it_is_not_found() =>
        Witches().Requests(Coven.Wiccarocks, Ping, $"{Coven.Address}/fourthwitch").RefusesWith(Coven.Wiccarocks, "cancel", "item-not-found");

    [Test, Row("Q3")] // XEP-0410: only one's own is answered by the room
    public void A_ping_to_another_goes_to_the_other() =>
        Assert.That(Witches().Requests(Coven.Wiccarocks, Ping, Third).OnlyTold(Coven.Hag66).Element(Ns.Ping + "ping"), Is.Not.Null);

    [TestCase("get", "<query xmlns='jabber:iq:roster'/>", "cancel", "service-unavailable")]
    [TestCase("set", "<toil xmlns='urn:example:trouble'/>", "cancel", "service-unavailable")]
    [TestCase("get", "", "modify", "bad-request")]
    [TestCase("get", "<a xmlns='urn:example:a'/><b xmlns='urn:example:b'/>", "modify", "bad-request")]
    [Row("Q6")] // §17.4, RFC 6120 §8.2.3
    public void What_is_asked_of_the_room_itself_is_answered_by_it_alone(string type, string payload, string errorType, string condition) =>
        Witches().Requests(Coven.Wiccarocks, payload, type: type).RefusesWith(Coven.Wiccarocks, errorType, condition);

    [Test, Row("Q6")] // XEP-0199
    public void The_room_itself_answers_a_ping() =>
        Assert.That(Coven.Short(Witches().Requests("macbeth@shakespeare.lit/castle", Ping).OnlyTold("macbeth@shakespeare.lit/castle")), Is.EqualTo("result"));

    [Test, Row("Q7", Otherwise =
        "No clock runs for a request: when the session it went to is gone, that server answers for it (RFC 6121 §8.5.3.2.3), and its answer is passed on even after the occupant has left.")]
    public void Who_asked_somebody_whose_session_died_hears_it_from_that_server()
    {
        var coven = Witches();
        var asked = coven.Requests(Coven.Wiccarocks, Version, Third, id: "v1").OnlyTold(Coven.Hag66);
        coven.Leaves(Coven.Hag66);

        Answers(coven, Coven.Hag66, asked, "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>", "error");

        Assert.That(coven.OnlyTold(Coven.Wiccarocks).Attribute("id")?.Value, Is.EqualTo("v1"));
    }

    private static Coven Witches() => Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    private static void Answers(Coven coven, string who, XElement asked, string payload, string type = "result") =>
        coven.Requests(who, payload, asked.Attribute("from")!.Value, type, asked.Attribute("id")!.Value);
}
