using MucComponent.Tests.Given;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>Who may post links.</summary>
public sealed class LinksTests
{
    private const string Option = "muc#roomconfig_links";

    [TestCase("<body>See https://pills.example/</body>")]
    [TestCase("<body>HTTPS://PILLS.EXAMPLE</body>")]
    [TestCase("<body>www.pills.example</body>")]
    [TestCase("<body>Enter xmpp:pills@rooms.example?join now</body>")]
    [TestCase("<body>Hail</body><body xml:lang='de'>Siehe ftp://pills.example</body>")]
    [TestCase("<body>Hail</body><x xmlns='jabber:x:oob'><url>pills.example</url></x>")]
    [TestCase("<body>Hail</body><reference xmlns='urn:xmpp:reference:0' type='data' uri='pills.example'/>")]
    public void A_link_is_refused_where_the_owner_wants_that(string content)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Says(coven, Coven.Hag66, content).ToldTo(Coven.Crone1), Has.Count.EqualTo(1), "unless told otherwise");
        Says(coven.With((Option, "members")), Coven.Hag66, content).RefusesWith(Coven.Hag66, "modify", "policy-violation");
        Assert.That(coven.ToldTo(Coven.Crone1), Is.Empty);
    }

    [TestCase("<body>Two slashes // and a colon: no more.</body>")]
    [TestCase("<body>It is at 12:30, mailto nobody</body>")]
    [TestCase("<body>wwwhat?</body>")]
    [TestCase("<body>Hail</body><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:crone1@shakespeare.lit'/>")]
    public void What_is_no_link_is_not(string content) =>
        Assert.That(Says(Coven.Open().With((Option, "moderators")).Enters(Coven.Hag66, "thirdwitch"), Coven.Hag66, content).ToldTo(Coven.Crone1), Has.Count.EqualTo(1));

    [TestCase("anyone", true, true, true)]
    [TestCase("members", false, true, true)]
    [TestCase("moderators", false, false, true)]
    public void Who_may_is_the_owners_to_say(string who, bool none, bool member, bool moderator)
    {
        var coven = Coven.Open().With((Option, who)).Enters(Coven.Hag66, "thirdwitch");
        Assert.That(May(), Is.EqualTo(none));
        coven.Affiliates("hag66@shakespeare.lit", "member");
        Assert.That(May(), Is.EqualTo(member));
        coven.Affiliates("hag66@shakespeare.lit", "none").GivesRole("thirdwitch", "moderator");
        Assert.That(May(), Is.EqualTo(moderator));

        bool May() => Says(coven, Coven.Hag66, "<body>https://shakespeare.lit</body>").ToldTo(Coven.Crone1).Count == 1;
    }

    private static Coven Says(Coven coven, string who, string content) =>
        coven.Hears($"<message type='groupchat' from='{who}' to='{Coven.Address}'>{content}</message>");
}
