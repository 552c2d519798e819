using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0486, with XEP-0054 and XEP-0153. The picture and its hash are XEP-0486's own.</summary>
public sealed class AvatarTests
{
    private const string Picture = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSIzMiIgaGVpZ2h0PSIzMiI+CiA8cmVjdCB4PSIwIiB5PSIwIiB3aWR0aD0iMzIiIGhlaWdodD0iMzIiIGZpbGw9InJlZCIvPgo8L3N2Zz4K";
    private const string Hash = "a31c4bd04de69663cfd7f424a8453f4674da37ff";
    private const string Empty = "<vCard xmlns='vcard-temp'/>";

    private static readonly string Card = CardWith(Picture);

    [Test] // XEP-0054 §3.1
    public void A_room_without_a_vcard_has_none_to_show() =>
        Coven.Open().Requests(Coven.Hag66, Empty).RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test] // XEP-0486 §3.2, §3.4
    public void What_an_owner_sets_anybody_gets()
    {
        var coven = Coven.Open().Requests(Coven.Crone1, Card, type: "set").Restarts();

        var card = coven.Requests(Coven.Hag66, Empty).OnlyTold(Coven.Hag66).Element(Ns.VCard + "vCard");

        Assert.That(card?.Element(Ns.VCard + "PHOTO")?.Element(Ns.VCard + "TYPE")?.Value, Is.EqualTo("image/svg+xml"));
        Assert.That(card?.Element(Ns.VCard + "PHOTO")?.Element(Ns.VCard + "BINVAL")?.Value, Is.EqualTo(Picture));
    }

    [Test, Row("1.15.8")] // XEP-0486 §3.2
    public void A_new_picture_is_told_to_all_as_a_change_of_the_room_and_by_its_hash()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Requests(Coven.Crone1, Card, type: "set");

        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "result", "groupchat", "presence" }));
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "groupchat", "presence" }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[0]), Is.EqualTo(new[] { 104 }));
        Assert.That(HashIn(coven.ToldTo(Coven.Hag66)[1]), Is.EqualTo(Hash));
    }

    [Test, Row("roominfo-muc#roominfo_avatarhash")] // XEP-0486 §3.3
    public void The_hash_is_among_what_the_room_says_about_itself_while_there_is_a_picture()
    {
        var coven = Coven.Open();
        Assert.That(HashesSaid(coven), Is.Null);

        coven.Requests(Coven.Crone1, Card, type: "set");
        Assert.That(HashesSaid(coven), Is.EqualTo(new[] { Hash }));

        coven.Requests(Coven.Crone1, Empty, type: "set");
        Assert.That(HashesSaid(coven), Is.Null);
    }

    [Test] // XEP-0486 §6.1
    public void A_picture_in_two_forms_has_two_hashes()
    {
        var coven = Coven.Open().Requests(Coven.Crone1, CardWith(Picture, "aGFnNjY="), type: "set");

        Assert.That(HashesSaid(coven), Has.Length.EqualTo(2).And.Contains(Hash));
    }

    [Test] // XEP-0486 §3.2: setting an empty vCard
    public void An_owner_takes_the_picture_away_and_all_are_told()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Requests(Coven.Crone1, Card, type: "set");

        coven.Requests(Coven.Crone1, Empty, type: "set");

        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Is.EqualTo(new[] { "groupchat", "presence" }));
        Assert.That(HashIn(coven.ToldTo(Coven.Hag66)[1]), Is.Empty);
        coven.Requests(Coven.Hag66, Empty).RefusesWith(Coven.Hag66, "cancel", "item-not-found");
    }

    [Test]
    public void A_vcard_with_the_same_picture_is_no_change_to_tell_of()
    {
        var coven = Coven.Open().Requests(Coven.Crone1, Card, type: "set");

        coven.Requests(Coven.Crone1, Card.Replace("<PHOTO>", "<FN>Coven</FN><PHOTO>", StringComparison.Ordinal), type: "set");

        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
    }

    [Test] // XEP-0153 §3.1, XEP-0045 §7.1
    public void A_newcomer_hears_of_the_picture_before_its_own_presence_and_again_when_it_lost_track()
    {
        var coven = Coven.Open().Requests(Coven.Crone1, Card, type: "set");

        for (var time = 0; time < 2; time++)
        {
            var told = coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66);

            Assert.That(told.Select(Coven.Short), Is.EqualTo(new[] { "presence", "presence firstwitch", "presence thirdwitch", "groupchat" }));
            Assert.That(HashIn(told[0]), Is.EqualTo(Hash));
        }
    }

    [TestCase("admin")]
    [TestCase("member")]
    [TestCase("none")]
    public void Only_owners_set_it(string affiliation) // XEP-0486 §3.2
    {
        var coven = Coven.Open().Affiliates("hag66@shakespeare.lit", affiliation).Enters(Coven.Hag66, "thirdwitch");

        coven.Requests(Coven.Hag66, Card, type: "set").RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test]
    public void A_picture_that_is_too_big_is_refused() =>
        Coven.Open(new ServicePolicy { MaxVCardLength = 100 }).Requests(Coven.Crone1, Card, type: "set").RefusesWith(Coven.Crone1, "modify", "policy-violation");

    [Test]
    public void A_picture_that_is_not_base64_is_refused() =>
        Coven.Open().Requests(Coven.Crone1, CardWith("by the pricking of my thumbs"), type: "set").RefusesWith(Coven.Crone1, "modify", "bad-request");

    [Test] // RFC 2426 folds long lines
    public void Line_breaks_in_the_picture_do_not_change_its_hash()
    {
        var coven = Coven.Open().Requests(Coven.Crone1, CardWith(Picture.Insert(76, "\n  ")), type: "set");

        Assert.That(HashesSaid(coven), Is.EqualTo(new[] { Hash }));
    }

    private static string CardWith(params string[] pictures) =>
        $"<vCard xmlns='vcard-temp'>{string.Concat(pictures.Select(p => $"<PHOTO><TYPE>image/svg+xml</TYPE><BINVAL>{p}</BINVAL></PHOTO>"))}</vCard>";

    private static string? HashIn(XElement presence) =>
        presence.Attribute("from")?.Value == Coven.Address ? presence.Element(Ns.VCardUpdate + "x")?.Element(Ns.VCardUpdate + "photo")?.Value : null;

    private static string[]? HashesSaid(Coven coven) =>
        Coven.Field(coven.Requests(Coven.Hag66, "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66), "muc#roominfo_avatarhash");
}
