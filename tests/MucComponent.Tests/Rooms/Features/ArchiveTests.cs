using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0313, "MUC Archives" and "Determining support": what is archived, who may read it, and how much of it they see.</summary>
public sealed class ArchiveTests
{
    private const string Archiving = "muc#roomconfig_enablelogging";
    private const string Query = "<query xmlns='urn:xmpp:mam:2'/>";

    [Test, Row("0313")] // "Determining support"
    public void A_room_says_that_it_has_an_archive_exactly_while_it_has_one()
    {
        var coven = Coven.Open();
        Assert.That(FeaturesOf(coven), Has.None.StartsWith("urn:xmpp:mam"));

        coven.With((Archiving, "1"));
        Assert.That(FeaturesOf(coven), Has.Exactly(1).EqualTo("urn:xmpp:mam:2").And.Exactly(1).EqualTo("urn:xmpp:mam:2#extended"));

        coven.With((Archiving, "0")).Asks(Coven.Crone1, "set", Query).RefusesWith(Coven.Crone1, "cancel", "service-unavailable");
        Assert.That(FeaturesOf(coven), Has.None.StartsWith("urn:xmpp:mam"));
    }

    [Test] // "MUC Archives"
    public void What_was_said_is_in_the_archive_once_and_under_the_id_it_was_reflected_with()
    {
        var coven = Coven.Open().With((Archiving, "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "Harpier cries: 'tis time, 'tis time.");
        var live = coven.OnlyTold(Coven.Crone1).Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;

        var results = Results(coven.Restarts(), Coven.Hag66);

        Assert.That(results.Select(r => r.Attribute("id")!.Value), Is.EqualTo(new[] { live }));
        var message = Forwarded(results[0]);
        Assert.That(message.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/thirdwitch"));
        Assert.That(message.Attribute("to"), Is.Null);
        Assert.That(message.Attribute("type")?.Value, Is.EqualTo("groupchat"));
        Assert.That(message.Element(Ns.Client + "body")?.Value, Is.EqualTo("Harpier cries: 'tis time, 'tis time."));
        Assert.That(message.Element(Ns.OccupantId + "occupant-id"), Is.Not.Null);
    }

    [TestCase("<body> </body>", ExpectedResult = 1)]
    [TestCase("<subject>Fire Burn and Cauldron Bubble!</subject>", ExpectedResult = 1)]
    [TestCase("<subject/>", ExpectedResult = 1)]
    [TestCase("<encrypted xmlns='eu.siacs.conversations.axolotl'/><encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/>", ExpectedResult = 1)]
    [TestCase("<reactions xmlns='urn:xmpp:reactions:0' id='1'/>", ExpectedResult = 1)]
    [TestCase("<retract xmlns='urn:xmpp:message-retract:1' id='1'/>", ExpectedResult = 1)]
    [TestCase("<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>", ExpectedResult = 1)]
    [TestCase("<invite xmlns='urn:xmpp:call-invites:0'/><store xmlns='urn:xmpp:hints'/>", ExpectedResult = 1)]
    [TestCase("<composing xmlns='http://jabber.org/protocol/chatstates'/>", ExpectedResult = 0)]
    [TestCase("<body>Hush!</body><no-store xmlns='urn:xmpp:hints'/>", ExpectedResult = 0)]
    [TestCase("<body>Hush!</body><no-permanent-store xmlns='urn:xmpp:hints'/>", ExpectedResult = 0)]
    [TestCase("<subject>Hush!</subject><no-store xmlns='urn:xmpp:hints'/>", ExpectedResult = 0)]
    [Row("0334", "0333", "0444")] // XEP-0313 "MUC Archives", XEP-0334
    public int All_that_means_something_later_is_archived(string inside) =>
        Results(Coven.Open().With((Archiving, "1")).Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat' id='1'>{inside}</message>"), Coven.Crone1).Length;

    [Test] // XEP-0045 §7.2.13
    public void What_newcomers_get_is_another_matter()
    {
        var coven = Coven.Open().With((Archiving, "1")).Says(Coven.Crone1, "one");
        foreach (var inside in new[] { "<subject>two</subject>", "<reactions xmlns='urn:xmpp:reactions:0' id='1'/>" })
            coven.Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat' id='1'>{inside}</message>");

        var told = coven.Restarts().Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66);

        Assert.That(told.Where(s => s.Name.LocalName == "message").Select(m => m.Value), Is.EqualTo(new[] { "one", "two" }), "what was said, and the subject");
    }

    [Test]
    public void What_is_said_while_nothing_is_archived_never_gets_into_the_archive_but_newcomers_hear_it()
    {
        var coven = Coven.Open().Says(Coven.Crone1, "before").With((Archiving, "1")).Says(Coven.Crone1, "in");
        coven.With((Archiving, "0")).Says(Coven.Crone1, "after").With((Archiving, "1"));

        Assert.That(Bodies(Results(coven.Restarts(), Coven.Crone1)), Is.EqualTo(new[] { "in" }));
        Assert.That(
            coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66).Elements(Ns.Client + "body").Select(b => b.Value),
            Is.EqualTo(new[] { "before", "in", "after" }));
    }

    [Test] // "MUC Archives": what the room rejects, and what is said in private
    public void What_did_not_reach_the_room_is_not_in_its_archive()
    {
        var coven = Coven.Open().With((Archiving, "1"), ("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "no voice");
        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}/firstwitch' type='chat' id='1'><body>psst</body></message>");
        coven.Says(Coven.Wiccarocks, "not in");

        Assert.That(Results(coven, Coven.Crone1), Is.Empty);
    }

    [Test]
    public void The_archive_goes_with_the_room()
    {
        var coven = Coven.Open().With((Archiving, "1")).Says(Coven.Crone1, "the first coven");
        coven.Leaves(Coven.Crone1).Enters(Coven.Crone1, "firstwitch").With((Archiving, "1"));

        Assert.That(Results(coven, Coven.Crone1), Is.Empty);
    }

    [TestCase("outcast", "", ExpectedResult = "forbidden")]
    [TestCase("none", "", ExpectedResult = "", Description = "also one who was never in")]
    [TestCase("none", "muc#roomconfig_membersonly", ExpectedResult = "forbidden")]
    [TestCase("member", "muc#roomconfig_membersonly", ExpectedResult = "")]
    [TestCase("none", "muc#roomconfig_roomsecret", ExpectedResult = "forbidden")]
    [TestCase("member", "muc#roomconfig_roomsecret", ExpectedResult = "")]
    [TestCase("admin", "muc#roomconfig_roomsecret", ExpectedResult = "")]
    [Row("0313")] // "MUC Archives", "Data privacy"
    public string Whoever_could_enter_may_read(string affiliation, string option)
    {
        var coven = Coven.Open().With((Archiving, "1"), (option.Length == 0 ? Archiving : option, "1")).Says(Coven.Crone1, "Thrice and once the hedge-pig whined.");
        if (affiliation != "none") coven.Affiliates("hag66@shakespeare.lit", affiliation);

        coven.Asks(Coven.Hag66, "set", Query);

        if (coven.Told is [var only] && only.Attribute("type")?.Value == "error")
        {
            coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
            return "forbidden";
        }
        Assert.That(Bodies(ResultsIn(coven, Coven.Hag66)), Is.EqualTo(new[] { "Thrice and once the hedge-pig whined." }));
        return "";
    }

    [Test, Row("0313")]
    public void Who_is_in_a_password_protected_room_may_read_with_any_client_until_they_leave()
    {
        var coven = Coven.Open().With((Archiving, "1"), ("muc#roomconfig_roomsecret", "cauldronburn")).Says(Coven.Crone1, "one")
            .Enters(Coven.Hag66, "thirdwitch", "<password>cauldronburn</password>");

        Assert.That(Results(coven, Coven.Hag66), Has.Length.EqualTo(1));
        Assert.That(Results(coven, "hag66@shakespeare.lit/tablet"), Has.Length.EqualTo(1));
        coven.Leaves(Coven.Hag66).Asks(Coven.Hag66, "set", Query).RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test]
    public void A_room_that_is_not_there_has_no_archive() =>
        Coven.Uncreated().Asks(Coven.Hag66, "set", Query).RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test] // "MUC Archives": those with the right to see the sender's real JID
    public void In_a_semi_anonymous_room_moderators_and_admins_see_real_jids_and_nobody_else()
    {
        var coven = Coven.Open().With((Archiving, "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "one")
            .Affiliates("wiccarocks@shakespeare.lit", "admin");

        foreach (var who in new[] { Coven.Crone1, Coven.Wiccarocks })
        {
            var item = Coven.Item(Forwarded(Results(coven, who).Single()));
            Assert.That(item.Attribute("jid")?.Value, Is.EqualTo(Coven.Hag66));
            Assert.That(item.Attribute("affiliation")?.Value, Is.EqualTo("none"));
            Assert.That(item.Attribute("role")?.Value, Is.EqualTo("participant"));
        }
        foreach (var who in new[] { Coven.Hag66, "hecate@shakespeare.lit/moon" })
            Assert.That(Results(coven, who).Single().ToString(), Does.Not.Contain("hag66"));
    }

    [Test] // "MUC Archives"
    public void In_a_non_anonymous_room_all_see_the_real_jids_of_what_was_said_while_it_was_that()
    {
        var coven = Coven.Open().With((Archiving, "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "in the dark")
            .With(("muc#roomconfig_whois", "anyone")).Says(Coven.Hag66, "in the light");

        var seen = Results(coven, Coven.Wiccarocks).Select(Forwarded).Select(m => m.Element(Ns.MucUser + "x") is null ? null : Coven.Item(m).Attribute("jid")?.Value);
        Assert.That(seen, Is.EqualTo(new[] { null, Coven.Hag66 }));

        coven.With(("muc#roomconfig_whois", "moderators"));
        Assert.That(Results(coven, Coven.Wiccarocks).Select(r => r.ToString()), Has.None.Contains("hag66"));
    }

    [Test] // "MUC message spoofing", XEP-0359 §4
    public void What_only_the_room_may_say_about_a_message_is_not_taken_from_its_author()
    {
        var coven = Coven.Open().With((Archiving, "1")).Enters(Coven.Hag66, "thirdwitch").Hears($"""
            <message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='1'><body>one</body>
              <x xmlns='http://jabber.org/protocol/muc#user'><item jid='crone1@shakespeare.lit' affiliation='owner' role='moderator'/></x>
              <stanza-id xmlns='urn:xmpp:sid:0' by='COVEN@chat.Shakespeare.lit' id='forged'/></message>
            """);

        var result = Results(coven, Coven.Wiccarocks).Single();

        Assert.That(result.Descendants(Ns.MucUser + "item"), Is.Empty);
        Assert.That(result.Descendants(Ns.StanzaId + "stanza-id").Select(i => i.Attribute("id")!.Value), Is.EqualTo(new[] { result.Attribute("id")!.Value }));
    }

    [TestCase("hag66@shakespeare.lit", ExpectedResult = "pda laptop")]
    [TestCase("hag66@shakespeare.lit/pda", ExpectedResult = "pda")]
    [TestCase("crone1@shakespeare.lit", ExpectedResult = "")]
    public string A_moderator_asks_for_what_one_person_said(string with) // "Filtering by JID"
    {
        var coven = Coven.Open().With((Archiving, "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "pda")
            .Enters("hag66@shakespeare.lit/laptop", "fourthwitch").Says("hag66@shakespeare.lit/laptop", "laptop");

        return string.Join(' ', Bodies(Results(coven, Coven.Crone1, Filtered(("with", with)))));
    }

    [Test] // "Filtering by JID"
    public void Who_may_not_know_real_jids_cannot_find_out_by_asking_for_one()
    {
        var coven = Coven.Open().With((Archiving, "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "in the dark");
        coven.Asks(Coven.Wiccarocks, "set", Filtered(("with", "hag66@shakespeare.lit"))).RefusesWith(Coven.Wiccarocks, "auth", "forbidden");

        coven.With(("muc#roomconfig_whois", "anyone")).Says(Coven.Hag66, "in the light");

        Assert.That(Bodies(Results(coven, Coven.Wiccarocks, Filtered(("with", "hag66@shakespeare.lit")))), Is.EqualTo(new[] { "in the light" }));
    }

    [TestCase("get")]
    [TestCase("set")]
    public void Nobody_has_preferences_about_a_rooms_archive(string type) => // XEP-0441 §2
        Coven.Open().With((Archiving, "1")).Asks(Coven.Crone1, type, "<prefs xmlns='urn:xmpp:mam:2'/>").RefusesWith(Coven.Crone1, "cancel", "feature-not-implemented");

    [TestCase("get", "<fin xmlns='urn:xmpp:mam:2'/>")]
    [TestCase("set", "<metadata xmlns='urn:xmpp:mam:2'/>")]
    public void What_is_no_question_to_an_archive_is_a_bad_request(string type, string payload) =>
        Coven.Open().With((Archiving, "1")).Asks(Coven.Crone1, type, payload).RefusesWith(Coven.Crone1, "modify", "bad-request");

    private static string Filtered(params (string Var, string Value)[] fields) => $"<query xmlns='urn:xmpp:mam:2'>{Coven.Form("urn:xmpp:mam:2", fields)}</query>";

    private static string[] FeaturesOf(Coven coven) =>
        Coven.Features(coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66));

    private static XElement[] Results(Coven coven, string who, string query = Query) => ResultsIn(coven.Asks(who, "set", query), who);

    private static XElement[] ResultsIn(Coven coven, string who)
    {
        Assert.That(coven.ToldTo(who)[^1].Attribute("type")?.Value, Is.EqualTo("result"), $"{coven.ToldTo(who)[^1]}");
        return [.. coven.ToldTo(who).Elements(Ns.Mam + "result")];
    }

    private static XElement Forwarded(XElement result) => result.Element(Ns.Forward + "forwarded")!.Element(Ns.Client + "message")!;

    private static IEnumerable<string> Bodies(IEnumerable<XElement> results) => results.Select(r => Forwarded(r).Element(Ns.Client + "body")!.Value);
}
