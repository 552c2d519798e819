using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0463.</summary>
public sealed class AffiliationVersionsTests
{
    private static readonly XNamespace N = "urn:xmpp:muc:affiliations:1";
    private const string Ask = "<mav xmlns='urn:xmpp:muc:affiliations:1'/>";

    [Test] // "On Join": full response, before any presence; the version in the self-presence
    public void Whoever_asks_for_the_first_time_hears_all_of_the_lists_before_any_presence()
    {
        var coven = Open().Affiliates("hag66@shakespeare.lit", "member").Affiliates("macbeth@scotland.lit", "outcast");

        var told = coven.Enters(Coven.Wiccarocks, "secondwitch", Ask).ToldTo(Coven.Wiccarocks);

        Assert.That(Items(told[0]), Is.EqualTo("crone1=owner hag66=member macbeth=outcast wiccarocks=admin"));
        Assert.That((Since(told[0]), Until(told[0])), Is.EqualTo(((string?)null, Until(Self(told)))));
        Assert.That(Until(Self(told)), Is.Not.Null);
        Assert.That(told.Count(s => s.Attribute("type") is null && s.Name == Ns.Client + "message"), Is.EqualTo(1));
    }

    [Test] // "Versioned response"
    public void Whoever_knows_a_version_hears_what_changed_since_and_each_address_once()
    {
        var coven = Open().Affiliates("hag66@shakespeare.lit", "member");
        var version = Enter(coven);
        coven.Leaves(Coven.Wiccarocks).Affiliates("hag66@shakespeare.lit", "none").Affiliates("macbeth@scotland.lit", "member").Affiliates("macbeth@scotland.lit", "outcast").Restarts();

        var told = coven.Enters(Coven.Wiccarocks, "secondwitch", $"<mav xmlns='{N}' since='{version}'/>").ToldTo(Coven.Wiccarocks);

        Assert.That(Items(told[0]), Is.EqualTo("hag66=none macbeth=outcast"));
        Assert.That((Since(told[0]), Until(told[0])), Is.EqualTo((version, Until(Self(told)))));
        Assert.That(Until(told[0]), Is.Not.EqualTo(version));
    }

    [Test] // "If a client sends the current version, no message is sent"
    public void Whoever_knows_the_newest_version_hears_only_that_it_does()
    {
        var coven = Open();
        var version = Enter(coven);

        var told = coven.Leaves(Coven.Wiccarocks).Enters(Coven.Wiccarocks, "secondwitch", $"<mav xmlns='{N}' since='{version}'/>").ToldTo(Coven.Wiccarocks);

        Assert.That(told[0].Name, Is.EqualTo(Ns.Client + "presence"));
        Assert.That(Until(Self(told)), Is.EqualTo(version));
    }

    [TestCase("9pacabr2q1")]
    [TestCase("0")]
    [TestCase("0.forged")]
    [TestCase("7.AAAAAAAAAAAA")]
    public void A_version_that_the_room_does_not_know_is_as_good_as_none(string since)
    {
        var told = Open().Enters(Coven.Wiccarocks, "secondwitch", $"<mav xmlns='{N}' since='{since}'/>").ToldTo(Coven.Wiccarocks);

        Assert.That((Items(told[0]), Since(told[0])), Is.EqualTo(("crone1=owner wiccarocks=admin", (string?)null)));
    }

    [Test] // "it only stores the last N versions"
    public void One_that_is_too_old_is_as_good_as_none()
    {
        var coven = Open(new ServicePolicy { AffiliationVersions = 3 });
        var version = Enter(coven);
        coven.Leaves(Coven.Wiccarocks);
        foreach (var known in new[] { true, false })
        {
            for (var i = 0; i < (known ? 3 : 1); i++) coven.Affiliates($"witch{i}{known}@shakespeare.lit", "member");
            var told = coven.Enters(Coven.Wiccarocks, "secondwitch", $"<mav xmlns='{N}' since='{version}'/>").ToldTo(Coven.Wiccarocks);
            Assert.That(Since(told[0]), Is.EqualTo(known ? version : null));
            coven.Leaves(Coven.Wiccarocks);
        }
    }

    [Test] // "Affiliation Changes"
    public void Each_change_says_from_which_version_to_which_it_leads()
    {
        var coven = Open();
        var version = Enter(coven);
        coven.Enters(Coven.Hag66, "thirdwitch");

        foreach (var (who, affiliation) in new[] { ("hag66@shakespeare.lit", "member"), ("macbeth@scotland.lit", "member"), ("hag66@shakespeare.lit", "outcast"), ("macbeth@scotland.lit", "none") })
        {
            var told = coven.Affiliates(who, affiliation).ToldTo(Coven.Wiccarocks).Single();
            Assert.That(Since(told), Is.EqualTo(version), affiliation);
            Assert.That(Until(told), Is.Not.Null.And.Not.EqualTo(version), affiliation);
            version = Until(told);
        }
        Assert.That(coven.Affiliates("macbeth@scotland.lit", "none").ToldTo(Coven.Wiccarocks).Select(Until), Is.All.Null, "nothing changed");
        Assert.That(coven.GivesRole("secondwitch", "moderator").Told.Select(Until), Is.All.Null, "a role is none");
    }

    [Test]
    public void Nobody_hears_of_versions_in_a_room_where_nobody_asks()
    {
        var coven = Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

        Assert.That(coven.Affiliates("hag66@shakespeare.lit", "member").Told.Select(s => s.ToString()), Is.All.Not.Contain(N.NamespaceName));
        Assert.That(coven.Room.Extra.Keys, Has.None.Contain("versions"));
    }

    [TestCase("moderators", "member", ExpectedResult = false)]
    [TestCase("anyone", "member", ExpectedResult = true)]
    [TestCase("anyone", "none", ExpectedResult = false)]
    [TestCase("moderators", "admin", ExpectedResult = true)]
    public bool Only_who_may_read_the_lists_hears_of_them(string whois, string affiliation) // "Error Cases"
    {
        var coven = Open().With(("muc#roomconfig_whois", whois)).Affiliates("hag66@shakespeare.lit", affiliation).Affiliates("macbeth@scotland.lit", "outcast");

        var told = coven.Enters(Coven.Hag66, "thirdwitch", Ask).ToldTo(Coven.Hag66);

        Assert.That(Coven.Short(told[^1]), Is.EqualTo("groupchat"), "it is in all the same");
        if (told[0].Attribute("type")?.Value != "error")
        {
            Assert.That(Items(told[0]).Contains("macbeth", StringComparison.Ordinal), Is.EqualTo(affiliation == "admin"), "the list of bans is for admins");
            return true;
        }
        Assert.That(told[0].Element(Ns.Client + "error")?.Elements().First().Name, Is.EqualTo(Ns.StanzaErrors + "forbidden"));
        Assert.That(Until(Self(told)), Is.Null);
        return false;
    }

    [Test]
    public void To_a_member_a_banned_one_is_no_member_any_more()
    {
        var coven = Open().With(("muc#roomconfig_whois", "anyone")).Affiliates("hag66@shakespeare.lit", "member").Affiliates("macbeth@scotland.lit", "member");
        var version = Until(Self(coven.Enters(Coven.Hag66, "thirdwitch", Ask).ToldTo(Coven.Hag66)));
        coven.Leaves(Coven.Hag66).Affiliates("macbeth@scotland.lit", "outcast");

        Assert.That(Items(coven.Enters(Coven.Hag66, "thirdwitch", $"<mav xmlns='{N}' since='{version}'/>").ToldTo(Coven.Hag66)[0]), Is.EqualTo("macbeth=none"));
    }

    [Test] // "MUST NOT be broadcasted by the server to other participants"
    public void What_one_asks_is_no_others_business() =>
        Assert.That(Open().Enters(Coven.Wiccarocks, "secondwitch", Ask).ToldTo(Coven.Crone1).Select(s => s.ToString()), Is.All.Not.Contain("mav"));

    [Test] // "may be split into multiple messages … must have their until and since attributes match the adjacent message"
    public void A_long_list_comes_in_pieces_that_join()
    {
        var coven = Open();
        for (var i = 0; i < 1_100; i++) coven.Affiliates($"witch{i}@shakespeare.lit", "member");

        var pieces = coven.Enters(Coven.Wiccarocks, "secondwitch", Ask).ToldTo(Coven.Wiccarocks).TakeWhile(s => s.Name == Ns.Client + "message").ToList();

        Assert.That(pieces, Has.Count.EqualTo(3));
        Assert.That(pieces.Select(Since), Is.EqualTo(new[] { null, Until(pieces[0]), Until(pieces[1]) }));
        Assert.That(pieces.SelectMany(p => Items(p).Split(' ')), Is.Unique.And.Exactly(1_102).Items);
    }

    private static Coven Open(ServicePolicy? policy = null) => Coven.Open(policy).Affiliates("wiccarocks@shakespeare.lit", "admin");

    private static string? Enter(Coven coven) => Until(Self(coven.Enters(Coven.Wiccarocks, "secondwitch", Ask).ToldTo(Coven.Wiccarocks)));

    private static XElement Self(IReadOnlyList<XElement> told) => told.Single(s => s.Name == Ns.Client + "presence" && Coven.Statuses(s).Contains(110));

    private static string? Since(XElement stanza) => stanza.Elements(Ns.MucUser + "x").Elements(N + "mav").SingleOrDefault()?.Attribute("since")?.Value;

    private static string? Until(XElement stanza) => stanza.Elements(Ns.MucUser + "x").Elements(N + "mav").SingleOrDefault()?.Attribute("until")?.Value;

    private static string Items(XElement stanza) => string.Join(' ', stanza.Elements(Ns.MucUser + "x").Elements(Ns.MucUser + "item")
        .Select(i => $"{Jid.Parse(i.Attribute("jid")!.Value).Local}={i.Attribute("affiliation")?.Value}"));
}
