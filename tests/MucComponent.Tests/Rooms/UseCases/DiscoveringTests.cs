using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §6.4 to §6.7, §7.12 and §18.1.1.</summary>
public sealed class DiscoveringTests
{
    private const string Info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    private const string Items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";

    [Test, Row("D9")] // §6.4
    public void A_room_says_what_it_is_called_and_what_it_is_like()
    {
        var answer = InfoOf(Coven.Open().With(("muc#roomconfig_roomname", "A Dark Cave")));

        var identity = answer.Element(Ns.DiscoInfo + "query")!.Element(Ns.DiscoInfo + "identity")!;
        Assert.That(identity.Attributes().Select(a => $"{a.Name}={a.Value}"), Is.EquivalentTo(new[] { "category=conference", "type=text", "name=A Dark Cave" }));
        Assert.That(Coven.Features(answer), Is.SupersetOf(new[]
        {
            "http://jabber.org/protocol/muc",
            "muc_public", "muc_open", "muc_unmoderated", "muc_semianonymous", "muc_unsecured", "muc_temporary",
        }));
        Assert.That(Coven.Features(answer), Is.Unique);
    }

    [Test, Row("D3"), Row("1.15.5")] // §7.4
    public void A_room_says_that_it_keeps_the_ids_of_messages() =>
        Assert.That(Coven.Features(InfoOf(Coven.Open())), Does.Contain("http://jabber.org/protocol/muc#stable_id"));

    [Test, Row("D2")]
    public void A_room_says_which_extensions_it_speaks() =>
        Assert.That(Coven.Features(InfoOf(Coven.Open())), Is.SupersetOf(new[]
        {
            "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items", "jabber:iq:register", "http://jabber.org/protocol/muc#request",
            "urn:xmpp:occupant-id:0", "urn:xmpp:sid:0", "urn:xmpp:ping", "vcard-temp", "http://jabber.org/protocol/muc#self-ping-optimization",
        }));

    [Test, Row("D10"), Row("1.15.1")] // §6.4: clients read their users' rights from it without looking whether it is there
    public void The_roominfo_form_is_there_even_in_a_room_nobody_configured_and_says_yes_and_no_as_1_and_0()
    {
        // Clients that look at one form alone take the first.
        var form = InfoOf(Coven.Locked()).Descendants(Ns.DataForms + "x").First();

        Assert.That(Coven.Field(form, "FORM_TYPE"), Is.EqualTo(new[] { "http://jabber.org/protocol/muc#roominfo" }));
        Assert.That(form.Attribute("type")?.Value, Is.EqualTo("result"));
        Assert.That(
            form.Descendants(Ns.DataForms + "field").Where(f => f.Attribute("type")?.Value == "boolean").Select(f => f.Value),
            Is.Not.Empty.And.All.AnyOf("1", "0"));
    }

    [TestCase("muc#roomconfig_roomname", "A Dark Cave")]
    [TestCase("muc#roominfo_description", "The place for all good witches!")]
    [TestCase("muc#roominfo_lang", "en")]
    [TestCase("muc#roominfo_occupants", "1")]
    [TestCase("muc#roominfo_changesubject", "1")]
    [TestCase("muc#roomconfig_changesubject", "1")]
    [TestCase("muc#roomconfig_allowinvites", "1")]
    [TestCase("muc#roomconfig_allowpm", "participants")]
    [TestCase("{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites", "1")]
    [TestCase("muc#roominfo_pubsub", "xmpp:pubsub.shakespeare.lit?;node=coven")]
    [Row("D11")]
    [Row(
        "roominfo-muc#roomconfig_roomname", "roominfo-muc#roominfo_description", "roominfo-muc#roominfo_lang", "roominfo-muc#roominfo_occupants", "roominfo-muc#roominfo_changesubject",
        "roominfo-muc#roomconfig_changesubject", "roominfo-muc#roomconfig_allowinvites", "roominfo-muc#roomconfig_allowpm",
        "roominfo-{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites", "roominfo-muc#roominfo_pubsub")]
    public void The_roominfo_form_follows_the_configuration(string var, string value)
    {
        var coven = Coven.Open().With(
            ("muc#roomconfig_roomname", "A Dark Cave"), ("muc#roomconfig_roomdesc", "The place for all good witches!"), ("muc#roomconfig_lang", "en"),
            ("muc#roomconfig_changesubject", "1"), ("muc#roomconfig_allowpm", "participants"), ("muc#roomconfig_pubsub", "xmpp:pubsub.shakespeare.lit?;node=coven"));

        Assert.That(Coven.Field(InfoOf(coven), var), Is.EqualTo(new[] { value }));
    }

    [Test, Row("roominfo-muc#roominfo_contactjid")] // §16.5.4; never the owners by themselves: that would give their addresses away
    public void Whom_to_write_to_is_what_the_owner_says_and_nobody_otherwise()
    {
        var coven = Coven.Open();
        Assert.That(Coven.Field(InfoOf(coven), "muc#roominfo_contactjid"), Is.Null);

        coven.With(("muc#roomconfig_contactjid", "hecate@shakespeare.lit\nmacbeth@shakespeare.lit/castle"));

        Assert.That(Coven.Field(InfoOf(coven), "muc#roominfo_contactjid"), Is.EqualTo(new[] { "hecate@shakespeare.lit", "macbeth@shakespeare.lit" }));
    }

    [TestCase("muc#roominfo_logs")]
    [TestCase("muc#roominfo_ldapgroup")]
    [TestCase("muc#roominfo_subjectmod")]
    [TestCase("muc#roominfo_webchat_url")]
    [TestCase("x-muc#roominfo_creationdate")]
    [TestCase("{http://modules.prosody.im/mod_vcard_muc}avatar#sha1")]
    [TestCase("muc#roominfo_pubsub")]
    [TestCase("{urn:xmpp:hats}#hash")]
    [TestCase("hats#hash")]
    [TestCase("{urn:xmpp:muc-activity}message-activity")]
    [Row(
        "roominfo-muc#roominfo_logs", "roominfo-muc#roominfo_ldapgroup", "roominfo-muc#roominfo_subjectmod", "roominfo-x-muc#roominfo_creationdate",
        "roominfo-{http://modules.prosody.im/mod_vcard_muc}avatar#sha1", "roominfo-{urn:xmpp:hats}#hash",
        Otherwise = "A field is there when it says something: the room has no web log or directory group, nobody writes the old name of the hats' hash, and no client reads the date or the old avatar field.")]
    public void What_a_room_does_not_have_it_does_not_speak_of(string var) => Assert.That(Coven.Field(InfoOf(Coven.Open()), var), Is.Null);

    [Test, Row("roominfo-muc#roominfo_webchat_url")]
    public void Where_people_can_enter_with_a_browser_is_told_if_there_is_such_a_place()
    {
        var coven = Coven.Open(new ServicePolicy { WebChat = "https://chat.shakespeare.lit/?join={room}" });
        Assert.That(Coven.Field(InfoOf(coven), "muc#roominfo_webchat_url"), Is.EqualTo(new[] { "https://chat.shakespeare.lit/?join=coven%40chat.shakespeare.lit" }));
    }

    [Test, Row("D12")] // §6.4
    public void There_is_nothing_to_know_of_a_room_that_does_not_exist() =>
        Coven.Uncreated().Requests(Coven.Hag66, Info).RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test, Row("D12")] // §10.9
    public void A_room_that_moved_says_where_it_went()
    {
        var coven = Coven.Open().Requests(
            Coven.Crone1, "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy jid='heath@chat.shakespeare.lit'/></query>", type: "set");

        coven.Requests(Coven.Hag66, Info).RefusesWith(Coven.Hag66, "cancel", "gone");
        Assert.That(coven.OnlyTold(Coven.Hag66).Value, Is.EqualTo("xmpp:heath@chat.shakespeare.lit?join"));
    }

    [Test, Row("D13")] // §6.4: what it will be like is known before one enters
    public void Whoever_knows_the_address_may_ask_a_hidden_members_only_room()
    {
        var answer = InfoOf(Coven.Open().With(("muc#roomconfig_publicroom", "0"), ("muc#roomconfig_membersonly", "1")));

        Assert.That(answer.Attribute("type")?.Value, Is.EqualTo("result"));
        Assert.That(Coven.Features(answer), Is.SupersetOf(new[] { "muc_hidden", "muc_membersonly" }));
    }

    [Test, Row("D14", "roominfo-muc#roominfo_subject", "1.16.O")] // §14.4
    public void The_subject_is_not_told_to_those_outside()
    {
        var coven = Coven.Open().Hears($"<message from='{Coven.Crone1}' to='{Coven.Address}' type='groupchat'><subject>Fire Burn and Cauldron Bubble!</subject></message>");

        Assert.That(InfoOf(coven).ToString(), Does.Not.Contain("Cauldron"));
    }

    [Test, Row("D15", "1.16.M")] // §6.5
    public void Who_is_in_the_room_is_not_told_to_those_outside()
    {
        var answer = Coven.Open().Requests(Coven.Hag66, Items).OnlyTold(Coven.Hag66);

        Assert.That(answer.Attribute("type")?.Value, Is.EqualTo("result"));
        Assert.That(answer.Element(Ns.DiscoItems + "query")!.Elements(), Is.Empty);
    }

    [Test, Row("D15")] // §6.5
    public void Who_is_in_the_room_hears_who_is_in_the_room()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        var items = coven.Requests(Coven.Hag66, Items).OnlyTold(Coven.Hag66).Descendants(Ns.DiscoItems + "item");

        Assert.That(items.Select(i => i.Attribute("jid")?.Value), Is.EquivalentTo(new[] { $"{Coven.Address}/firstwitch", $"{Coven.Address}/thirdwitch" }));
    }

    [TestCase(Info)]
    [TestCase(Items)]
    [Row("D16")] // §6.6
    public void A_stranger_cannot_ask_about_an_occupant(string query) =>
        Coven.Open().Requests(Coven.Hag66, query, $"{Coven.Address}/firstwitch").RefusesWith(Coven.Hag66, "modify", "bad-request");

    [TestCase(null)]
    [TestCase("http://jabber.org/protocol/muc#rooms")]
    [Row("D17", "D18")] // §6.6, §6.7: the node is the other client's business
    public void An_occupant_asks_another_occupants_client(string? node)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        coven.Requests(Coven.Hag66, $"<query xmlns='http://jabber.org/protocol/disco#info'{(node is null ? "" : $" node='{node}'")}/>", $"{Coven.Address}/firstwitch");

        var asked = coven.OnlyTold(Coven.Crone1);
        Assert.That(asked.Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/thirdwitch"));
        Assert.That(asked.Element(Ns.DiscoInfo + "query")?.Attribute("node")?.Value, Is.EqualTo(node));
    }

    [TestCase("x-roomuser-item", "member", ExpectedResult = "thirdwitch")]
    [TestCase("x-roomuser-item", "none", ExpectedResult = null)]
    [Row("D19")] // §7.12
    public string? Somebody_asks_for_the_nick_that_is_reserved_for_it(string node, string affiliation)
    {
        var coven = Coven.Open().Affiliates("hag66@shakespeare.lit", affiliation, attributes: "nick='thirdwitch'");

        var query = coven.Requests(Coven.Hag66, $"<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/>").OnlyTold(Coven.Hag66).Element(Ns.DiscoInfo + "query")!;

        Assert.That(query.Attribute("node")?.Value, Is.EqualTo(node));
        Assert.That(query.Elements().Select(e => e.Name.LocalName), Is.SubsetOf(new[] { "identity" }));
        return query.Element(Ns.DiscoInfo + "identity")?.Attribute("name")?.Value;
    }

    [TestCase(Info)]
    [TestCase(Items)]
    [Row("D20", Otherwise = "x-roomuser-item is answered, so feature-not-implemented, which is for those who do not, has no place; any other node is not found (XEP-0030 §7).")]
    public void A_node_that_is_not_there_is_not_found(string query) =>
        Coven.Open().Requests(Coven.Hag66, query.Replace("/>", " node='toil'/>", StringComparison.Ordinal)).RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test, Row("D21")] // §18.1.1
    public void Nothing_is_held_back_from_what_is_sent_through_the_room() =>
        Coven.Open().Requests(Coven.Hag66, "<query xmlns='http://jabber.org/protocol/disco#info' node='http://jabber.org/protocol/muc#traffic'/>")
            .RefusesWith(Coven.Hag66, "cancel", "service-unavailable");

    [Test, Row("D22", "X7", Otherwise =
        "A room sends presence of its own only where it has an avatar to tell of: some clients take presence from a bare room JID for an occupant, and what caps would tell is in disco#info, to be asked again on 104.")]
    public void A_room_without_an_avatar_sends_no_presence_of_its_own()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        Assert.That(coven.ToldTo(Coven.Hag66).Where(s => s.Name == Ns.Client + "presence").Select(Coven.Short), Has.None.EqualTo("presence"));

        coven.Leaves(Coven.Hag66, "thirdwitch");
        Assert.That(coven.OnlyTold(Coven.Hag66).Attribute("from")?.Value, Is.EqualTo($"{Coven.Address}/thirdwitch"));
    }

    private static XElement InfoOf(Coven coven) => coven.Requests(Coven.Hag66, Info).OnlyTold(Coven.Hag66);
}
