using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0488.</summary>
public sealed class InvitationTokensTests
{
    private static readonly XNamespace N = "urn:xmpp:muc-token-invite:0";
    private static readonly Jid Hag66 = Jid.Parse("hag66@shakespeare.lit");

    [Test] // "Using a token": "a server MUST give them an affiliation level of member"
    public void Whoever_brings_a_token_enters_and_is_a_member()
    {
        var coven = MembersOnly();
        var token = Issue(coven);
        Assert.That(Coven.Short(Enters(coven, Coven.Hag66, "")[0]), Is.EqualTo("error thirdwitch"));

        var told = Enters(coven.Restarts(), Coven.Hag66, token);

        Assert.That(Coven.Item(told.Last(s => s.Name == Ns.Client + "presence")).Attribute("affiliation")?.Value, Is.EqualTo("member"));
        Assert.That(coven.Room.Affiliations.Get(Hag66), Is.EqualTo(Affiliation.Member));
        Assert.That(Coven.Item(coven.ToldTo(Coven.Crone1)[^1]).Attribute("affiliation")?.Value, Is.EqualTo("member"));
    }

    [Test] // "Limits"
    public void A_token_for_two_lets_two_in()
    {
        var coven = MembersOnly();
        var token = Issue(coven, "counter='2'");

        Enters(coven, Coven.Hag66, token);
        Assert.That(Tokens(coven.Restarts()).Single().Attribute("counter")?.Value, Is.EqualTo("1"), "\"MUST contain updated attribute values\"");
        Enters(coven, Coven.Wiccarocks, token, "secondwitch");
        AssertExpired(Enters(coven, "hecate@shakespeare.lit/broom", token, "hecate"));
        Assert.That(Tokens(coven), Is.Empty);
    }

    [Test] // "Implementation Notes": "if a counter was attached it SHOULD NOT be decremented"
    public void Who_belongs_to_the_room_uses_up_none()
    {
        var coven = MembersOnly();
        var token = Issue(coven, "counter='2'");
        Enters(coven, Coven.Hag66, token);
        coven.Leaves(Coven.Hag66, "thirdwitch");

        Assert.That(Coven.Short(Enters(coven, Coven.Hag66, token)[^1]), Is.EqualTo("groupchat"));
        Assert.That(Tokens(coven).Single().Attribute("counter")?.Value, Is.EqualTo("1"));
        coven.Leaves(Coven.Hag66, "thirdwitch");
        Assert.That(Coven.Short(Enters(coven, Coven.Hag66, "something in a bookmark")[^1]), Is.EqualTo("groupchat"));
    }

    [Test] // a refused request changes nothing
    public void A_token_is_not_used_up_by_who_does_not_get_in()
    {
        var coven = MembersOnly();
        var token = Issue(coven, "counter='1'");

        Assert.That(Coven.Short(Enters(coven, Coven.Hag66, token, "firstwitch")[0]), Is.EqualTo("error firstwitch"));

        Assert.That(Coven.Short(Enters(coven, Coven.Hag66, token)[^1]), Is.EqualTo("groupchat"));
    }

    [Test] // "Limits"
    public void A_token_ends_with_its_time()
    {
        var coven = MembersOnly();
        var token = Issue(coven, "delay='3600'");
        coven.Now += TimeSpan.FromSeconds(3417);
        Assert.That(Tokens(coven).Single().Attribute("delay")?.Value, Is.EqualTo("183"));

        coven.Now += TimeSpan.FromSeconds(183);

        AssertExpired(Enters(coven, Coven.Hag66, token));
        Assert.That(Tokens(coven), Is.Empty);
    }

    [TestCase("", ExpectedResult = "604800")]
    [TestCase("delay='2678400'", ExpectedResult = "604800")]
    [TestCase("delay='60'", ExpectedResult = "60")]
    public string? None_lives_longer_than_the_service_lets_it(string limits) // "Limits": "Requested values for these attributes MAY be altered"
    {
        var coven = MembersOnly(new ServicePolicy { InvitationTokenFor = TimeSpan.FromDays(7) });

        return coven.Asks(Coven.Crone1, "set", $"<request xmlns='{N}' {limits}/>").OnlyTold(Coven.Crone1).Element(N + "token")?.Attribute("delay")?.Value;
    }

    [TestCase("counter='0'")]
    [TestCase("counter='many'")]
    [TestCase("delay='-1'")]
    [TestCase("delay='0'")]
    public void A_limit_that_is_none_is_refused(string limits) =>
        MembersOnly().Asks(Coven.Crone1, "set", $"<request xmlns='{N}' {limits}/>").RefusesWith(Coven.Crone1, "modify", "bad-request");

    [TestCase("owner", "0", ExpectedResult = true)]
    [TestCase("admin", "0", ExpectedResult = true)]
    [TestCase("member", "0", ExpectedResult = false)]
    [TestCase("member", "1", ExpectedResult = true)]
    [TestCase("none", "1", ExpectedResult = false)]
    public bool Whoever_may_make_members_by_inviting_may_issue_tokens(string affiliation, string byMembers)
    {
        var coven = Coven.Open().With(("muc#roomconfig_allowinvites", byMembers)).Affiliates("hag66@shakespeare.lit", affiliation).Enters(Coven.Hag66, "thirdwitch");

        coven.Asks(Coven.Hag66, "set", $"<request xmlns='{N}'/>");

        if (coven.OnlyTold(Coven.Hag66).Element(N + "token") is not null) return true;
        coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
        return false;
    }

    [Test] // "Listing tokens", "Revoking a token"
    public void Members_see_and_revoke_their_own_and_admins_all()
    {
        var coven = MembersOnly().With(("muc#roomconfig_allowinvites", "1")).Affiliates("hag66@shakespeare.lit", "member").Enters(Coven.Hag66, "thirdwitch");
        var (owners, members) = (Issue(coven), Issue(coven, by: Coven.Hag66));

        Assert.That(Tokens(coven, Coven.Hag66).Select(t => t.Value), Is.EqualTo(new[] { members }));
        Assert.That(Tokens(coven).Select(t => (t.Value, t.Attribute("creator")?.Value)), Is.EqualTo(new[] { (owners, "crone1@shakespeare.lit"), (members, "hag66@shakespeare.lit") }));
        coven.Asks(Coven.Hag66, "set", $"<revoke xmlns='{N}'>{owners}</revoke>").RefusesWith(Coven.Hag66, "cancel", "item-not-found");
        Assert.That(Coven.Short(coven.Asks(Coven.Crone1, "set", $"<revoke xmlns='{N}'>{members}</revoke>").OnlyTold(Coven.Crone1)), Is.EqualTo("result"));
        Assert.That(Tokens(coven, Coven.Hag66), Is.Empty);
        AssertExpired(Enters(coven, Coven.Wiccarocks, members, "secondwitch"));
        coven.Asks("stranger@shakespeare.lit/x", "get", $"<tokens xmlns='{N}'/>").RefusesWith("stranger@shakespeare.lit/x", "auth", "forbidden");
        coven.Asks("stranger@shakespeare.lit/x", "set", $"<revoke xmlns='{N}'>{owners}</revoke>").RefusesWith("stranger@shakespeare.lit/x", "auth", "forbidden");
    }

    [Test]
    public void No_two_are_the_same_and_they_stand_in_a_link()
    {
        var coven = MembersOnly();

        var tokens = Enumerable.Range(0, 50).Select(_ => Issue(coven)).ToList();

        Assert.That(tokens, Is.Unique);
        Assert.That(tokens, Is.All.Match("^[A-Za-z0-9_-]{32}$"));
    }

    [Test]
    public void Not_without_end()
    {
        var coven = MembersOnly(new ServicePolicy { InvitationTokens = 3 });
        for (var i = 0; i < 3; i++) Issue(coven, "delay='60'");

        coven.Asks(Coven.Crone1, "set", $"<request xmlns='{N}'/>").RefusesWith(Coven.Crone1, "wait", "resource-constraint");
        coven.Now += TimeSpan.FromSeconds(60);
        Issue(coven);
    }

    [Test]
    public void A_banned_one_does_not_come_back_by_a_token()
    {
        var coven = MembersOnly();
        var token = Issue(coven);

        coven.Affiliates("hag66@shakespeare.lit", "outcast");

        Assert.That(Enters(coven, Coven.Hag66, token)[0].Element(Ns.Client + "error")?.Elements().First().Name, Is.EqualTo(Ns.StanzaErrors + "forbidden"));
    }

    [Test] // a password is given at each entering, a token once
    public void A_room_with_a_password_has_no_tokens()
    {
        var coven = Coven.Open().With(("muc#roomconfig_roomsecret", "cauldron"));

        coven.Asks(Coven.Crone1, "set", $"<request xmlns='{N}'/>").RefusesWith(Coven.Crone1, "cancel", "not-allowed");
        Assert.That(Coven.Short(Enters(coven, Coven.Hag66, "cauldron")[^1]), Is.EqualTo("groupchat"));
    }

    [Test] // XEP-0045 §7.2.6
    public void A_stranger_with_an_old_password_hears_that_the_room_is_for_members() =>
        Assert.That(Enters(MembersOnly(), Coven.Hag66, "cauldron").Single().Element(Ns.Client + "error")?.Elements().Select(e => e.Name), Is.EqualTo(new[] { Ns.StanzaErrors + "registration-required" }));

    [Test] // XEP-0045 §7.2.5: a password that is not asked for does no harm
    public void In_an_open_room_any_word_will_do_and_a_token_still_makes_a_member()
    {
        var coven = Coven.Open();
        var token = Issue(coven);

        Enters(coven, Coven.Wiccarocks, "cauldron", "secondwitch");
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse("wiccarocks@shakespeare.lit")), Is.EqualTo(Affiliation.None));
        Enters(coven, Coven.Hag66, token);
        Assert.That(coven.Room.Affiliations.Get(Hag66), Is.EqualTo(Affiliation.Member));
    }

    private static Coven MembersOnly(ServicePolicy? policy = null) => Coven.Open(policy).With(("muc#roomconfig_membersonly", "1"));

    private static string Issue(Coven coven, string limits = "", string by = Coven.Crone1) =>
        coven.Asks(by, "set", $"<request xmlns='{N}' {limits}/>").OnlyTold(by).Element(N + "token")!.Value;

    private static List<XElement> Tokens(Coven coven, string by = Coven.Crone1) =>
        [.. coven.Asks(by, "get", $"<tokens xmlns='{N}'/>").OnlyTold(by).Element(N + "tokens")!.Elements(N + "token")];

    private static IReadOnlyList<XElement> Enters(Coven coven, string who, string token, string nick = "thirdwitch") =>
        coven.Enters(who, nick, $"<password>{token}</password>").ToldTo(who);

    private static void AssertExpired(IReadOnlyList<XElement> told)
    {
        var error = told.Single().Element(Ns.Client + "error");
        Assert.That(error?.Elements().Select(e => e.Name), Is.EqualTo(new[] { Ns.StanzaErrors + "not-authorized", N + "expired-token" }));
        Assert.That(error?.Attribute("type")?.Value, Is.EqualTo("auth"));
    }
}
