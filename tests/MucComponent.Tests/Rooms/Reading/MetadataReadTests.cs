using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Reading;

/// <summary>XEP-0313, "Archive metadata".</summary>
public sealed class MetadataReadTests
{
    private const string Metadata = "<metadata xmlns='urn:xmpp:mam:2'/>";

    [Test, Row("0313")]
    public void An_archive_tells_of_its_first_message_and_its_last()
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablelogging", "1"));
        foreach (var body in new[] { "one", "two", "three" })
        {
            coven.Says(Coven.Crone1, body);
            coven.Now += TimeSpan.FromMinutes(1);
        }
        var last = coven.Says(Coven.Crone1, "four").OnlyTold(Coven.Crone1).Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;

        var answer = coven.Asks(Coven.Hag66, "get", Metadata).OnlyTold(Coven.Hag66).Element(Ns.Mam + "metadata")!;

        Assert.That(answer.Elements().Select(e => e.Name), Is.EqualTo(new[] { Ns.Mam + "start", Ns.Mam + "end" }));
        Assert.That(answer.Element(Ns.Mam + "start")!.Attribute("timestamp")?.Value, Is.EqualTo("2002-10-13T23:58:37.000Z"));
        Assert.That(answer.Element(Ns.Mam + "end")!.Attribute("timestamp")?.Value, Is.EqualTo("2002-10-14T00:01:37.000Z"));
        Assert.That(answer.Element(Ns.Mam + "end")!.Attribute("id")?.Value, Is.EqualTo(last));
    }

    [Test]
    public void An_empty_archive_has_nothing_to_tell()
    {
        var answer = Coven.Open().With(("muc#roomconfig_enablelogging", "1")).Asks(Coven.Hag66, "get", Metadata).OnlyTold(Coven.Hag66);

        Assert.That(answer.Element(Ns.Mam + "metadata")!.HasElements, Is.False);
    }
}
