using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §7.8.2, §7.9, §9.5.</summary>
public sealed class InvitingTests
{
    private const string Hecate = "hecate@shakespeare.lit";

    private static readonly (string, string) MembersOnly = ("muc#roomconfig_membersonly", "1");
    private static readonly (string, string) MembersInvite = ("muc#roomconfig_allowinvites", "1");
    private static readonly (string, string) NonAnonymous = ("muc#roomconfig_whois", "anyone");

    [Test, Row("I1", "I5")] // §7.8.2
    public void The_room_invites_on_behalf_of_an_occupant()
    {
        var coven = ThreeWitches();

        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'><reason>Hey Hecate, this is the place for all good witches!</reason></invite>");

        var told = coven.OnlyTold(Hecate);
        Assert.Multiple(() =>
        {
            Assert.That(told.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
            Assert.That(told.Attribute("id")?.Value, Is.EqualTo("nzd143v8"));
            Assert.That(told.Attribute("type"), Is.Null);
            Assert.That(Sent(told)?.Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("Hey Hecate, this is the place for all good witches!"));
            Assert.That(told.Element(Ns.Conference + "x")?.Attribute("jid")?.Value, Is.EqualTo(Coven.Address));
            Assert.That(told.Element(Ns.Client + "body")?.Value, Does.Contain("invited you"));
            Assert.That(coven.Told, Has.Count.EqualTo(1));
        });
    }

    [Test, Row("I2", "1.16.E")] // §7.8.2: "the bare JID, full JID, or occupant JID of the inviter"
    public void The_inviters_real_jid_shows_only_where_jids_are_open()
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/>");
        Assert.That(Sent(coven.OnlyTold(Hecate))?.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/secondwitch"));
        Assert.That(coven.OnlyTold(Hecate).ToString(), Does.Not.Contain("wiccarocks"));

        Invite(coven.With(NonAnonymous), Coven.Wiccarocks, $"<invite to='{Hecate}'/>");
        Assert.That(Sent(coven.OnlyTold(Hecate))?.Attribute("from")?.Value, Is.EqualTo("wiccarocks@shakespeare.lit"));
    }

    [Test, Row("I3")] // §7.8.2: "the room SHOULD add the password"
    public void The_password_goes_along()
    {
        var coven = ThreeWitches().With(("muc#roomconfig_roomsecret", "cauldronburn"));
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/>");
        Assert.That(coven.OnlyTold(Hecate).Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "password")?.Value, Is.EqualTo("cauldronburn"));
        Assert.That(coven.OnlyTold(Hecate).Element(Ns.Conference + "x")?.Attribute("password")?.Value, Is.EqualTo("cauldronburn"));
        Assert.That(coven.OnlyTold(Hecate).Element(Ns.Client + "body")?.Value, Does.Not.Contain("cauldronburn"));
    }

    [Test, Row("I4")] // §7.8.2
    public void Several_are_invited_at_once()
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/><invite to='macbeth@cawdor.lit'/>");
        Assert.That(coven.Told.Select(s => s.Attribute("to")?.Value), Is.EqualTo(new[] { Hecate, "macbeth@cawdor.lit" }));
    }

    [Test, Row("I4")] // §7.8.2
    public void If_one_of_several_cannot_be_invited_none_is()
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/><invite to='@'/>");
        coven.RefusesWith(Coven.Wiccarocks, "modify", "jid-malformed");
        coven.Affiliates("macbeth@cawdor.lit", "outcast");
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/><invite to='macbeth@cawdor.lit'/>");
        coven.RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
    }

    [Test, Row("I6")] // §7.9
    public void A_one_to_one_chat_goes_on_in_the_room()
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}/moon'><continue thread='e0ffe42b28561960c6b12b944a092794b9683a38'/></invite>");
        Assert.That(
            Sent(coven.OnlyTold($"{Hecate}/moon"))?.Element(Ns.MucUser + "continue")?.Attribute("thread")?.Value,
            Is.EqualTo("e0ffe42b28561960c6b12b944a092794b9683a38"));
    }

    [Test, Row("I7", "1.16.E")] // §9.5
    public void A_mere_member_may_not_invite_into_a_members_only_room()
    {
        var coven = Members();
        Invite(coven, Coven.Hag66, $"<invite to='{Hecate}'/>");
        coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test, Row("I7")] // §9.5: "SHOULD automatically trigger the addition of the invitee to the member list"
    public void Where_members_may_invite_the_invited_is_a_member_too()
    {
        var coven = Members().With(MembersInvite);
        Invite(coven, Coven.Hag66, $"<invite to='{Hecate}'/>");
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse(Hecate)), Is.EqualTo(Affiliation.Member));
        Assert.That(Sent(coven.OnlyTold(Hecate)), Is.Not.Null, "one message, the invitation");
        Assert.That(Coven.Short(coven.Enters($"{Hecate}/moon", "hecate").ToldTo($"{Hecate}/moon")[^2]), Is.EqualTo("presence hecate"));
    }

    [Test, Row("I7")] // §7.8.2
    public void An_admins_invitation_makes_a_member_of_a_members_only_room()
    {
        var coven = Members();
        Invite(coven, Coven.Crone1, $"<invite to='{Hecate}'/>");
        Assert.That(coven.Room.Affiliations.Get(Jid.Parse(Hecate)), Is.EqualTo(Affiliation.Member));
    }

    [Test, Row("I8")] // §5.1.1
    public void A_visitor_may_not_invite()
    {
        var coven = ThreeWitches().GivesRole("secondwitch", "visitor");
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/>");
        coven.RefusesWith(Coven.Wiccarocks, "auth", "forbidden");
    }

    [Test] // §7.8.2: from a room in which one is an occupant
    public void Who_is_not_there_may_not_invite()
    {
        var coven = ThreeWitches();
        Invite(coven, "stranger@shakespeare.lit/x", $"<invite to='{Hecate}'/>");
        coven.RefusesWith("stranger@shakespeare.lit/x", "cancel", "not-acceptable");
    }

    [Test, Row("I9")] // §9.5: "MUST NOT trigger the addition of the invitee to the member list"
    public void An_open_room_makes_nobody_a_member_by_inviting()
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Crone1, $"<invite to='{Hecate}'/>");
        Assert.That(coven.Room.Affiliations.Entry(Jid.Parse(Hecate)), Is.Null);
    }

    [Test, Row("I10")] // §7.8.2: "the room SHOULD return an item-not-found error to the inviter"
    public void The_inviter_hears_when_there_is_no_such_person()
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/>");

        Bounce(coven, Hecate, "nzd143v8");

        var told = coven.OnlyTold(Coven.Wiccarocks);
        Assert.That(told.Attribute("id")?.Value, Is.EqualTo("nzd143v8"));
        Assert.That(told.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(told.Element(Ns.Client + "error")?.Element(Ns.StanzaErrors + "item-not-found"), Is.Not.Null);
        Assert.That(coven.Told, Has.Count.EqualTo(1));
    }

    [Test] // whatever a client puts into its id, the room reads its own notes again
    public void An_id_with_line_breaks_does_no_harm()
    {
        var coven = ThreeWitches().Hears(
            $"<message from='{Coven.Wiccarocks}' to='{Coven.Address}' id='a&#9;b&#10;c'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='{Hecate}'/></x></message>");
        Decline(coven, $"{Hecate}/moon", $"{Coven.Address}/secondwitch");
        Assert.That(coven.ToldTo(Coven.Wiccarocks), Has.Count.EqualTo(1));
    }

    [TestCase("other", Hecate, "service-unavailable"), TestCase("nzd143v8", "macbeth@cawdor.lit", "service-unavailable")]
    [TestCase("nzd143v8", Hecate, "remote-server-timeout")] // which says nothing about the person
    [Row("I10")] // §7.8.2
    public void An_error_that_answers_no_invitation_goes_to_nobody(string id, string from, string condition)
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/>");
        Bounce(coven, from, id, condition);
        Assert.That(coven.Told, Is.Empty);
    }

    [Test, Row("I11")] // §7.8.2
    public void A_decline_goes_to_who_invited([Values] bool gone)
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/>");
        if (gone) coven.Hears($"<presence type='unavailable' from='{Coven.Wiccarocks}' to='{Coven.Address}/secondwitch'/>");

        Decline(coven, $"{Hecate}/moon", $"{Coven.Address}/secondwitch", "<reason>Sorry, I'm too busy right now.</reason>");

        var told = coven.OnlyTold(gone ? "wiccarocks@shakespeare.lit" : Coven.Wiccarocks);
        var decline = told.Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "decline");
        Assert.That(told.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(decline?.Attribute("from")?.Value, Is.EqualTo(Hecate));
        Assert.That(decline?.Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("Sorry, I'm too busy right now."));
    }

    [Test, Row("I12")] // a decline is no way to write to strangers
    public void Only_who_was_invited_can_decline_and_only_once()
    {
        var coven = ThreeWitches();
        Decline(coven, $"{Hecate}/moon", $"{Coven.Address}/secondwitch");
        coven.RefusesWith($"{Hecate}/moon", "cancel", "item-not-found");

        Invite(coven, Coven.Wiccarocks, $"<invite to='{Hecate}'/>");
        Decline(coven, $"{Hecate}/moon", $"{Coven.Address}/firstwitch");
        coven.RefusesWith($"{Hecate}/moon", "cancel", "item-not-found");
        Decline(coven, "macbeth@cawdor.lit/castle", $"{Coven.Address}/secondwitch");
        coven.RefusesWith("macbeth@cawdor.lit/castle", "cancel", "item-not-found");

        Decline(coven, $"{Hecate}/moon", $"{Coven.Address}/secondwitch");
        Assert.That(coven.ToldTo(Coven.Wiccarocks), Has.Count.EqualTo(1));
        Decline(coven, $"{Hecate}/moon", $"{Coven.Address}/secondwitch");
        coven.RefusesWith($"{Hecate}/moon", "cancel", "item-not-found");
    }

    [Test, Row("I11")] // §7.8.2: invited by an address of another room, whose real one the inviter does not know
    public void Who_was_invited_by_an_occupant_jid_declines_by_it()
    {
        var coven = ThreeWitches();
        Invite(coven, Coven.Wiccarocks, "<invite to='heath@chat.shakespeare.lit/hecate'/>");
        Decline(coven, $"{Hecate}/moon", $"{Coven.Address}/secondwitch");

        var told = coven.OnlyTold(Coven.Wiccarocks);
        Assert.That(told.Descendants(Ns.MucUser + "decline").Single().Attribute("from")?.Value, Is.EqualTo("heath@chat.shakespeare.lit/hecate"));
        Assert.That(told.ToString(), Does.Not.Contain("hecate@"));
    }

    [Test, Row("I13")] // §9.5: "the service SHOULD send an invitation"
    public void A_new_member_of_a_members_only_room_is_invited()
    {
        var coven = Members().With(("muc#roomconfig_roomsecret", "cauldronburn")).Affiliates(Hecate, "member");

        var told = coven.OnlyTold(Hecate);
        Assert.That(Sent(told)?.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(told.Descendants(Ns.MucUser + "password").Single().Value, Is.EqualTo("cauldronburn"));
    }

    [Test, Row("I13")] // §9.5: "if the user is not currently affiliated with the room"
    public void Who_belonged_to_the_room_before_is_not_invited_again()
    {
        var coven = Members().Affiliates(Hecate, "admin").Affiliates(Hecate, "member");
        Assert.That(Sent(coven.OnlyTold(Hecate)), Is.Null);
    }

    [Test, Row("I14")] // invitations go to people who never asked
    public void Nobody_invites_without_end()
    {
        var coven = Coven.Open(new ServicePolicy { Invitations = 2, InvitationsWithin = TimeSpan.FromHours(1) }).Enters(Coven.Wiccarocks, "secondwitch");
        Invite(coven, Coven.Wiccarocks, $"<invite to='a@cawdor.lit'/><invite to='b@cawdor.lit'/>");
        Invite(coven, Coven.Wiccarocks, $"<invite to='c@cawdor.lit'/>");
        coven.RefusesWith(Coven.Wiccarocks, "wait", "resource-constraint");

        coven.Now += TimeSpan.FromHours(1);
        Invite(coven, Coven.Wiccarocks, $"<invite to='c@cawdor.lit'/>");
        Assert.That(coven.ToldTo("c@cawdor.lit"), Has.Count.EqualTo(1));
    }

    [Test, Row("I15")] // XEP-0249: between clients; the room is only to be joined
    public void Who_was_invited_directly_just_enters()
    {
        var coven = ThreeWitches().With(("muc#roomconfig_roomsecret", "cauldronburn")).Enters($"{Hecate}/moon", "hecate", "<password>cauldronburn</password>");
        Assert.That(coven.Room.Occupants.ByNick("hecate"), Is.Not.Null);
    }

    private static Coven ThreeWitches() => Coven.Open().Enters(Coven.Wiccarocks, "secondwitch").Enters(Coven.Hag66, "thirdwitch");

    private static Coven Members() => Coven.Open().With(MembersOnly).Affiliates("hag66@shakespeare.lit", "member").Enters(Coven.Hag66, "thirdwitch");

    private static void Invite(Coven coven, string who, string invites) =>
        coven.Hears($"<message from='{who}' to='{Coven.Address}' id='nzd143v8'><x xmlns='http://jabber.org/protocol/muc#user'>{invites}</x></message>");

    private static void Decline(Coven coven, string who, string to, string inside = "") =>
        coven.Hears($"<message from='{who}' to='{Coven.Address}' id='jk2vs61v'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='{to}'>{inside}</decline></x></message>");

    private static void Bounce(Coven coven, string from, string id, string condition = "service-unavailable") => coven.Hears($"""
        <message type='error' from='{from}' to='{Coven.Address}' id='{id}'>
          <error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        """);

    private static XElement? Sent(XElement message) => message.Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "invite");
}
