using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0424: an author takes back what was said.</summary>
public sealed class RetractionTests
{
    private const string Query = "<query xmlns='urn:xmpp:mam:2'/>";

    [Test] // "Discovering support", "Tombstones"
    public void A_room_says_that_it_makes_tombstones()
    {
        string[] both = ["urn:xmpp:message-retract:1", "urn:xmpp:message-retract:1#tombstone"];
        var coven = Coven.Open();
        Assert.That(coven.Features(both), Is.EqualTo(both));
        Assert.That(coven.With(("muc#roomconfig_allowretraction", "0")).Features(both), Is.Empty);
    }

    [TestCase("<retract xmlns='urn:xmpp:message-retract:1' id='{0}'/>")]
    [TestCase("<apply-to xmlns='urn:xmpp:fasten:0' id='{0}'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>")]
    public void What_its_author_takes_back_is_a_tombstone_in_the_archive_and_told_to_no_newcomer(string retract)
    {
        var coven = Said("Harpier cries", out var id);
        coven.Now += TimeSpan.FromSeconds(40);
        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='take'>{string.Format(null, retract, id)}</message>");

        foreach (var who in new[] { Coven.Crone1, Coven.Hag66 })
            Assert.That(coven.OnlyTold(who).Elements().First().Attribute("id")?.Value, Is.EqualTo(id), "it is a message like any other");
        var archive = Archive(coven);
        Assert.That(archive.Select(m => m.Attribute("id")!.Value), Is.EqualTo(new[] { "hysf1v37", "take" }), "the retraction is kept too");
        var author = coven.Room.OccupantId(Jid.Parse(Coven.Hag66).Bare);
        Assert.That(archive[0].Elements().Where(e => e.Name.Namespace != Ns.MucUser).Select(e => e.ToString()), Is.EqualTo(new[]
        {
            $"<occupant-id id=\"{author}\" xmlns=\"urn:xmpp:occupant-id:0\" />",
            "<retracted stamp=\"2002-10-13T23:59:17.000Z\" id=\"take\" xmlns=\"urn:xmpp:message-retract:1\" />",
        }));
        Assert.That(archive[0].Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/thirdwitch"));
        Assert.That(Newcomer(coven), Is.EqualTo(new[] { "take" }), "who was not told what was said hears that something was taken back");
    }

    [Test]
    public void What_was_maybe_never_sent_is_not_told_again()
    {
        var coven = Said("Harpier cries", out var id).Hears(Retraction(Coven.Hag66, id)).Crashes();

        Assert.That(coven.ToldTo(Coven.Crone1).Where(s => s.Name.LocalName == "message").Select(m => m.Attribute("id")?.Value), Has.Member("take").And.No.Member("hysf1v37"));
        Assert.That(coven.Told.Select(s => s.ToString()), Has.None.Contains("Harpier"));
    }

    [Test] // "Business Rules"
    public void What_somebody_else_takes_back_stays()
    {
        var coven = Said("Harpier cries", out var id).Hears(Retraction(Coven.Crone1, id));

        Assert.That(coven.OnlyTold(Coven.Hag66).Element(Ns.Retraction + "retract"), Is.Not.Null, "it is only a message, and clients know by the occupant id");
        Assert.That(Bodies(Archive(coven)), Is.EqualTo(new[] { "Harpier cries" }));
        Assert.That(Newcomer(coven), Is.EqualTo(new[] { "hysf1v37", "take" }));
    }

    [Test]
    public void It_may_be_done_with_another_client_under_another_nick()
    {
        var coven = Said("Harpier cries", out var id).Enters("hag66@shakespeare.lit/laptop", "hag").Hears(Retraction("hag66@shakespeare.lit/laptop", id));

        Assert.That(Bodies(Archive(coven)), Is.Empty);
    }

    [Test]
    public void What_is_gone_from_memory_is_taken_back_in_the_archive()
    {
        var coven = Said("Harpier cries", out var id).With(("muc#roomconfig_historylength", "0")).Hears(Retraction(Coven.Hag66, id));

        Assert.That(Bodies(Archive(coven)), Is.Empty);
    }

    [TestCase("hysf1v37")]
    [TestCase("origin")]
    [TestCase("0399bfa6-8fe3-40ec-9aa6-88616cfe4aee")] // as the room's look, too
    public void The_authors_own_id_will_do_while_newcomers_get_the_message(string id) // "Using the correct ID"
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", "1")).Enters(Coven.Hag66, "thirdwitch");
        coven.Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat' id='{id}'><body>hers</body></message>");
        var origin = id == "hysf1v37" ? "origin" : id;
        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='hysf1v37'><body>mine</body><origin-id xmlns='urn:xmpp:sid:0' id='{origin}'/></message>");

        Assert.That(Bodies(Archive(coven.Hears(Retraction(Coven.Hag66, id)))), Is.EqualTo(new[] { "hers" }));
    }

    [TestCase("hysf1v37")]
    [TestCase("0399bfa6-8fe3-40ec-9aa6-88616cfe4aee")]
    public void The_authors_own_id_will_do_in_the_archive(string id) // "Using the correct ID"
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", "1"), ("muc#roomconfig_historylength", "0")).Enters(Coven.Hag66, "thirdwitch");
        coven.Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat' id='{id}'><body>hers</body></message>");
        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='{id}'><body>mine</body></message>");
        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='other'><body>this stays</body></message>").Hears(Retraction(Coven.Hag66, id));

        Assert.That(coven.OnlyTold(Coven.Crone1).Attribute("id")?.Value, Is.EqualTo("take"), "nobody hears of it twice");
        Assert.That(Bodies(Archive(coven)), Is.EqualTo(new[] { "hers", "this stays" }));
    }

    [TestCase("00000000-0000-7000-8000-000000000000")]
    [TestCase("who knows")]
    public void To_take_back_what_is_not_there_changes_nothing(string id) =>
        Assert.That(Bodies(Archive(Said("Harpier cries", out _).Hears(Retraction(Coven.Hag66, id)))), Is.EqualTo(new[] { "Harpier cries" }));

    [Test]
    public void Where_what_is_said_stays_said_nobody_hears_of_it()
    {
        var coven = Said("Harpier cries", out var id).With(("muc#roomconfig_allowretraction", "0"));

        coven.Hears(Retraction(Coven.Hag66, id)).RefusesWith(Coven.Hag66, "cancel", "not-allowed");
    }

    private static Coven Said(string body, out string id)
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", "1")).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, body);
        id = coven.OnlyTold(Coven.Crone1).Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;
        return coven;
    }

    private static string Retraction(string who, string id) =>
        $"<message from='{who}' to='{Coven.Address}' type='groupchat' id='take'><retract xmlns='urn:xmpp:message-retract:1' id='{id}'/></message>";

    private static XElement[] Archive(Coven coven) =>
        [.. coven.Restarts().Asks(Coven.Crone1, "set", Query).ToldTo(Coven.Crone1).Descendants(Ns.Forward + "forwarded").Select(f => f.Element(Ns.Client + "message")!)];

    private static IEnumerable<string> Bodies(XElement[] messages) => messages.Elements(Ns.Client + "body").Select(b => b.Value);

    private static IEnumerable<string?> Newcomer(Coven coven) =>
        coven.Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks)
            .Where(s => s.Name.LocalName == "message" && s.Element(Ns.Client + "subject") is null).Select(m => m.Attribute("id")?.Value);
}
