using MucComponent.Rooms.Features;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0045 §10.1.</summary>
public sealed class CreatingTests
{
    [Test, Row("C1", "status-201", "status-110")] // §10.1.1
    public void Who_creates_the_room_owns_it_and_moderates_it_and_is_told_that_it_is_new()
    {
        var told = Coven.Locked().ToldTo(Coven.Crone1)[0];

        Assert.That(Coven.Statuses(told), Is.EqualTo(new[] { 201, 110 }));
        Assert.That(Coven.Item(told).Attribute("affiliation")?.Value, Is.EqualTo("owner"));
        Assert.That(Coven.Item(told).Attribute("role")?.Value, Is.EqualTo("moderator"));
    }

    [Test, Row("C2", "1.16.E")] // §10.1.1, §7.2.10
    public void Nobody_else_gets_in_before_the_room_is_configured() =>
        Coven.Locked().Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "cancel", "item-not-found");

    [Test, Row("C3")] // §10.1.2
    public void An_empty_form_makes_an_instant_room()
    {
        var coven = Coven.Locked().Asks(Coven.Crone1, "set", "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>");

        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "result" }));
        Assert.That(coven.Enters(Coven.Hag66, "thirdwitch").Room.Occupants.Count, Is.EqualTo(2));
    }

    [Test, Row("C4")] // §10.1.3
    public void A_reserved_room_is_configured_by_its_form()
    {
        var coven = Coven.Locked().Asks(Coven.Crone1, "get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>");
        var form = DataForm.From(coven.OnlyTold(Coven.Crone1).Element(Ns.MucOwner + "query")?.Element(Ns.DataForms + "x"));
        Assert.That(form?.Type, Is.EqualTo("form"));
        Assert.That(form?.FormType, Is.EqualTo("http://jabber.org/protocol/muc#roomconfig"));
        Assert.That(coven.Room.Locked);

        coven.With(("muc#roomconfig_roomname", "A Dark Cave"));
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "result", "groupchat" }));
        Assert.That(coven.Room.Locked, Is.False);
    }

    [Test, Row("C5")] // §10.1.3: "If the room owner cancels the initial configuration, the service MUST destroy the room"
    public void Cancelling_the_first_form_takes_the_room_back()
    {
        var coven = Coven.Locked().Asks(Coven.Crone1, "set", "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='cancel'/></query>");

        Assert.That(coven.Room.Exists, Is.False);
        Assert.That(coven.ToldTo(Coven.Crone1).Select(Coven.Short), Is.EqualTo(new[] { "unavailable firstwitch", "result" }));
        Assert.That(coven.ToldTo(Coven.Crone1)[0].Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "destroy"), Is.Not.Null);
    }

    [Test, Row("C6")] // §10.1.3
    public void Who_goes_away_from_the_first_form_takes_the_room_along()
    {
        var coven = Coven.Locked().Hears($"<presence type='unavailable' from='{Coven.Crone1}' to='{Coven.Address}/firstwitch'/>");

        Assert.That(coven.Room.Exists, Is.False);
        Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "destroy"), Is.Not.Null);
        Assert.That(Coven.Statuses(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Hag66)[0]), Does.Contain(201));
    }

    [Test, Row("C7")] // §10.1: "MAY set a timeout for initial configuration"
    public void A_room_that_nobody_configures_opens_after_a_while_as_it_is()
    {
        var coven = Coven.Locked();
        coven.Now += new ServicePolicy().LockedFor;
        coven.Enters(Coven.Hag66, "thirdwitch").RefusesWith(Coven.Hag66, "cancel", "item-not-found");

        coven.Now += TimeSpan.FromSeconds(1);
        Assert.That(coven.Enters(Coven.Hag66, "thirdwitch").Room.Occupants.Count, Is.EqualTo(2));
        Assert.That(coven.Room.Locked, Is.False);
    }

    [Test] // §7.2.1: an error makes no room
    public void A_refused_join_creates_nothing()
    {
        var coven = Coven.Uncreated().Hears($"<presence from='{Coven.Crone1}' to='{Coven.Address}'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        coven.RefusesWith(Coven.Crone1, "modify", "jid-malformed");
        Assert.That(coven.Room.Exists, Is.False);
    }

    private const string Service = "chat.shakespeare.lit";

    [Test]
    public void The_service_makes_a_room_that_nobody_has_to_enter()
    {
        var coven = Coven.Uncreated().Asks(Service, "set", Owner(("muc#roomconfig_persistentroom", "1"), ("muc#roomconfig_roomowners", "crone1@shakespeare.lit")));

        Assert.That(coven.ToldTo(Service).Select(Coven.Short), Is.EqualTo(new[] { "result" }));
        Assert.That(Coven.Statuses(coven.OnlyTold("crone1@shakespeare.lit")), Is.EqualTo(new[] { 101 }));
        Assert.That((coven.Room.Exists, coven.Room.Locked, coven.Room.Occupants.IsEmpty), Is.EqualTo((true, false, true)));
        Assert.That(coven.Enters(Coven.Crone1, "firstwitch").Room.Occupants.ByNick("firstwitch")?.Affiliation, Is.EqualTo(Affiliation.Owner));
    }

    [TestCase("crone1@shakespeare.lit", "0")] // it would be gone at once
    [TestCase(null, "1")]
    public void It_needs_an_owner_and_has_to_stay(string? owner, string persistent) =>
        Coven.Uncreated().Asks(Service, "set", Owner([("muc#roomconfig_persistentroom", persistent), .. owner is null ? [] : new[] { ("muc#roomconfig_roomowners", owner) }]))
            .RefusesWith(Service, "modify", "not-acceptable");

    [Test]
    public void Nobody_else_can_make_one_without_entering()
    {
        foreach (var who in new[] { Coven.Crone1, "chat.shakespeare.lit/x", "shakespeare.lit" })
            Coven.Uncreated().Asks(who, "set", Owner(("muc#roomconfig_persistentroom", "1"), ("muc#roomconfig_roomowners", "crone1@shakespeare.lit"))).RefusesWith(who, "cancel", "item-not-found");
    }

    [Test]
    public void A_new_room_is_set_to_the_services_defaults_and_its_owner_may_change_them()
    {
        var coven = Coven.Locked(new ServicePolicy { RoomDefaults = [new(MembersOnly.Only, true)] });
        Assert.That(coven.Room.Config.Get(MembersOnly.Only), Is.True);

        coven.With(("muc#roomconfig_membersonly", "0"));

        Assert.That(coven.Room.Config.Get(MembersOnly.Only), Is.False);
        Assert.That(coven.Restarts().Room.Config.Get(MembersOnly.Only), Is.False);
    }

    private static string Owner(params (string Var, string Value)[] fields) =>
        $"<query xmlns='http://jabber.org/protocol/muc#owner'>{Coven.Form("http://jabber.org/protocol/muc#roomconfig", fields)}</query>";
}
