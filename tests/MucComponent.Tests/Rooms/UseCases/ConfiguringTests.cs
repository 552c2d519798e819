using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §10.1.3, §10.2.</summary>
public sealed class ConfiguringTests
{
    private const string FormType = "http://jabber.org/protocol/muc#roomconfig";

    [TestCase("muc#roomconfig_roomname", "A Dark Cave")]
    [TestCase("muc#roomconfig_roomdesc", "The place for all good witches!")]
    [TestCase("muc#roomconfig_lang", "en")]
    [TestCase("muc#roomconfig_pubsub", "xmpp:pubsub.shakespeare.lit?;node=witches")]
    [TestCase("muc#roomconfig_persistentroom", "1")]
    [TestCase("muc#roomconfig_publicroom", "0")]
    [TestCase("muc#roomconfig_membersonly", "1")]
    [TestCase("muc#roomconfig_moderatedroom", "1")]
    [TestCase("muc#roomconfig_roomsecret", "cauldronburn")]
    [TestCase("muc#roomconfig_whois", "anyone")]
    [TestCase("muc#roomconfig_changesubject", "1")]
    [TestCase("muc#roomconfig_allowinvites", "1")]
    [TestCase("muc#roomconfig_allowpm", "participants")]
    [TestCase("muc#roomconfig_maxusers", "30")]
    [TestCase("muc#roomconfig_presencebroadcast", "moderator\nparticipant")]
    [TestCase("muc#roomconfig_enablelogging", "1")]
    [TestCase("muc#roomconfig_getmemberlist", "moderator")]
    [TestCase("muc#roomconfig_roomadmins", "hag66@shakespeare.lit\nwiccarocks@shakespeare.lit")]
    [TestCase("muc#roomconfig_roomowners", "crone1@shakespeare.lit\nhag66@shakespeare.lit")]
    [TestCase("muc#roomconfig_historylength", "50")]
    [TestCase("muc#roomconfig_registration", "approval")]
    [TestCase("muc#roomconfig_lockednicks", "1")]
    [TestCase("muc#roomconfig_membersbydefault", "1")]
    [TestCase("muc#roomconfig_allowvoicerequests", "0")]
    [TestCase("muc#roomconfig_voicerequestmininterval", "60")]
    [TestCase("muc#roomconfig_links", "members")]
    [TestCase("muc#roomconfig_repetitions", "3")]
    [TestCase("muc#roomconfig_unaffiliated_media", "0")]
    [TestCase("mentions#count", "3")]
    [TestCase("mentions#channel", "none")]
    [Row(
        "C4", "field-muc#roomconfig_roomname", "field-muc#roomconfig_roomdesc", "field-muc#roomconfig_lang", "field-muc#roomconfig_persistentroom",
        "field-muc#roomconfig_publicroom", "field-muc#roomconfig_membersonly", "field-muc#roomconfig_moderatedroom", "field-muc#roomconfig_roomsecret",
        "field-muc#roomconfig_whois", "field-muc#roomconfig_changesubject", "field-muc#roomconfig_allowinvites", "field-muc#roomconfig_allowpm",
        "field-muc#roomconfig_maxusers", "field-muc#roomconfig_presencebroadcast", "field-muc#roomconfig_enablelogging",
        "field-muc#roomconfig_getmemberlist", "field-muc#roomconfig_roomadmins", "field-muc#roomconfig_roomowners", "field-muc#roomconfig_historylength", "field-muc#roomconfig_pubsub")]
    public void A_field_that_was_set_is_shown_as_it_was_set(string var, string value)
    {
        var coven = Coven.Open().With((var, value));
        Assert.That(Coven.Short(coven.ToldTo(Coven.Crone1)[^1]), Is.Not.EqualTo("error"));
        Assert.That(Form(coven).Values(var)!.Value, Is.EqualTo(value.Split('\n')));
    }

    [TestCase("muc#roomconfig_historylength", "validate datatype='xs:integer' range 0 to 200")]
    [TestCase("muc#roomconfig_slow_mode_duration", "validate datatype='xs:integer' range 0 to 86400")]
    [TestCase("mentions#count", "validate datatype='xs:integer' range 0 to 1000")]
    [TestCase("muc#roomconfig_maxusers", "", Description = "its values are listed, and one of them is no number")]
    public void A_whole_number_is_said_to_be_one(string var, string said)
    {
        var validate = Coven.Open().Asks(Coven.Crone1, "get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>").OnlyTold(Coven.Crone1)
            .Descendants(FormField.Name).Single(f => f.Attribute("var")?.Value == var).Element(Ns.FormValidation + "validate");
        var range = validate?.Element(Ns.FormValidation + "range");
        Assert.That(validate is null ? "" : $"validate datatype='{validate.Attribute("datatype")?.Value}' range {range?.Attribute("min")?.Value} to {range?.Attribute("max")?.Value}", Is.EqualTo(said));
    }

    // What other servers call the same thing, where clients send it.
    [TestCase("{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites", "1", "muc#roomconfig_allowinvites", "1")]
    [TestCase("muc#roomconfig_enablearchiving", "true", "muc#roomconfig_enablelogging", "1")]
    [TestCase("mam", "1", "muc#roomconfig_enablelogging", "1")]
    [TestCase("muc#roomconfig_mam", "1", "muc#roomconfig_enablelogging", "1")]
    [TestCase("muc#roomconfig_defaulthistorymessages", "5", "muc#roomconfig_historylength", "5")]
    [TestCase("muc#maxhistoryfetch", "5", "muc#roomconfig_historylength", "5")]
    [TestCase("members_by_default", "1", "muc#roomconfig_membersbydefault", "1")]
    [TestCase("allow_voice_requests", "0", "muc#roomconfig_allowvoicerequests", "0")]
    [TestCase("voice_request_min_interval", "60", "muc#roomconfig_voicerequestmininterval", "60")]
    [TestCase("allow_visitor_status", "0", "muc#roomconfig_allowvisitorstatus", "0")]
    [TestCase("allow_visitor_nickchange", "0", "muc#roomconfig_allowvisitornickchange", "0")]
    [TestCase("x-muc#roomconfig_registration", "1", "muc#roomconfig_registration", "open")]
    [TestCase("x-muc#roomconfig_reservednick", "1", "muc#roomconfig_lockednicks", "1")]
    [Row(
        "field-{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites", "field-muc#roomconfig_enablearchiving", "field-mam",
        "field-muc#roomconfig_defaulthistorymessages", "field-muc#maxhistoryfetch", "field-members_by_default", "field-allow_voice_requests",
        "field-voice_request_min_interval", "field-allow_visitor_status", "field-allow_visitor_nickchange",
        "field-x-muc#roomconfig_registration", "field-x-muc#roomconfig_reservednick")]
    public void Another_name_for_a_field_is_taken_too(string alias, string value, string var, string shown) =>
        Assert.That(Form(Coven.Open().With((alias, value))).Value(var), Is.EqualTo(shown));

    [TestCase("captcha_protected")]
    [TestCase("captcha_whitelist")]
    [TestCase("allow_subscription")]
    [TestCase("allowmultisessions")]
    [TestCase("allow_private_messages_from_visitors")]
    [TestCase("x-muc#roomconfig_canchangenick")]
    [TestCase("{http://jabber.igniterealtime.org/protocol/muc}retireondel")]
    [TestCase("{http://jabber.igniterealtime.org/protocol/muc}preservehistondel")]
    [Row(
        "field-captcha_protected", "field-captcha_whitelist", "field-allow_subscription", "field-allowmultisessions", "field-allow_private_messages_from_visitors",
        "field-x-muc#roomconfig_canchangenick", "field-retireondel", "field-preservehistondel",
        Otherwise = "Not offered, and ignored where sent: captchas and MUC/Sub are other servers' extensions; several sessions of one nick are always allowed; what visitors may write is in allowpm; locked nicks and tombstones say the rest.")]
    [Row("C11", "1.15.10", "1.16.M")] // XEP-0004 §3.2
    public void Unknown_fields_are_ignored(string var)
    {
        var coven = Coven.Open().With((var, "1"));
        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
        Assert.That(coven.Changes, Is.Empty);
    }

    [TestCase("muc#roomconfig_persistentroom", "perhaps")]
    [TestCase("muc#roomconfig_persistentroom", "1\n0")]
    [TestCase("muc#roomconfig_whois", "nobody")]
    [TestCase("muc#roomconfig_allowpm", "1")]
    [TestCase("muc#roomconfig_maxusers", "many")]
    [TestCase("muc#roomconfig_maxusers", "-1")]
    [TestCase("muc#roomconfig_presencebroadcast", "witch")]
    [TestCase("muc#roomconfig_roomname", "A\nDark")]
    [TestCase("muc#roomconfig_registration", "always")]
    [TestCase("muc#roomconfig_passwordprotectedroom", "perhaps")]
    [TestCase("muc#roomconfig_roomowners", "crone1@shakespeare.lit\n@")]
    [TestCase("muc#roomconfig_roomadmins", "@")]
    [TestCase("mam", "perhaps")]
    [Row("C12")] // XEP-0004 §3.3, XEP-0045 §10.2
    public void A_value_of_the_wrong_type_is_a_bad_request_that_names_the_field_and_changes_nothing(string var, string value)
    {
        var coven = Coven.Open().With(("muc#roomconfig_roomdesc", "A new one"), (var, value));
        coven.RefusesWith(Coven.Crone1, "modify", "bad-request");
        Assert.That(coven.OnlyTold(Coven.Crone1).Descendants(Ns.StanzaErrors + "text").Single().Value, Does.Contain(var));
    }

    [TestCase("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field></x>", TestName = "another FORM_TYPE")]
    [TestCase("<x xmlns='jabber:x:data' type='result'/>", TestName = "a form of another type")]
    [TestCase("<x xmlns='jabber:x:data'/>", TestName = "a form of no type")]
    [TestCase("<x xmlns='jabber:x:witch' type='submit'/>", TestName = "no form")]
    [TestCase("", TestName = "nothing")]
    [Row("C12")] // §10.2
    public void What_is_not_the_form_is_a_bad_request(string payload)
    {
        var coven = Coven.Open().Asks(Coven.Crone1, "set", $"<query xmlns='http://jabber.org/protocol/muc#owner'>{payload}</query>");
        coven.RefusesWith(Coven.Crone1, "modify", "bad-request");
    }

    [Test, Row("C9")] // §10.2
    public void The_form_is_for_owners([Values("get", "set")] string type, [Values("none", "member", "admin")] string affiliation)
    {
        var coven = Coven.Open().Affiliates("hag66@shakespeare.lit", affiliation).Enters(Coven.Hag66, "thirdwitch");
        coven.Asks(Coven.Hag66, type, $"<query xmlns='http://jabber.org/protocol/muc#owner'>{(type == "get" ? "" : Coven.Form(FormType))}</query>");
        coven.RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test, Row("C9")] // §10.2: by bare JID, in the room or not
    public void An_owner_need_not_be_in_the_room()
    {
        var coven = Coven.Open().Asks("crone1@shakespeare.lit/broom", "get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>");
        Assert.That(Coven.Short(coven.OnlyTold("crone1@shakespeare.lit/broom")), Is.EqualTo("result"));
    }

    [Test, Row("C10", "1.15.10")] // §10.2: clients submit what they know
    public void Missing_fields_keep_their_values()
    {
        var coven = Coven.Open().With(("muc#roomconfig_roomname", "A Dark Cave"), ("muc#roomconfig_moderatedroom", "1")).With(("muc#roomconfig_moderatedroom", "0"));
        Assert.That(Form(coven).Value("muc#roomconfig_roomname"), Is.EqualTo("A Dark Cave"));
        Assert.That(Form(coven).Value("muc#roomconfig_moderatedroom"), Is.EqualTo("0"));
    }

    [Test, Row("C13", "status-104", "1.15.8", "1.16.M")] // §10.2.1
    public void A_change_is_told_to_everybody_after_the_result()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").With(("muc#roomconfig_roomname", "A Dark Cave"));

        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "result", "groupchat" }));
        var told = coven.OnlyTold(Coven.Hag66);
        Assert.That(told.Attribute("from")?.Value, Is.EqualTo(Coven.Address));
        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 104 }));
        Assert.That(told.Element(Ns.MucUser + "x")!.Elements().Count(), Is.EqualTo(1), "\"shall contain only a <status/> element\"");
    }

    [Test, Row("C13")] // §10.2.1
    public void What_changes_nothing_is_told_to_nobody()
    {
        var coven = Coven.Open().With(("muc#roomconfig_roomname", "A Dark Cave")).With(("muc#roomconfig_roomname", "A Dark Cave"));
        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
    }

    [TestCase("muc#roomconfig_whois", "anyone", 172)]
    [TestCase("muc#roomconfig_enablelogging", "1", 170)]
    [TestCase("muc#roomconfig_presencebroadcast", "moderator\nparticipant\nvisitor\nnone", 102)]
    [Row("C14", "status-170", "status-172", "status-102")] // §10.2.1
    public void What_touches_privacy_has_a_status_of_its_own(string var, string value, int status) =>
        Assert.That(Coven.Statuses(Coven.Open().With((var, value)).ToldTo(Coven.Crone1)[^1]), Is.EqualTo(new[] { 104, status }));

    [TestCase("muc#roomconfig_whois", "anyone", "moderators", 173)]
    [TestCase("muc#roomconfig_enablelogging", "1", "0", 171)]
    [TestCase("muc#roomconfig_presencebroadcast", "moderator\nparticipant\nvisitor\nnone", "moderator\nparticipant\nvisitor", 103)]
    [Row("C14", "status-171", "status-173", "status-103")] // §10.2.1
    public void And_so_has_its_end(string var, string value, string end, int status) =>
        Assert.That(Coven.Statuses(Coven.Open().With((var, value)).With((var, end)).ToldTo(Coven.Crone1)[^1]), Is.EqualTo(new[] { 104, status }));

    [Test, Row("C15")] // §10.2.1
    public void One_message_says_all_that_changed()
    {
        var coven = Coven.Open().With(("muc#roomconfig_whois", "anyone"), ("muc#roomconfig_enablelogging", "1"), ("muc#roomconfig_roomname", "A Dark Cave"));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "result", "groupchat" }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Crone1)[1]), Is.EqualTo(new[] { 104, 172, 170 }));
    }

    [Test, Row("C5")] // §10.2: "MUST leave the configuration of the room as it was"
    public void Cancelling_a_later_form_changes_nothing()
    {
        var coven = Coven.Open().Asks(Coven.Crone1, "set", "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='cancel'/></query>");
        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
        Assert.That(coven.Changes, Is.Empty);
    }

    [Test, Row("C18")] // §10.1.3: "violate one or more service policies"
    public void What_the_service_keeps_to_its_admins_is_not_acceptable_from_others()
    {
        var policy = new ServicePolicy { ReservedOptions = new HashSet<string> { PersistentRoom.Persistent.Name } };
        var coven = Coven.Open(policy).With(("muc#roomconfig_roomname", "A Dark Cave"), ("muc#roomconfig_persistentroom", "1"));
        coven.RefusesWith(Coven.Crone1, "modify", "not-acceptable");
        Assert.That(Form(coven).Field("muc#roomconfig_persistentroom"), Is.Null, "nor is it offered");
        Assert.That(Coven.Short(coven.With(("muc#roomconfig_persistentroom", "0")).ToldTo(Coven.Crone1)[^1]), Is.EqualTo("result"), "what is so already is no change");
    }

    [Test, Row("C18")] // §10.1.3
    public void A_service_admin_who_owns_the_room_may_set_it()
    {
        var policy = new ServicePolicy
        {
            ReservedOptions = new HashSet<string> { PersistentRoom.Persistent.Name },
            Admins = new HashSet<Jid> { Jid.Parse("crone1@shakespeare.lit") },
        };
        Assert.That(Coven.Open(policy).With(("muc#roomconfig_persistentroom", "1")).Room.Config.Get(PersistentRoom.Persistent));
    }

    [Test, Row("C24")] // §10.2
    public void Of_two_owners_who_configure_at_once_the_last_one_wins()
    {
        var coven = Coven.Open().Affiliates("hag66@shakespeare.lit", "owner").With(("muc#roomconfig_roomname", "A Dark Cave"), ("muc#roomconfig_moderatedroom", "1"));
        coven.Asks(Coven.Hag66, "set", $"<query xmlns='http://jabber.org/protocol/muc#owner'>{Coven.Form(FormType, ("muc#roomconfig_roomname", "The Heath"))}</query>");
        Assert.That(coven.Room.Config.Get(About.Name), Is.EqualTo("The Heath"));
        Assert.That(coven.Room.Config.Get(Moderated.Only));
    }

    private static DataForm Form(Coven coven) =>
        DataForm.From(coven.Asks(Coven.Crone1, "get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>")
            .OnlyTold(Coven.Crone1).Element(Ns.MucOwner + "query")!.Element(Ns.DataForms + "x"))!;
}
