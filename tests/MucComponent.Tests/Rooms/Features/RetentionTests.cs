using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>How long what was said is kept: XEP-0313, XEP-0045 §7.2.13.</summary>
public sealed class RetentionTests
{
    private const string Days = "muc#roomconfig_archiveretention";

    [TestCase(null, "0", ExpectedResult = "10 3 2 0")]
    [TestCase(null, "3", ExpectedResult = "3 2 0")]
    [TestCase(null, "9", ExpectedResult = "3 2 0")]
    [TestCase(2, "0", ExpectedResult = "2 0")]
    [TestCase(2, "3", ExpectedResult = "2 0", Description = "a room gets no more than the service gives")]
    [TestCase(9, "2", ExpectedResult = "2 0")]
    public string What_is_older_than_the_room_and_the_service_keep_it_is_shown_nowhere(int? atMost, string days)
    {
        var coven = Said(atMost, days);
        var page = Bodies(coven.Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2'/>").Told);

        Assert.That(Bodies(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)), Is.EqualTo(page), "history");
        var metadata = coven.Asks(Coven.Crone1, "get", "<metadata xmlns='urn:xmpp:mam:2'/>").OnlyTold(Coven.Crone1).Element(Ns.Mam + "metadata")!;
        Assert.That((string?)metadata.Element(Ns.Mam + "start")!.Attribute("timestamp"), Is.EqualTo(Timestamp.Format(coven.Now.AddDays(-int.Parse(page.Split(' ')[0], null)))), "metadata");
        return page;
    }

    [Test]
    public void It_is_gone_at_the_very_moment_and_not_only_when_the_store_removes_it()
    {
        var coven = Said(null, "3");
        coven.Now += TimeSpan.FromMilliseconds(1);

        Assert.That(Bodies(coven.Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2'/>").Told), Is.EqualTo("2 0"));
        Assert.That(Bodies(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)), Is.EqualTo("2 0"));
    }

    [TestCase("<set xmlns='http://jabber.org/protocol/rsm'><after>{0}</after></set>")]
    [TestCase("<set xmlns='http://jabber.org/protocol/rsm'><before>{0}</before></set>")]
    [TestCase("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field var='ids'><value>{0}</value></field></x>")]
    public void It_is_not_found_by_its_id_either(string by)
    {
        var coven = Said(null, "0");
        var oldest = coven.Asks(Coven.Crone1, "set", "<query xmlns='urn:xmpp:mam:2'/>").Told[0].Element(Ns.Mam + "result")!.Attribute("id")!.Value;
        var query = $"<query xmlns='urn:xmpp:mam:2'>{by.Replace("{0}", oldest, StringComparison.Ordinal)}</query>";
        Assert.That(coven.Asks(Coven.Crone1, "set", query).Told[^1].Attribute("type")?.Value, Is.EqualTo("result"));

        coven.With((Days, "9")).Asks(Coven.Crone1, "set", query).RefusesWith(Coven.Crone1, "cancel", "item-not-found");
    }

    [Test]
    public void History_without_an_archive_is_kept_no_longer()
    {
        var coven = Coven.Open(new ServicePolicy { Retention = TimeSpan.FromHours(1) }).Says(Coven.Crone1, "old");
        coven.Now += TimeSpan.FromHours(2);

        Assert.That(Bodies(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)), Is.Empty);
    }

    [TestCase("7", 7)]
    [TestCase("0", null)]
    public void The_store_knows_how_long_the_room_keeps_its_messages(string days, int? kept)
    {
        var coven = Coven.Open().With((Days, "1"));

        coven.With((Days, days));

        Assert.That(coven.Changes.OfType<RoomChanged>().Single().Room.Retention, Is.EqualTo(kept is { } d ? TimeSpan.FromDays(d) : (TimeSpan?)null));
    }

    [TestCase("-1")]
    [TestCase("36501")]
    [TestCase("a week")]
    public void What_is_no_number_of_days_is_refused(string days) =>
        Coven.Open().With((Days, days)).RefusesWith(Coven.Crone1, "modify", "bad-request");

    // A message of ten days ago, one of three, of two, and one of now; each says how old it is.
    private static Coven Said(int? atMost, string days)
    {
        var coven = Coven.Open(new ServicePolicy { Retention = atMost is { } d ? TimeSpan.FromDays(d) : null })
            .With(("muc#roomconfig_enablelogging", "1"), (Days, days));
        var now = coven.Now;
        foreach (var age in new[] { 10, 3, 2, 0 })
        {
            coven.Now = now.AddDays(-age);
            coven.Says(Coven.Crone1, $"{age}");
        }
        return coven;
    }

    private static string Bodies(IEnumerable<XElement> told) => string.Join(' ', told.Descendants(Ns.Client + "body").Select(b => b.Value));
}
