using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.5.</summary>
public sealed class SendingPrivatelyTests
{
    private const string Body = "<body>I'll give thee a wind.</body>";

    [TestCase("chat")]
    [TestCase("normal")]
    [TestCase(null)]
    [Row("PM1")] // §7.5
    public void A_message_to_one_comes_from_the_occupant_and_reaches_nobody_else(string? type)
    {
        var coven = ThreeWitches();

        Sends(coven, Coven.Wiccarocks, "firstwitch", Body, type);

        var message = coven.OnlyTold(Coven.Crone1);
        Assert.That(coven.Told, Has.Count.EqualTo(1));
        Assert.That(message.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/secondwitch"));
        Assert.That(message.Attribute("type")?.Value, Is.EqualTo(type));
        Assert.That(message.Attribute("id")?.Value, Is.EqualTo("hgn27af1"));
        Assert.That(message.Element(Ns.Client + "body")?.Value, Is.EqualTo("I'll give thee a wind."));
    }

    [TestCase("")]
    [TestCase("<x xmlns='http://jabber.org/protocol/muc#user'/>")]
    [TestCase("<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><item role='moderator'/></x>")]
    [Row("PM2", "1.15.12", "1.16.O", "G9")] // §7.5, §17.3
    public void A_private_message_is_marked_as_one_and_nothing_more_is_claimed_in_it(string mark)
    {
        var x = Sends(ThreeWitches(), Coven.Wiccarocks, "firstwitch", Body + mark).OnlyTold(Coven.Crone1).Elements(Ns.MucUser + "x").ToList();

        Assert.That(x, Has.Count.EqualTo(1));
        Assert.That(x[0].Elements(), Is.Empty);
    }

    [Test, Row("PM3")] // §7.5
    public void A_message_to_one_is_not_of_type_groupchat() =>
        Sends(ThreeWitches(), Coven.Wiccarocks, "firstwitch", Body, "groupchat").RefusesWith(Coven.Wiccarocks, "modify", "bad-request");

    [Test, Row("PM4")] // §7.5
    public void Nobody_is_written_to_who_is_not_there() =>
        Sends(ThreeWitches(), Coven.Wiccarocks, "fourthwitch", Body).RefusesWith(Coven.Wiccarocks, "cancel", "item-not-found");

    [Test, Row("PM5")] // §7.5
    public void Strangers_do_not_write_to_occupants() =>
        Sends(ThreeWitches(), "macbeth@shakespeare.lit/castle", "firstwitch", Body).RefusesWith("macbeth@shakespeare.lit/castle", "cancel", "not-acceptable");

    [Test, Row("PM5")] // §17.2
    public void Nobody_is_written_to_in_a_room_that_does_not_exist() =>
        Sends(Coven.Uncreated(), Coven.Wiccarocks, "firstwitch", Body).RefusesWith(Coven.Wiccarocks, "cancel", "item-not-found");

    [TestCase("anyone", "visitor", ExpectedResult = true)]
    [TestCase("participants", "visitor", ExpectedResult = false)]
    [TestCase("participants", "participant", ExpectedResult = true)]
    [TestCase("moderators", "participant", ExpectedResult = false)]
    [TestCase("moderators", "moderator", ExpectedResult = true)]
    [TestCase("none", "moderator", ExpectedResult = false)]
    [Row("PM6", "field-muc#roomconfig_allowpm")] // §7.5, §16.5.3
    public bool Who_may_write_is_a_matter_of_role_and_configuration(string allowed, string role)
    {
        var coven = ThreeWitches().With(("muc#roomconfig_allowpm", allowed)).GivesRole("secondwitch", role);

        Sends(coven, Coven.Wiccarocks, "thirdwitch", Body);
        if (coven.ToldTo(Coven.Hag66).Count == 1) return true;
        coven.RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
        return false;
    }

    [Test, Row("PM7")] // §7.8.2, XEP-0249
    public void An_invitation_in_a_private_message_arrives()
    {
        var coven = Sends(ThreeWitches(), Coven.Wiccarocks, "thirdwitch", "<x xmlns='jabber:x:conference' jid='heath@chat.shakespeare.lit'/>");

        Assert.That(coven.OnlyTold(Coven.Hag66).Element(Ns.Conference + "x")?.Attribute("jid")?.Value, Is.EqualTo("heath@chat.shakespeare.lit"));
    }

    [Test, Row("PM7")] // §7.8.2: "without knowing that person's bare JID"
    public void A_room_invites_an_occupant_of_this_one_by_the_occupants_address()
    {
        var coven = ThreeWitches().Hears($"""
            <message from='heath@chat.shakespeare.lit' to='{Coven.Address}/thirdwitch' id='1'>
              <x xmlns='http://jabber.org/protocol/muc#user'><invite from='heath@chat.shakespeare.lit/banquo'/></x></message>
            """);

        var message = coven.OnlyTold(Coven.Hag66);
        Assert.That(message.Attribute("from")?.Value, Is.EqualTo("heath@chat.shakespeare.lit"));
        Assert.That(message.Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "invite")?.Attribute("from")?.Value, Is.EqualTo("heath@chat.shakespeare.lit/banquo"));
    }

    [Test, Row("PM7")] // §7.8.2: the other side of it
    public void Inviting_an_occupant_of_another_room_makes_no_member_of_that_room()
    {
        var coven = Coven.Open().With(("muc#roomconfig_membersonly", "1")).Hears($"""
            <message from='{Coven.Crone1}' to='{Coven.Address}' id='1'>
              <x xmlns='http://jabber.org/protocol/muc#user'><invite to='heath@chat.shakespeare.lit/banquo'/></x></message>
            """);

        Assert.That(coven.OnlyTold("heath@chat.shakespeare.lit/banquo").Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "invite"), Is.Not.Null);
        Assert.That(coven.Room.Affiliations.All.Select(a => a.Jid.ToString()), Is.EqualTo(new[] { "crone1@shakespeare.lit" }));
    }

    [TestCase("heath@chat.shakespeare.lit", "<body>come</body>")]
    [TestCase("heath@chat.elsewhere.lit", "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='heath@chat.elsewhere.lit/banquo'/></x>")]
    [TestCase("macbeth@shakespeare.lit/castle", "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='macbeth@shakespeare.lit'/></x>")]
    [Row("PM7")]
    public void Nothing_else_comes_in_from_outside_and_no_invitation_from_anybody_but_a_room_of_this_service(string from, string content) =>
        Sends(ThreeWitches(), from, "thirdwitch", content).RefusesWith(from, "cancel", "not-acceptable");

    [Test, Row("PM8", Otherwise = "Carbons do it at the sender's own server (XEP-0280); a copy from the room would come twice.")]
    public void A_private_message_does_not_come_back_to_its_authors_other_clients()
    {
        var coven = ThreeWitches().Enters("wiccarocks@shakespeare.lit/pda", "secondwitch");

        Sends(coven, Coven.Wiccarocks, "thirdwitch", Body);

        Assert.That(coven.Told.Select(m => m.Attribute("to")?.Value), Is.EqualTo(new[] { Coven.Hag66 }));
    }

    private static Coven ThreeWitches() => Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    private static Coven Sends(Coven coven, string from, string to, string content, string? type = "chat") =>
        coven.Hears($"<message from='{from}' to='{Coven.Address}/{to}'{(type is null ? "" : $" type='{type}'")} id='hgn27af1'>{content}</message>");
}
