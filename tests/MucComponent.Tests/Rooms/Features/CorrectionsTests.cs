using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0308: what was corrected is taken back with its corrections, by its author (XEP-0424) or a moderator (XEP-0425).</summary>
public sealed class CorrectionsTests
{
    private const string Length = "muc#roomconfig_historylength";
    private const string Archiving = "muc#roomconfig_enablelogging";

    private static readonly string[] Versions = ["first", "second", "third"];

    [Test]
    public void Whichever_version_a_moderator_names_all_are_tombstones(
        [ValueSource(nameof(Versions))] string named, [Values("20", "1", "0")] string remembered, [Values("first", "second")] string corrected)
    {
        var coven = Corrected(out var ids, corrected).With((Length, remembered));
        coven.Now += TimeSpan.FromSeconds(40);
        coven.Asks(Coven.Crone1, "set", Moderate(ids[named]));

        Assert.That(Coven.Short(coven.ToldTo(Coven.Crone1)[^1]), Is.EqualTo("result"));
        Assert.That(coven.ToldTo(Coven.Crone1).Count(s => Coven.Short(s) == "result"), Is.EqualTo(1));
        Assert.That(Bodies(Archive(coven)), Is.EqualTo(new[] { "before", "between", "hers" }));
        var stones = Archive(coven).Where(m => m.Element(Ns.Retraction + "retracted") is not null).ToList();
        Assert.That(stones.Select(m => m.Attribute("id")!.Value), Is.EqualTo(Versions));
        Assert.That(stones.Select(m => Without("id", m.Element(Ns.Retraction + "retracted")!)).Distinct().Count(), Is.EqualTo(1), "with the same who, when and why");
        Assert.That(stones.Descendants(Ns.Retraction + "reason").Select(r => r.Value), Is.All.EqualTo("rude"));
    }

    [Test]
    public void Whichever_version_the_author_names_all_are_tombstones(
        [ValueSource(nameof(Versions))] string named, [Values] bool byTheRoomsId, [Values("20", "2", "0")] string remembered)
    {
        var coven = Corrected(out var ids).With((Length, remembered)).Hears(Retraction(Coven.Hag66, byTheRoomsId ? ids[named] : named));

        Assert.That(coven.OnlyTold(Coven.Crone1).Attribute("id")?.Value, Is.EqualTo("take"), "it is a message like any other");
        Assert.That(Bodies(Archive(coven)), Is.EqualTo(new[] { "before", "between", "hers" }));
        Assert.That(Archive(coven).Elements(Ns.Retraction + "retracted").Select(r => r.Attribute("id")?.Value), Is.EqualTo(new[] { "take", "take", "take" }));
    }

    [TestCase(true), TestCase(false)]
    public void Newcomers_get_no_version_in_a_room_without_an_archive_either(bool byModerator)
    {
        var coven = Corrected(out var ids, archiving: "0");
        if (byModerator) coven.Asks(Coven.Crone1, "set", Moderate(ids["second"]));
        else coven.Hears(Retraction(Coven.Hag66, ids["first"]));

        foreach (var _ in new[] { "as it is", "restarted" })
        {
            Assert.That(Bodies(coven.Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks)), Is.EqualTo(new[] { "before", "between", "hers" }));
            coven.Leaves(Coven.Wiccarocks).Restarts();
        }
    }

    [TestCase("first", new[] { "first", "third" })]
    [TestCase("second", new[] { "first", "second", "third" })]
    [TestCase("third", new[] { "first", "third" })]
    public void Everybody_is_told_each_id_by_which_clients_may_know_it_and_the_log_has_it_once(string named, string[] told)
    {
        var coven = Corrected(out var ids).Asks(Coven.Crone1, "set", Moderate(ids[named]));

        var heard = coven.ToldTo(Coven.Hag66);
        Assert.That(heard.Select(m => m.Element(Ns.Retraction + "retract")?.Attribute("id")?.Value), Is.EqualTo(told.Select(name => ids[name])));
        Assert.That(heard.Select(m => m.Element(Ns.Fasten + "apply-to")?.Attribute("id")?.Value), Is.EqualTo(told.Select(name => ids[name])));
        Assert.That(heard.Select(m => m.Attribute("id")!.Value), Is.Unique);
        var archived = Forwarded(coven).Where(r => r.Descendants(Ns.Retraction + "retract").Any()).ToList();
        Assert.That(archived.Select(r => r.Attribute("id")!.Value), Is.EqualTo(heard.Select(StanzaId)), "who was away learns of them all, in their order");
        foreach (var name in told)
            Assert.That(
                Archive(coven).Single(m => m.Attribute("id")!.Value == name).Element(Ns.Retraction + "retracted")?.Attribute("id")?.Value,
                Is.EqualTo(heard[Array.IndexOf(told, name)].Attribute("id")!.Value), "a tombstone is matched to what was told of it");
        var log = coven.Executes(Coven.Crone1, "audit-log").OnlyTold(Coven.Crone1).Descendants(Ns.DataForms + "value").Select(v => v.Value).ToList();
        Assert.That(log.Count(v => v == "retraction"), Is.EqualTo(1));
        Assert.That(log, Has.Member(ids[named]));
    }

    [Test]
    public void What_is_told_is_known_to_be_delivered_with_its_turn()
    {
        var coven = Corrected(out var ids).Asks(Coven.Crone1, "set", Moderate(ids["second"]));

        var keys = coven.Changes.OfType<MessageKept>().Select(c => c.Message.Id).ToList();
        Assert.That(keys, Has.Count.EqualTo(3).And.Ordered.And.Unique);
        Assert.That(keys[0], Is.GreaterThan(Guid.Parse(ids["third"])), "after what was said before");
        Assert.That(coven.Hears(Say(Coven.Hag66, "next", "next")).Changes.OfType<MessageKept>().Single().Message.Id, Is.GreaterThan(keys[^1]));
    }

    [Test] // "Business Rules"
    public void A_correction_of_somebody_elses_message_is_none()
    {
        var coven = Open().Hears(Say(Coven.Hag66, "first", "mine"));
        var id = StanzaId(coven.OnlyTold(Coven.Crone1));
        coven.Hears(Say(Coven.Crone1, "claimed", "hers", "first")).Asks(Coven.Crone1, "set", Moderate(id));

        Assert.That(coven.ToldTo(Coven.Hag66), Has.Count.EqualTo(1));
        Assert.That(Bodies(Archive(coven)), Is.EqualTo(new[] { "hers" }));
    }

    [TestCase(0, new[] { "two", "two corrected" })]
    [TestCase(1, new[] { "one" })]
    [TestCase(2, new[] { "one" })]
    public void Two_messages_of_one_id_are_two_and_the_newer_one_is_corrected(int named, string[] left)
    {
        var coven = Open();
        string[] ids = [.. new[] { Say(Coven.Hag66, "1", "one"), Say(Coven.Hag66, "1", "two"), Say(Coven.Hag66, "2", "two corrected", "1") }.Select(m => StanzaId(coven.Hears(m).OnlyTold(Coven.Crone1)))];

        Assert.That(Bodies(Archive(coven.Asks(Coven.Crone1, "set", Moderate(ids[named])))), Is.EqualTo(left));
    }

    [Test]
    public void The_room_is_not_misled_by_an_authors_id_that_looks_like_its_own()
    {
        var coven = Open();
        var bad = StanzaId(coven.Hears(Say(Coven.Hag66, "1", "bad")).OnlyTold(Coven.Crone1));
        coven.Hears(Say(Coven.Hag66, bad, "good")).Asks(Coven.Crone1, "set", Moderate(bad));

        Assert.That(Bodies(Archive(coven)), Is.EqualTo(new[] { "good" }));
    }

    [Test]
    public void What_lies_more_than_a_page_of_the_authors_away_is_out_of_reach()
    {
        var coven = Open().Hears(Say(Coven.Hag66, "first", "first"));
        for (var i = 0; i < 250; i++) coven.Hears(Say(Coven.Hag66, $"m{i}", "."));
        var id = StanzaId(coven.Hears(Say(Coven.Hag66, "second", "second", "first")).OnlyTold(Coven.Crone1));
        coven.Hears(Say(Coven.Hag66, "third", "third", "first")).Asks(Coven.Crone1, "set", Moderate(id));

        Assert.That(coven.Changes.OfType<MessageRetracted>().Count(), Is.EqualTo(2), "the corrections are of one message all the same");
        Assert.That(coven.ToldTo(Coven.Hag66), Has.Count.EqualTo(2));
    }

    [TestCase("first"), TestCase("second")]
    public void What_a_moderator_took_back_is_not_said_again_by_correcting_it(string corrected)
    {
        var coven = Corrected(out var ids).Asks(Coven.Crone1, "set", Moderate(ids["third"]));

        coven.Hears(Say(Coven.Hag66, "again", "Harpier cries", corrected)).RefusesWith(Coven.Hag66, "cancel", "not-allowed");
        Assert.That(Coven.Short(coven.Hears(Say(Coven.Crone1, "own", "of her own", corrected)).OnlyTold(Coven.Hag66)), Is.EqualTo("groupchat firstwitch"), "that is none");
        Assert.That(coven.Hears(Say(Coven.Hag66, "anew", "something else")).OnlyTold(Coven.Crone1).Element(Ns.Client + "body"), Is.Not.Null);
    }

    [Test]
    public void What_its_author_took_back_may_be_corrected_and_taken_back_again()
    {
        var coven = Corrected(out var ids).Hears(Retraction(Coven.Hag66, ids["first"])).Hears(Say(Coven.Hag66, "again", "Is't time?", "first"));
        Assert.That(Bodies(Archive(coven)), Has.Member("Is't time?"));

        coven.Asks(Coven.Crone1, "set", Moderate(ids["first"]));
        Assert.That(Bodies(Archive(coven)), Is.EqualTo(new[] { "before", "between", "hers" }));
    }

    // Somebody says something, corrects it twice, and there is something else around that.
    private static Coven Corrected(out Dictionary<string, string> ids, string corrected = "first", string archiving = "1")
    {
        var coven = Open(archiving).Hears(Say(Coven.Hag66, "before", "before"));
        ids = [];
        ids["first"] = StanzaId(coven.Hears(Say(Coven.Hag66, "first", "Harpier cries")).OnlyTold(Coven.Crone1));
        ids["second"] = StanzaId(coven.Hears(Say(Coven.Hag66, "second", "Harpier cries, 'tis", "first")).OnlyTold(Coven.Crone1));
        coven.Hears(Say(Coven.Hag66, "between", "between"));
        ids["third"] = StanzaId(coven.Hears(Say(Coven.Hag66, "third", "Harpier cries, 'tis time", corrected)).OnlyTold(Coven.Crone1));
        return coven.Hears(Say(Coven.Crone1, "hers", "hers", "second"));
    }

    private static Coven Open(string archiving = "1") => Coven.Open().With((Archiving, archiving)).Enters(Coven.Hag66, "thirdwitch");

    private static string Say(string who, string id, string body, string? corrected = null) =>
        $"<message from='{who}' to='{Coven.Address}' type='groupchat' id='{id}'><body>{body}</body>"
        + (corrected is null ? "" : $"<replace xmlns='urn:xmpp:message-correct:0' id='{corrected}'/>") + "</message>";

    private static string Retraction(string who, string id) =>
        $"<message from='{who}' to='{Coven.Address}' type='groupchat' id='take'><retract xmlns='urn:xmpp:message-retract:1' id='{id}'/></message>";

    private static string Moderate(string id) =>
        $"<moderate xmlns='urn:xmpp:message-moderate:1' id='{id}'><retract xmlns='urn:xmpp:message-retract:1'/><reason>rude</reason></moderate>";

    private static string StanzaId(XElement message) => message.Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;

    private static string Without(string attribute, XElement element)
    {
        var copy = new XElement(element);
        copy.SetAttributeValue(attribute, null);
        return copy.ToString();
    }

    private static XElement[] Forwarded(Coven coven) =>
        [.. coven.Restarts().Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2'/>").ToldTo(Coven.Crone1).Elements(Ns.Mam + "result")];

    private static XElement[] Archive(Coven coven) => [.. Forwarded(coven).Descendants(Ns.Forward + "forwarded").Select(f => f.Element(Ns.Client + "message")!)];

    private static IEnumerable<string> Bodies(IEnumerable<XElement> messages) => messages.Elements(Ns.Client + "body").Select(b => b.Value);
}
