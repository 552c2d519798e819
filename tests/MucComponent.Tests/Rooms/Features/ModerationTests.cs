using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0425: a moderator takes back what somebody else said.</summary>
public sealed class ModerationTests
{
    private const string Service = "chat.shakespeare.lit";
    private const string Nowhere = "00000000-0000-7000-8000-000000000000";

    [TestCase("moderators", ExpectedResult = 2)]
    [TestCase("admins", ExpectedResult = 2)]
    [TestCase("none", ExpectedResult = 0)]
    public int A_room_says_whether_it_can_be_done(string who) => // "Discovering support"
        Coven.Open().With(("muc#roomconfig_retractothers", who)).Features("urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0").Count();

    [Test, Row("K14")] // "Success case"
    public void Everybody_is_told_by_the_room_what_was_taken_back_by_whom_and_why()
    {
        var coven = Said(out var id).Asks(Coven.Crone1, "set", Moderate(id, "This message contains inappropriate content for this forum"));

        Assert.That(Coven.Short(coven.ToldTo(Coven.Crone1)[^1]), Is.EqualTo("result"));
        var told = coven.ToldTo(Coven.Crone1)[0];
        Assert.That(coven.OnlyTold(Coven.Hag66).Elements().Select(e => e.ToString()), Is.EqualTo(told.Elements().Select(e => e.ToString())));
        Assert.That(told.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(told.Attribute("type")?.Value, Is.EqualTo("groupchat"));
        Assert.That(told.Element(Ns.Retraction + "retract")!.ToString(SaveOptions.DisableFormatting), Is.EqualTo(
            $"<retract id=\"{id}\" xmlns=\"urn:xmpp:message-retract:1\">"
            + $"<moderated by=\"{Coven.Address}/firstwitch\" xmlns=\"urn:xmpp:message-moderate:1\"><occupant-id id=\"{Id(coven, Coven.Crone1)}\" xmlns=\"urn:xmpp:occupant-id:0\" /></moderated>"
            + "<reason>This message contains inappropriate content for this forum</reason></retract>"));
        Assert.That(told.Element(Ns.StanzaId + "stanza-id")?.Attribute("by")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(coven.OnlyTold(Coven.Hag66).ToString(), Does.Not.Contain("crone1"), "the room is semi-anonymous");
    }

    [Test] // version 0.2
    public void Who_knows_the_older_version_alone_can_do_it_and_understands_it()
    {
        var coven = Said(out var id).Asks(Coven.Crone1, "set", $"""
            <apply-to xmlns='urn:xmpp:fasten:0' id='{id}'><moderate xmlns='urn:xmpp:message-moderate:0'>
              <retract xmlns='urn:xmpp:message-retract:0'/><reason>rude</reason></moderate></apply-to>
            """);

        Assert.That(coven.OnlyTold(Coven.Hag66).Element(Ns.Fasten + "apply-to")!.ToString(SaveOptions.DisableFormatting), Is.EqualTo(
            $"<apply-to id=\"{id}\" xmlns=\"urn:xmpp:fasten:0\"><moderated by=\"{Coven.Address}/firstwitch\" xmlns=\"urn:xmpp:message-moderate:0\">"
            + "<retract xmlns=\"urn:xmpp:message-retract:0\" /><reason>rude</reason></moderated></apply-to>"));
        Assert.That(Archive(coven)[0].Descendants(Ns.Retraction + "reason").Single().Value, Is.EqualTo("rude"));
    }

    [Test] // "Tombstones"
    public void The_tombstone_says_when_by_whom_and_why()
    {
        var coven = Said(out var id);
        coven.Now += TimeSpan.FromSeconds(31);
        var telling = coven.Asks(Coven.Crone1, "set", Moderate(id, "rude")).OnlyTold(Coven.Hag66).Attribute("id")!.Value;

        var archive = Archive(coven);

        Assert.That(archive.Select(m => m.Attribute("id")!.Value), Is.EqualTo(new[] { "hysf1v37", telling }));
        Assert.That(archive[0].Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/thirdwitch"));
        Assert.That(archive[0].Element(Ns.OccupantId + "occupant-id")?.Attribute("id")?.Value, Is.EqualTo(Id(coven, Coven.Hag66)));
        Assert.That(archive[0].Element(Ns.Retraction + "retracted")!.ToString(SaveOptions.DisableFormatting), Is.EqualTo(
            $"<retracted stamp=\"2002-10-13T23:59:08.000Z\" id=\"{telling}\" xmlns=\"urn:xmpp:message-retract:1\">"
            + $"<moderated by=\"{Coven.Address}/firstwitch\" xmlns=\"urn:xmpp:message-moderate:1\"><occupant-id id=\"{Id(coven, Coven.Crone1)}\" xmlns=\"urn:xmpp:occupant-id:0\" /></moderated>"
            + "<reason>rude</reason></retracted>"));
        Assert.That(archive[0].ToString(), Does.Not.Contain("Harpier"));
    }

    [TestCase("1")]
    [TestCase("0")]
    public void Newcomers_do_not_get_it_whether_it_is_archived_or_not(string archiving)
    {
        var coven = Said(out var id, archiving).Asks(Coven.Crone1, "set", Moderate(id));

        foreach (var _ in new[] { "as it is", "restarted" })
        {
            Assert.That(coven.Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks).Select(s => s.ToString()), Has.None.Contains("Harpier").And.None.Contains("<retracted"));
            coven.Leaves(Coven.Wiccarocks).Restarts();
        }
    }

    [TestCase("moderators", Coven.Wiccarocks, "participant", ExpectedResult = "forbidden")]
    [TestCase("moderators", Coven.Wiccarocks, "moderator", ExpectedResult = "")]
    [TestCase("admins", Coven.Wiccarocks, "moderator", ExpectedResult = "forbidden")]
    [TestCase("admins", Coven.Crone1, "participant", ExpectedResult = "")]
    [TestCase("none", Coven.Crone1, "participant", ExpectedResult = "forbidden")]
    [TestCase("moderators", "hecate@shakespeare.lit/moon", "participant", ExpectedResult = "forbidden")]
    public string Who_may(string option, string who, string role) // "Error case"
    {
        var coven = Said(out var id).With(("muc#roomconfig_retractothers", option)).Enters(Coven.Wiccarocks, "secondwitch").GivesRole("secondwitch", role);

        coven.Asks(who, "set", Moderate(id));

        if (coven.ToldTo(who)[^1].Attribute("type")?.Value == "result") return "";
        coven.RefusesWith(who, "auth", "forbidden");
        return "forbidden";
    }

    [Test]
    public void An_admin_who_is_not_in_the_room_does_it_in_the_rooms_name_and_is_known_by_the_occupant_id()
    {
        var coven = Said(out var id).Affiliates("hecate@shakespeare.lit", "admin").Asks("hecate@shakespeare.lit/moon", "set", Moderate(id));

        var moderated = coven.OnlyTold(Coven.Hag66).Descendants(Ns.Moderation + "moderated").Single();
        Assert.That(moderated.Attribute("by")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(moderated.Element(Ns.OccupantId + "occupant-id")?.Attribute("id")?.Value, Is.EqualTo(Id(coven, "hecate@shakespeare.lit")));
    }

    [TestCase(Nowhere)]
    [TestCase("hysf1v37", Description = "the author's own id")]
    public void What_is_not_there_cannot_be_taken_back_and_nobody_hears_of_it(string id) =>
        Said(out _).Asks(Coven.Crone1, "set", Moderate(id)).RefusesWith(Coven.Crone1, "cancel", "item-not-found");

    [Test]
    public void What_was_taken_back_before_is_taken_back_and_nobody_hears_of_it_again()
    {
        var coven = Said(out var id).Asks(Coven.Crone1, "set", Moderate(id)).Asks(Coven.Crone1, "set", Moderate(id));

        Assert.That(Coven.Short(coven.OnlyTold(Coven.Crone1)), Is.EqualTo("result"));
        Assert.That(coven.Told, Has.Count.EqualTo(1));
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test]
    public void What_is_kept_no_longer_is_not_there()
    {
        var coven = Said(out var id).With(("muc#roomconfig_archiveretention", "1"));
        coven.Now += TimeSpan.FromDays(2);

        coven.Asks(Coven.Crone1, "set", Moderate(id)).RefusesWith(Coven.Crone1, "cancel", "item-not-found");
    }

    [TestCase("get", "<moderate xmlns='urn:xmpp:message-moderate:1' id='{0}'><retract xmlns='urn:xmpp:message-retract:1'/></moderate>", "bad-request")]
    [TestCase("set", "<moderate xmlns='urn:xmpp:message-moderate:1'><retract xmlns='urn:xmpp:message-retract:1'/></moderate>", "bad-request")]
    [TestCase("set", "<moderate xmlns='urn:xmpp:message-moderate:1' id='{0}'/>", "bad-request")]
    [TestCase("set", "<moderate xmlns='urn:xmpp:message-moderate:1' id='{0}'><retract/></moderate>", "bad-request")]
    [TestCase("set", "<apply-to xmlns='urn:xmpp:fasten:0' id='{0}'><applause xmlns='urn:example'/></apply-to>", "feature-not-implemented")]
    public void What_makes_no_sense_is_refused(string type, string payload, string condition)
    {
        var coven = Said(out var id);
        coven.Asks(Coven.Crone1, type, string.Format(null, payload, id)).RefusesWith(Coven.Crone1, condition == "bad-request" ? "modify" : "cancel", condition);
    }

    [Test]
    public void A_reason_has_a_bound() =>
        Said(out var id).Asks(Coven.Crone1, "set", Moderate(id, new string('x', 1_001))).RefusesWith(Coven.Crone1, "modify", "not-acceptable");

    [Test]
    public void The_service_itself_names_nobody()
    {
        var coven = Said(out var id);
        coven.Asks(Service, "set", Moderation.Request(Guid.Parse(id), "spam", null).ToString());

        var moderated = coven.OnlyTold(Coven.Hag66).Descendants(Ns.Moderation + "moderated").Single();
        Assert.That(moderated.Attribute("by")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(moderated.HasElements, Is.False);
        Assert.That(Coven.Short(coven.OnlyTold(Service)), Is.EqualTo("result"));
    }

    [Test]
    public void What_the_service_put_aside_it_gives_back_and_nobody_else_does()
    {
        var coven = Said(out var id);
        var before = Archive(coven)[0].ToString();
        coven.Asks(Service, "set", Moderation.Request(Guid.Parse(id), "spam", new Aside(Guid.NewGuid(), coven.Now)).ToString());
        Assert.That(coven.Changes.OfType<MessageRetracted>().Single().Aside, Is.Not.Null);
        var undoing = Moderation.Undoing(Guid.Parse(id), coven.Original(id)).ToString();

        coven.Asks(Coven.Crone1, "set", undoing).RefusesWith(Coven.Crone1, "modify", "bad-request");
        coven.Asks(Service, "set", undoing);

        Assert.That(coven.Told, Has.Count.EqualTo(1), "nobody is told");
        Assert.That(Archive(coven)[0].ToString(), Is.EqualTo(before));
        Assert.That(coven.Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks).Select(s => s.ToString()), Has.Some.Contains("Harpier"));
    }

    [Test]
    public void What_a_moderator_takes_back_is_not_put_aside()
    {
        var coven = Said(out var id);
        coven.Asks(Coven.Crone1, "set", Moderation.Request(Guid.Parse(id), "spam", new Aside(Guid.NewGuid(), coven.Now)).ToString());

        Assert.That(coven.Changes.OfType<MessageRetracted>().Single().Aside, Is.Null);
    }

    private static Coven Said(out string id, string archiving = "1")
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", archiving)).Enters(Coven.Hag66, "thirdwitch").Says(Coven.Hag66, "Harpier cries");
        id = coven.OnlyTold(Coven.Crone1).Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;
        return coven;
    }

    private static string Moderate(string id, string? reason = null) =>
        $"<moderate xmlns='urn:xmpp:message-moderate:1' id='{id}'><retract xmlns='urn:xmpp:message-retract:1'/>{(reason is null ? "" : $"<reason>{reason}</reason>")}</moderate>";

    private static string Id(Coven coven, string who) => coven.Room.OccupantId(Jid.Parse(who).Bare);

    private static XElement[] Archive(Coven coven) =>
        [.. coven.Restarts().Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2'/>").ToldTo(Coven.Crone1).Descendants(Ns.Forward + "forwarded").Select(f => f.Element(Ns.Client + "message")!)];
}
