using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>Who moderated what, read by a command of the room (XEP-0050).</summary>
public sealed class AuditLogTests
{
    [Test]
    public void What_moderators_did_is_there_with_who_to_whom_and_why_the_newest_first()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").Enters(Coven.Wiccarocks, "secondwitch").GivesRole("secondwitch", "moderator")
            .GivesRole("thirdwitch", "visitor").GivesRole("thirdwitch", "none", by: Coven.Wiccarocks, inside: "<reason>Avaunt!</reason>")
            .Affiliates("macbeth@shakespeare.lit", "outcast", inside: "<reason>a\tb</reason>").With(("muc#roomconfig_roomsecret", "cauldronburn"), ("muc#roomconfig_moderatedroom", "1"));
        coven.Executes(Coven.Crone1, "ban", "", ("who", "hag66@shakespeare.lit"), ("for", "1h")).Executes(Coven.Crone1, "mute", "", ("who", "hecate@shakespeare.lit"), ("for", "1h"));
        coven.Says(Coven.Crone1, "one");
        var id = coven.OnlyTold(Coven.Crone1).Element(Ns.StanzaId + "stanza-id")!.Attribute("id")!.Value;
        coven.Asks(Coven.Crone1, "set", $"<moderate xmlns='urn:xmpp:message-moderate:1' id='{id}'><retract xmlns='urn:xmpp:message-retract:1'/><reason>rude</reason></moderate>");

        Assert.That(Log(coven.Restarts()), Is.EqualTo(new[]
        {
            $"crone1@shakespeare.lit retraction crone1@shakespeare.lit {id} rude",
            "crone1@shakespeare.lit mute hecate@shakespeare.lit until 2002-10-14T00:58:37.000Z ",
            "crone1@shakespeare.lit ban hag66@shakespeare.lit until 2002-10-14T00:58:37.000Z ",
            "crone1@shakespeare.lit configuration  roomsecret moderatedroom ",
            "crone1@shakespeare.lit affiliation macbeth@shakespeare.lit outcast a b",
            "wiccarocks@shakespeare.lit kick hag66@shakespeare.lit thirdwitch Avaunt!",
            "crone1@shakespeare.lit role hag66@shakespeare.lit visitor ",
            "crone1@shakespeare.lit role wiccarocks@shakespeare.lit moderator ",
        }));
    }

    [Test] // §8.6
    public void Voice_given_to_who_asked_for_it_is_there_too()
    {
        var coven = Coven.Open().With(("muc#roomconfig_moderatedroom", "1")).Enters(Coven.Hag66, "thirdwitch");
        coven.Submits(Coven.Hag66, "http://jabber.org/protocol/muc#request", ("muc#role", "participant")).Submits(
            Coven.Crone1, "http://jabber.org/protocol/muc#request", ("muc#role", "participant"), ("muc#jid", Coven.Hag66), ("muc#roomnick", "thirdwitch"), ("muc#request_allow", "1"));

        Assert.That(Log(coven).First(), Is.EqualTo("crone1@shakespeare.lit role hag66@shakespeare.lit participant "));
    }

    [Test]
    public void Its_columns_are_told_in_words() => Assert.That(
        Coven.Open().Executes(Coven.Crone1, "audit-log").OnlyTold(Coven.Crone1).Descendants(Ns.DataForms + "reported").Elements().Select(f => f.Attribute("label")!.Value),
        Is.EqualTo(new[] { "When", "Who did it", "What", "To whom", "More of it", "Why" }));

    [Test]
    public void What_was_refused_is_not_there()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch").GivesRole("firstwitch", "none", by: Coven.Hag66);

        Assert.That(Log(coven), Is.Empty);
    }

    [Test]
    public void It_is_for_admins() =>
        Coven.Open().Enters(Coven.Hag66, "thirdwitch").GivesRole("thirdwitch", "moderator").Executes(Coven.Hag66, "audit-log").RefusesWith(Coven.Hag66, "cancel", "forbidden");

    [Test]
    public void It_forgets_what_is_old_and_what_is_too_much()
    {
        var coven = Coven.Open(new ServicePolicy { AuditedActions = 3, AuditedFor = TimeSpan.FromDays(2) });
        foreach (var who in new[] { "a", "b", "c", "d" })
        {
            coven.Affiliates($"{who}@shakespeare.lit", "member");
            coven.Now += TimeSpan.FromDays(1);
        }

        Assert.That(Log(coven).Select(l => l.Split(' ')[2]), Is.EqualTo(new[] { "d@shakespeare.lit", "c@shakespeare.lit" }));
        coven.Affiliates("e@shakespeare.lit", "member");
        Assert.That(coven.Room.Extra["audit log"].Split('\n'), Has.Length.EqualTo(3));
    }

    private static IEnumerable<string> Log(Coven coven)
    {
        var form = DataForm.From(coven.Executes(Coven.Crone1, "audit-log").OnlyTold(Coven.Crone1).Descendants(DataForm.Name).Single())!;
        Assert.That(form.Reported.Select(f => f.Var), Is.EqualTo(new[] { "at", "actor", "action", "about", "detail", "reason" }));
        return [.. form.Items.Select(row => string.Join(' ', row.Skip(1).Select(f => f.Value)))];
    }
}
