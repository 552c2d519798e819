using System.Xml.Linq;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.7 and §17.3.</summary>
public sealed class ChangingAvailabilityTests
{
    [TestCase("/thirdwitch")]
    [TestCase("")]
    [Row("A1")] // §7.7
    public void A_new_presence_goes_to_all_and_only_ones_own_is_marked(string to)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}{to}' id='a1'><show>xa</show><status>gone where the goblins go</status></presence>");

        foreach (var (who, self) in new[] { (Coven.Crone1, false), (Coven.Hag66, true) })
        {
            var presence = coven.OnlyTold(who);
            Assert.That(Coven.Short(presence), Is.EqualTo("presence thirdwitch"));
            Assert.That(presence.Element(Ns.Client + "show")?.Value, Is.EqualTo("xa"));
            Assert.That(presence.Element(Ns.Client + "status")?.Value, Is.EqualTo("gone where the goblins go"));
            Assert.That(Coven.Statuses(presence), Is.EqualTo(self ? new[] { 110 } : []));
            Assert.That((Coven.Item(presence).Attribute("affiliation")?.Value, Coven.Item(presence).Attribute("role")?.Value), Is.EqualTo(("none", "participant")));
        }
    }

    [Test, Row("A1")]
    public void Who_comes_later_sees_the_newest_presence_even_after_a_restart()
    {
        var coven = Coven.Open().Hears($"<presence from='{Coven.Crone1}' to='{Coven.Address}/firstwitch'><show>xa</show></presence>");

        Assert.That(coven.Restarts().Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)[0].Element(Ns.Client + "show")?.Value, Is.EqualTo("xa"));
    }

    [Test, Row("J23", "A1")] // the client that spoke last is shown, whichever came last
    public void Of_two_clients_the_one_that_changed_last_is_shown_even_after_a_restart()
    {
        const string Broom = "hag66@shakespeare.lit/broom";
        var coven = Coven.Open().Enters(Broom, "thirdwitch").Enters(Coven.Hag66, "thirdwitch");
        coven.Now += TimeSpan.FromSeconds(1);
        coven.Hears($"<presence from='{Broom}' to='{Coven.Address}/thirdwitch'><show>away</show></presence>");

        var shown = coven.Restarts().Enters(Coven.Wiccarocks, "secondwitch").ToldTo(Coven.Wiccarocks).Single(p => Coven.Short(p) == "presence thirdwitch");

        Assert.That(shown.Element(Ns.Client + "show")?.Value, Is.EqualTo("away"));
    }

    [Test(Description = "Those that come too fast are held back before they reach the room.")]
    public void Every_presence_is_told_at_once()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        foreach (var show in new[] { "away", "xa", "dnd" })
        {
            coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><show>{show}</show></presence>");
            Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "show")?.Value, Is.EqualTo(show));
        }
    }

    [Test, Row("A5")] // §17.3
    public void Every_presence_says_role_and_affiliation()
    {
        var coven = Coven.Open();
        var told = new List<XElement>();
        void Note() => told.AddRange(coven.Told.Where(s => s.Name == Ns.Client + "presence"));

        coven.Enters(Coven.Hag66, "thirdwitch");
        Note();
        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/oldhag'/>");
        Note();
        coven.GivesRole("oldhag", "visitor");
        Note();
        coven.Leaves(Coven.Hag66, "oldhag");
        Note();

        Assert.That(told, Has.Count.EqualTo(11));
        Assert.That(told.Select(p => Coven.Item(p).Attribute("role")), Is.All.Not.Null);
        Assert.That(told.Select(p => Coven.Item(p).Attribute("affiliation")), Is.All.Not.Null);
    }

    [TestCase("<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='307'/></x>")]
    [TestCase("<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>")]
    [TestCase("<hats xmlns='urn:xmpp:hats:0'><hat uri='urn:example:crown' title='King'/></hats>")]
    [Row("G9")] // §17.3, XEP-0421 §4.2, XEP-0317
    public void What_only_the_room_may_say_is_taken_from_a_presence(string claim)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'>{claim}</presence>");

        var presence = coven.OnlyTold(Coven.Crone1);
        Assert.That(presence.Elements(XElement.Parse(claim).Name).Where(e => XNode.DeepEquals(e, XElement.Parse(claim))), Is.Empty);
        Assert.That(presence.Elements(Ns.MucUser + "x").Count(), Is.EqualTo(1), "§7.2.2: one, and the room's");
        Assert.That(Coven.Item(presence).Attribute("role")?.Value, Is.EqualTo("participant"));
    }

    [TestCase("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:example:client' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>")]
    [TestCase("<x xmlns='vcard-temp:x:update'><photo>sha1-hash-of-image</photo></x>")]
    [TestCase("<nick xmlns='http://jabber.org/protocol/nick'>Hecate</nick>")]
    [TestCase("<priority xmlns='jabber:client'>5</priority>")]
    [Row("G8")] // §17.3
    public void What_else_a_presence_says_passes_unchanged(string extension)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'>{extension}</presence>");

        var sent = XElement.Parse(extension);
        Assert.That(coven.OnlyTold(Coven.Crone1).Element(sent.Name)?.ToString(SaveOptions.DisableFormatting), Does.Contain(sent.Value));
        Assert.That(coven.OnlyTold(Coven.Crone1).Element(sent.Name)?.Attributes().Count(a => !a.IsNamespaceDeclaration), Is.EqualTo(sent.Attributes().Count(a => !a.IsNamespaceDeclaration)));
    }
}
