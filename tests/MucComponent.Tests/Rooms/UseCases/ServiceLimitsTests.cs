using System.Text.RegularExpressions;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §14.6, §10.1.3: what the service allows, whoever owns the room.</summary>
public sealed class ServiceLimitsTests
{
    private const string Persistent = "muc#roomconfig_persistentroom";
    private const string Public = "muc#roomconfig_publicroom";
    private static readonly HashSet<Jid> Crone = [Jid.Parse("crone1@shakespeare.lit")];
    private static readonly Who Elsinore = Who.Of([Jid.Parse("elsinore.lit")]);

    [Test] // §7.6
    public void A_nick_can_be_changed_only_so_often()
    {
        var coven = Coven.Open(new ServicePolicy { NickChanges = new Rate(2, TimeSpan.FromMinutes(1)) }).Enters(Coven.Hag66, "thirdwitch");
        Assert.That(Renames(coven, "a").Room.Occupants.ByNick("a"), Is.Not.Null);
        Assert.That(Renames(coven, "b").Room.Occupants.ByNick("b"), Is.Not.Null);
        Renames(coven, "c").RefusesWith(Coven.Hag66, "wait", "policy-violation");
        Assert.That(coven.OnlyTold(Coven.Hag66).Attribute("from")?.Value, Does.EndWith("/c"), "not from the nick it has");
        coven.Leaves(Coven.Hag66).Enters(Coven.Hag66, "thirdwitch");
        Renames(coven, "c").RefusesWith(Coven.Hag66, "wait", "policy-violation");
        coven.Now += TimeSpan.FromMinutes(1);
        Assert.That(Renames(coven, "c").Room.Occupants.ByNick("c"), Is.Not.Null);
    }

    [Test]
    public void What_a_room_remembers_of_what_people_did_is_bounded_and_what_is_over_is_forgotten_first()
    {
        var coven = Coven.Open(new ServicePolicy { NickChanges = new Rate(1, TimeSpan.FromMinutes(1)), RememberedPaces = 2 });
        for (var i = 0; i < 5; i++) coven.Enters($"user{i}@shakespeare.lit/x", $"n{i}").Hears($"<presence from='user{i}@shakespeare.lit/x' to='{Coven.Address}/m{i}'/>");
        Assert.That(coven.Room.Paces, Has.Count.EqualTo(2));
        coven.Now += TimeSpan.FromMinutes(1);
        coven.Hears($"<presence from='user4@shakespeare.lit/x' to='{Coven.Address}/k4'/>");
        Assert.That(coven.Room.Paces.Keys.Select(k => k.Who.ToString()), Is.EqualTo(["user4@shakespeare.lit"]));
    }

    [TestCase("coven", ExpectedResult = true)]
    [TestCase("covens", ExpectedResult = false, Description = "all of it")]
    [TestCase("heath", ExpectedResult = false)]
    public bool A_new_room_is_named_as_the_operator_wants(string pattern)
    {
        var coven = Coven.Uncreated(new ServicePolicy { RoomAddresses = new Regex($"^(?:{pattern})$"), Admins = Crone });
        coven.Enters(Coven.Hag66, "thirdwitch");
        if (!coven.Room.Exists) coven.RefusesWith(Coven.Hag66, "cancel", "not-allowed");
        var exists = coven.Room.Exists;
        Assert.That(coven.Enters(Coven.Crone1, "firstwitch").Room.Exists, "an admin may name theirs otherwise");
        return exists;
    }

    [Test]
    public void Nobody_is_called_what_the_operator_does_not_want()
    {
        var coven = Coven.Open(new ServicePolicy { DeniedNicks = new Regex("^admin", RegexOptions.IgnoreCase), Admins = Crone });
        coven.Enters(Coven.Hag66, "Administrator").RefusesWith(Coven.Hag66, "modify", "not-acceptable");
        coven.Enters(Coven.Hag66, "no admin");
        Renames(coven, "ADMIN").RefusesWith(Coven.Hag66, "modify", "not-acceptable");
        Assert.That(coven.Hears($"<presence from='{Coven.Crone1}' to='{Coven.Address}/admin'/>").Room.Occupants.ByNick("admin"), Is.Not.Null, "but an admin");
    }

    [Test] // §8.1
    public void A_subject_has_a_length_in_all_its_languages_together()
    {
        var coven = Coven.Open(new ServicePolicy { MaxSubjectLength = 10 });
        Says("<subject>Fire</subject><subject xml:lang='de'>Feuer</subject>");
        Assert.That(coven.Room.Subject!.Elements, Has.Length.EqualTo(2));
        Says("<subject>Fire</subject><subject xml:lang='de'>Feuer!!</subject>");
        coven.RefusesWith(Coven.Crone1, "modify", "policy-violation");

        void Says(string subject) => coven.Hears($"<message type='groupchat' from='{Coven.Crone1}' to='{Coven.Address}'>{subject}</message>");
    }

    [TestCase("muc#roomconfig_roomname")]
    [TestCase("muc#roomconfig_roomdesc")]
    [TestCase("muc#roomconfig_roomsecret")]
    public void Name_description_and_password_have_a_length(string field)
    {
        var coven = Coven.Open(new ServicePolicy { MaxRoomNameLength = 5, MaxDescriptionLength = 5, MaxPasswordLength = 5 });
        coven.With((field, "12345")).With((field, "123456")).RefusesWith(Coven.Crone1, "modify", "not-acceptable");
    }

    [Test]
    public void A_password_too_long_does_not_come_with_the_creator()
    {
        var coven = Coven.Uncreated(new ServicePolicy { MaxPasswordLength = 5 }).Enters(Coven.Crone1, "firstwitch", "<password>123456</password>").With();
        Assert.That(coven.Enters(Coven.Hag66, "thirdwitch").Room.Occupants.Count, Is.EqualTo(2));
    }

    [TestCase(Persistent)]
    [TestCase(Public)] // §10.1.3
    public void Who_may_not_make_a_room_persistent_or_public_has_no_such_field_and_cannot(string field)
    {
        var coven = Coven.Open(new ServicePolicy { Persisters = Elsinore, Publishers = Elsinore });
        coven.With((field, "1")).RefusesWith(Coven.Crone1, "modify", "not-acceptable");
        Assert.That(Form(coven), Does.Not.Contain(field));
        Assert.That(coven.With((field, "0")).ToldTo(Coven.Crone1)[0].Attribute("type")?.Value, Is.EqualTo("result"), "nothing changes by it");
        var admin = Coven.Open(new ServicePolicy { Persisters = Elsinore, Publishers = Elsinore, Admins = Crone });
        Assert.That(Form(admin), Does.Contain(field));
    }

    [Test]
    public void The_room_of_who_may_not_make_it_public_is_hidden_from_the_beginning()
    {
        Assert.That(Coven.Open(new ServicePolicy { Publishers = Elsinore }).Features("muc_public", "muc_hidden"), Is.EqualTo(["muc_hidden"]));
        Assert.That(Coven.Open(new ServicePolicy { Publishers = Who.Of(Crone) }).Features("muc_public", "muc_hidden"), Is.EqualTo(["muc_public"]));
    }

    [TestCase("crone1@shakespeare.lit", true)]
    [TestCase("shakespeare.lit", true)]
    [TestCase("elsinore.lit", false)] // §7.2.11
    public void Rooms_are_created_by_those_who_may(string who, bool may) =>
        Assert.That(Coven.Locked(new ServicePolicy { Creators = Who.Of([Jid.Parse(who)]) }).Room.Exists, Is.EqualTo(may));

    private static Coven Renames(Coven coven, string nick) => coven.Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/{nick}'/>");

    private static string Form(Coven coven) => coven.Asks(Coven.Crone1, "get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>").OnlyTold(Coven.Crone1).ToString();
}
