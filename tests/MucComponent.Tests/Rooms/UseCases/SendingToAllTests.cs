using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.4 and §17.2.</summary>
public sealed class SendingToAllTests
{
    [Test, Row("G1", "G2", "1.15.5")] // §7.4
    public void A_message_goes_to_all_its_author_included_from_the_occupant_and_with_its_id()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Says(Coven.Hag66, "Harpier cries: 'tis time, 'tis time.", "hysf1v37");

        foreach (var to in new[] { Coven.Crone1, Coven.Hag66 })
        {
            var message = coven.OnlyTold(to);
            Assert.That(message.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/thirdwitch"));
            Assert.That(message.Attribute("type")?.Value, Is.EqualTo("groupchat"));
            Assert.That(message.Attribute("id")?.Value, Is.EqualTo("hysf1v37"));
            Assert.That(message.Element(Ns.Client + "body")?.Value, Is.EqualTo("Harpier cries: 'tis time, 'tis time."));
        }
    }

    [Test, Row("G2")] // §7.4
    public void A_message_without_an_id_gets_one_the_same_for_all()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat'><body>'Tis time.</body></message>");

        var ids = coven.Told.Select(m => m.Attribute("id")?.Value).ToList();
        Assert.That(ids, Has.Count.EqualTo(2).And.All.Not.Null.And.All.Not.Empty);
        Assert.That(ids.Distinct().Count(), Is.EqualTo(1));
    }

    [Test, Row("G4")] // §7.4
    public void A_visitor_does_not_speak() =>
        Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch")
            .Says(Coven.Hag66, "'Tis time.").RefusesWith(Coven.Hag66, "auth", "forbidden");

    [Test, Row("G4", "G11")] // XEP-0085: to say that one is about to speak is to speak
    public void A_visitor_does_not_say_that_it_is_typing() =>
        Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch")
            .Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='1'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>")
            .RefusesWith(Coven.Hag66, "auth", "forbidden");

    [Test, Row("G5", "1.15.4")] // §7.4: clients join again on exactly this
    public void Who_is_not_in_does_not_speak() =>
        Coven.Open().Says(Coven.Hag66, "'Tis time.").RefusesWith(Coven.Hag66, "modify", "not-acceptable");

    [Test, Row("G5", "1.16.O")] // §17.2
    public void Nobody_speaks_in_a_room_that_does_not_exist() =>
        Coven.Uncreated().Says(Coven.Hag66, "'Tis time.").RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test, Row("G5")] // §17.2
    public void Strangers_do_not_speak_in_a_room_that_is_not_configured_yet() =>
        Coven.Locked().Says(Coven.Hag66, "'Tis time.").RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [TestCase("owner")]
    [TestCase("admin")]
    [Row("G6", Otherwise = "§7.4 only allows it. A message needs a nick to come from, and who speaks should be seen to be there.")]
    public void Owners_and_admins_enter_to_speak(string affiliation) =>
        Coven.Open(new ServicePolicy { Admins = new HashSet<Jid> { Jid.Parse("hag66@shakespeare.lit") } }).Affiliates("hag66@shakespeare.lit", affiliation)
            .Says(Coven.Hag66, "'Tis time.").RefusesWith(Coven.Hag66, "modify", "not-acceptable");

    [TestCase("normal")]
    [TestCase("chat")]
    [TestCase("headline")]
    [Row("G7")] // §7.4, §17.2
    public void What_is_for_all_is_of_type_groupchat(string type) =>
        Coven.Open().Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='{type}' id='1'><body>'Tis time.</body></message>")
            .RefusesWith(Coven.Crone1, "modify", "bad-request");

    [Test, Row("G7")]
    public void A_message_to_the_room_that_says_nothing_is_ignored()
    {
        var coven = Coven.Open().Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' id='1'><active xmlns='http://jabber.org/protocol/chatstates'/></message>");

        Assert.That(coven.Told, Is.Empty);
    }

    [TestCase("<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='7'/></encrypted>")]
    [TestCase("<reactions xmlns='urn:xmpp:reactions:0' id='744f6e18-a57a-11e9-a656-4889e7820c76'><reaction>🐢</reaction></reactions>")]
    [TestCase("<reply xmlns='urn:xmpp:reply:0' id='1' to='coven@chat.shakespeare.lit/firstwitch'/>")]
    [TestCase("<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>toil</p></body></html>")]
    [TestCase("<composing xmlns='http://jabber.org/protocol/chatstates'/>")]
    [TestCase("<origin-id xmlns='urn:xmpp:sid:0' id='de305d54'/>")]
    [TestCase("<delay xmlns='urn:xmpp:delay' from='hag66@shakespeare.lit/pda' stamp='2002-10-13T23:00:00Z'/>")] // §7.9: what an owner brings along from a chat
    [Row("G8", "G11")] // §17.2
    public void What_the_room_does_not_know_passes_unchanged(string extension)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='1'>{extension}</message>");

        var sent = XElement.Parse(extension);
        Assert.That(coven.OnlyTold(Coven.Crone1).Element(sent.Name), Is.EqualTo(sent).Using<XElement>(XNode.DeepEquals));
    }

    [TestCase("<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='110'/></x>")]
    [TestCase("<delay xmlns='urn:xmpp:delay' from='coven@chat.shakespeare.lit' stamp='1606-01-01T00:00:00Z'/>")]
    [Row("G9")] // §17.3, §7.2.13
    public void What_only_the_room_may_say_is_taken_from_a_message(string claim)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Hears($"<message from='{Coven.Hag66}' to='{Coven.Address}' type='groupchat' id='1'><body>'Tis time.</body>{claim}</message>");

        Assert.That(coven.OnlyTold(Coven.Crone1).Elements(XElement.Parse(claim).Name), Is.Empty);
    }
}
