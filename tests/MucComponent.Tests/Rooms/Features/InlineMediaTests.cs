using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>What has clients show pictures and files by themselves (XEP-0066, XEP-0231, XEP-0385, XEP-0447), from people who do not belong to the room.</summary>
public sealed class InlineMediaTests
{
    private const string Option = "muc#roomconfig_unaffiliated_media";
    private const string Link = "https://upload.shakespeare.lit/cauldron.jpg";

    [TestCase($"<x xmlns='jabber:x:oob'><url>{Link}</url></x>")]
    [TestCase("<data xmlns='urn:xmpp:bob' cid='sha1+8f@bob.xmpp.org'/>")]
    [TestCase("<file-sharing xmlns='urn:xmpp:sfs:0'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>")]
    [TestCase("<reference xmlns='urn:xmpp:reference:0' type='data'><media-sharing xmlns='urn:xmpp:sims:1'/></reference>")]
    public void Of_strangers_only_the_link_stays_where_the_owner_wants_that(string media)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Shown(coven, Coven.Hag66, media), Is.Not.Empty, "unless told otherwise");
        coven.With((Option, "0"));
        Assert.That(Shown(coven, Coven.Hag66, media), Is.Empty);
        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "body")?.Value, Is.EqualTo(Link));
        Assert.That(Shown(coven, Coven.Crone1, media), Is.Not.Empty, "the owner's");
        coven.Affiliates("hag66@shakespeare.lit", "member");
        Assert.That(Shown(coven, Coven.Hag66, media), Is.Not.Empty, "a member's");
    }

    [TestCase("<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:crone1@shakespeare.lit'/>")]
    [TestCase("<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body/></fallback>")]
    public void All_else_stays(string other) =>
        Assert.That(Shown(Coven.Open().With((Option, "0")).Enters(Coven.Hag66, "thirdwitch"), Coven.Hag66, other), Is.Not.Empty);

    [Test]
    public void Prosodys_name_for_it_is_understood() => Assert.That(
        Shown(Coven.Open().With(("{xmpp:prosody.im}muc#roomconfig_unaffiliated_media", "0")).Enters(Coven.Hag66, "thirdwitch"), Coven.Hag66, "<x xmlns='jabber:x:oob'/>"), Is.Empty);

    private static XElement[] Shown(Coven coven, string who, string media)
    {
        coven.Hears($"<message type='groupchat' from='{who}' to='{Coven.Address}'><body>{Link}</body>{media}</message>");
        return [.. coven.OnlyTold(Coven.Crone1).Elements().Where(e => e.Name.Namespace != Ns.Client && e.Name.Namespace != Ns.StanzaId && e.Name.Namespace != Ns.OccupantId)];
    }
}
