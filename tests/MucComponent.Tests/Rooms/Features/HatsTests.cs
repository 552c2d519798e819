using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0317.</summary>
public sealed class HatsTests
{
    private const string Commands = "urn:xmpp:hats:commands:";
    private const string Host = "http://schemas.example.com/hats#host";
    private const string Presenter = "http://schemas.example.com/hats#presenter";
    private const string Hag = "hag66@shakespeare.lit";

    [Test] // "Creating and Updating a Hat", with the XEP's own flow
    public void An_admin_makes_a_hat_by_filling_in_a_form()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");

        var asked = Command(coven.Executes(Coven.Crone1, Commands + "create"));
        var form = DataForm.From(asked.Element(DataForm.Name))!;
        Assert.That((asked.Attribute("status")?.Value, form.FormType), Is.EqualTo(("executing", "urn:xmpp:hats:commands")));
        Assert.That(form.Fields.Select(f => (f.Var, f.Required)), Is.EqualTo(new[] { ("hats#title", true), ("hats#uri", true), ("hats#hue", false) }));

        coven.Executes(Coven.Crone1, Commands + "create", $"sessionid='{asked.Attribute("sessionid")!.Value}'", ("hats#title", "Host"), ("hats#uri", Host), ("hats#hue", "327.255249"));

        Assert.That(Command(coven).Attribute("status")?.Value, Is.EqualTo("completed"));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { 104 }), "the configuration changed");
        Assert.That(Table(coven, "list"), Is.EqualTo(new[] { $"Host {Host} 327.255249" }));
    }

    [Test] // "Assigning a Hat", "Hats in Presence"
    public void Whoever_is_given_a_hat_is_seen_to_wear_it_by_all_and_by_newcomers_and_after_a_restart()
    {
        var coven = WithHats().Enters(Coven.Hag66, "thirdwitch");

        coven.Executes(Coven.Crone1, Commands + "assign", "", ("hats#jid", Hag), ("hats#uri", Host));

        Assert.That(Worn(coven.ToldTo(Coven.Crone1)[0]), Is.EqualTo(new[] { $"Host {Host} 327.2" }));
        Assert.That(Worn(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { $"Host {Host} 327.2" }));
        Assert.That(Coven.Statuses(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { 110 }));
        coven.Executes(Coven.Crone1, Commands + "assign", "", ("hats#jid", Hag + "/pda"), ("hats#uri", Presenter));
        foreach (var restarted in new[] { false, true })
        {
            if (restarted) coven.Restarts();
            coven.Enters(Coven.Wiccarocks, "secondwitch");
            Assert.That(Worn(Of(coven, Coven.Wiccarocks, "thirdwitch")), Is.EqualTo(new[] { $"Host {Host} 327.2", $"Presenter {Presenter} " }));
            Assert.That(Worn(Of(coven, Coven.Wiccarocks, "firstwitch")), Is.Empty);
            coven.Leaves(Coven.Wiccarocks, "secondwitch");
        }
        Assert.That(coven.Leaves(Coven.Hag66, "thirdwitch").ToldTo(Coven.Crone1).SelectMany(Worn), Is.Empty, "who is gone wears nothing");
        Assert.That(Worn(coven.Enters(Coven.Hag66, "thirdwitch").ToldTo(Coven.Crone1)[0]), Has.Length.EqualTo(2), "the person wears it, not the visit");
    }

    [Test]
    public void Who_made_and_gave_them_can_be_read_afterwards()
    {
        var coven = Wearing(Host);
        coven.Executes(Coven.Crone1, Commands + "unassign", "", ("hats#jid", Hag), ("hats#uri", Host)).Executes(Coven.Crone1, Commands + "destroy", "", ("hats#uri", Host));

        coven.Executes(Coven.Crone1, "audit-log");

        Assert.That(
            DataForm.From(Command(coven).Element(DataForm.Name))!.Items.Select(i => string.Join(' ', i.Skip(1).Select(f => f.Value))),
            Is.SupersetOf(new[]
            {
                $"crone1@shakespeare.lit hat destroyed  {Host} ", $"crone1@shakespeare.lit hat taken {Hag} {Host} ",
                $"crone1@shakespeare.lit hat given {Hag} {Host} ", $"crone1@shakespeare.lit hat made  {Host} ",
            }));
    }

    [Test] // "Removing a Hat"
    public void A_hat_is_taken_off()
    {
        var coven = Wearing(Host, Presenter);

        coven.Executes(Coven.Crone1, Commands + "unassign", "", ("hats#jid", Hag), ("hats#uri", Host));

        Assert.That(Worn(coven.OnlyTold(Coven.Hag66)), Is.EqualTo(new[] { $"Presenter {Presenter} " }));
        Assert.That(Table(coven, "list-assigned"), Is.EqualTo(new[] { $"{Hag} {Presenter} Presenter " }));
        coven.Executes(Coven.Crone1, Commands + "unassign", "", ("hats#jid", Hag), ("hats#uri", Host)).RefusesWith(Coven.Crone1, "cancel", "item-not-found");
    }

    [Test] // "Destroying a Hat": "it is automatically removed from all the JIDs where it was assigned"
    public void A_hat_that_is_no_more_is_on_nobodys_head()
    {
        var coven = Wearing(Host, Presenter);

        coven.Executes(Coven.Crone1, Commands + "destroy", "", ("hats#uri", Host));

        Assert.That(Worn(coven.ToldTo(Coven.Hag66)[0]), Is.EqualTo(new[] { $"Presenter {Presenter} " }));
        Assert.That(Coven.Statuses(coven.ToldTo(Coven.Hag66)[1]), Is.EqualTo(new[] { 104 }));
        Assert.That(Table(coven, "list"), Is.EqualTo(new[] { $"Presenter {Presenter} " }));
        coven.Executes(Coven.Crone1, Commands + "create", "", ("hats#title", "Host"), ("hats#uri", Host));
        Assert.That(Table(coven, "list-assigned"), Is.EqualTo(new[] { $"{Hag} {Presenter} Presenter " }), "and does not come back there");
    }

    [Test] // "Updating a hat follows the same flow but set an existing hats#uri"
    public void A_hat_that_changes_is_seen_to_change()
    {
        var coven = Wearing(Host, Presenter);

        coven.Executes(Coven.Crone1, Commands + "create", "", ("hats#title", "Hostess"), ("hats#uri", Host));

        Assert.That(Worn(coven.ToldTo(Coven.Hag66)[0]), Is.EqualTo(new[] { $"Hostess {Host} ", $"Presenter {Presenter} " }));
        Assert.That(Table(coven, "list"), Is.EqualTo(new[] { $"Hostess {Host} ", $"Presenter {Presenter} " }));
    }

    [Test, Row("roominfo-hats#hash")] // "Discovery"
    public void The_room_says_when_its_list_of_hats_is_another()
    {
        var coven = Coven.Open();
        Assert.That(coven.Features("urn:xmpp:hats:0"), Is.Not.Empty);
        Assert.That(Hash(coven), Is.Null);

        var hash = Hash(WithHats(coven));
        Assert.That(hash, Is.Not.Empty);
        Assert.That(Hash(coven.Restarts()), Is.EqualTo(hash));
        coven.Executes(Coven.Crone1, Commands + "destroy", "", ("hats#uri", Host));
        Assert.That(Hash(coven), Is.Not.Null.And.Not.EqualTo(hash));
    }

    [Test, Row("field-enable_hats")]
    public void An_owner_may_have_none_of_it()
    {
        var coven = Wearing(Host);

        coven.With(("enable_hats", "0"));

        Assert.That(coven.ToldTo(Coven.Hag66).SelectMany(Worn), Is.Empty);
        Assert.That(coven.ToldTo(Coven.Hag66).Select(Coven.Short), Does.Contain("presence thirdwitch"), "it is seen to come off");
        Assert.That(coven.Features("urn:xmpp:hats:0"), Is.Empty);
        coven.Executes(Coven.Crone1, Commands + "list").RefusesWith(Coven.Crone1, "cancel", "item-not-found");
        Assert.That(coven.With(("enable_hats", "1")).ToldTo(Coven.Hag66).SelectMany(Worn), Is.Not.Empty);
    }

    [TestCase("admin", ExpectedResult = "create destroy list assign unassign list-assigned")]
    [TestCase("member", ExpectedResult = "list")]
    [TestCase("none", ExpectedResult = "list")]
    public string Admins_see_and_may_run_them_all_and_others_only_look(string affiliation)
    {
        var coven = WithHats().Affiliates(Hag, affiliation).Enters(Coven.Hag66, "thirdwitch");
        if (affiliation != "admin")
            foreach (var command in new[] { "create", "destroy", "assign", "unassign", "list-assigned" })
                coven.Executes(Coven.Hag66, Commands + command).RefusesWith(Coven.Hag66, "cancel", "forbidden");

        var items = coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>").OnlyTold(Coven.Hag66);

        return string.Join(' ', items.Descendants(Ns.DiscoItems + "item").Select(i => i.Attribute("node")!.Value)
            .Where(n => n.StartsWith(Commands, StringComparison.Ordinal)).Select(n => n[Commands.Length..]));
    }

    [Test] // XEP-0045 §17.3
    public void Nobody_puts_one_on_itself()
    {
        var coven = WithHats().Hears($"<presence from='{Coven.Hag66}' to='{Coven.Address}/thirdwitch'><x xmlns='http://jabber.org/protocol/muc'/><hats xmlns='urn:xmpp:hats:0'><hat uri='{Host}' title='Host'/></hats></presence>");

        Assert.That(coven.Told.SelectMany(Worn), Is.Empty);
    }

    [TestCase("not a uri", "Host", "")]
    [TestCase("urn:x", "Ho&#9;st", "")]
    [TestCase("urn:x", "Host", "361")]
    [TestCase("urn:x", "Host", "blue")]
    [TestCase("", "Host", "")]
    [TestCase("urn:x", "", "")]
    public void What_is_no_hat_is_refused(string uri, string title, string hue) =>
        Coven.Open().Executes(Coven.Crone1, Commands + "create", "", ("hats#title", title), ("hats#uri", uri), ("hats#hue", hue)).RefusesWith(Coven.Crone1, "modify", "bad-request");

    [TestCase("hats#uri", "urn:none")]
    [TestCase("hats#jid", "@@")]
    public void What_is_not_there_is_given_to_nobody(string field, string value) =>
        WithHats().Executes(Coven.Crone1, Commands + "assign", "", [.. new[] { ("hats#jid", Hag), ("hats#uri", Host) }.Where(f => f.Item1 != field), (field, value)])
            .RefusesWith(Coven.Crone1, "modify", "bad-request");

    [Test]
    public void Not_without_end()
    {
        var coven = WithHats(Coven.Open(new ServicePolicy { Hats = 2, HatsWorn = 1, MaxHatLength = 60 }));

        coven.Executes(Coven.Crone1, Commands + "create", "", ("hats#title", "One more"), ("hats#uri", "urn:more")).RefusesWith(Coven.Crone1, "wait", "resource-constraint");
        coven.Executes(Coven.Crone1, Commands + "create", "", ("hats#title", new string('x', 61)), ("hats#uri", Host)).RefusesWith(Coven.Crone1, "modify", "bad-request");
        coven.Executes(Coven.Crone1, Commands + "assign", "", ("hats#jid", Hag), ("hats#uri", Host));
        coven.Executes(Coven.Crone1, Commands + "assign", "", ("hats#jid", Hag), ("hats#uri", Presenter)).RefusesWith(Coven.Crone1, "wait", "resource-constraint");
    }

    private static Coven WithHats(Coven? coven = null) => (coven ?? Coven.Open())
        .Executes(Coven.Crone1, Commands + "create", "", ("hats#title", "Host"), ("hats#uri", Host), ("hats#hue", "327.2"))
        .Executes(Coven.Crone1, Commands + "create", "", ("hats#title", "Presenter"), ("hats#uri", Presenter));

    private static Coven Wearing(params string[] uris) => uris.Aggregate(
        WithHats().Enters(Coven.Hag66, "thirdwitch"), (coven, uri) => coven.Executes(Coven.Crone1, Commands + "assign", "", ("hats#jid", Hag), ("hats#uri", uri)));

    private static XElement Command(Coven coven) => coven.ToldTo(Coven.Crone1)[^1].Element(Ns.Commands + "command")!;

    private static string[] Table(Coven coven, string command)
    {
        var form = DataForm.From(Command(coven.Executes(Coven.Crone1, Commands + command)).Element(DataForm.Name))!;
        return [.. form.Items.Select(row => string.Join(' ', row.Select(f => f.Value)))];
    }

    private static XElement Of(Coven coven, string to, string nick) => coven.ToldTo(to).Single(s => Coven.Short(s) == $"presence {nick}");

    private static string[] Worn(XElement stanza) =>
        [.. stanza.Elements(Ns.Hats + "hats").Elements(Ns.Hats + "hat").Select(h => $"{h.Attribute("title")?.Value} {h.Attribute("uri")?.Value} {h.Attribute("hue")?.Value}")];

    private static string? Hash(Coven coven) =>
        Coven.Field(coven.Asks(Coven.Hag66, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>").OnlyTold(Coven.Hag66), "hats#hash")?.Single();
}
