using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.Features;

/// <summary>XEP-0513.</summary>
public sealed class ExplicitMentionsTests
{
    private const string Ns0 = "urn:xmpp:mentions:0";
    private static readonly XName Mention = XNamespace.Get(Ns0) + "mention";

    [TestCase("mentions='urn:xmpp:mentions:0#channel'", ExpectedResult = false, Description = "by default moderators alone")]
    [TestCase("mentions='urn:xmpp:mentions:0#moderators'", ExpectedResult = true)]
    [TestCase("mentions='urn:xmpp:mentions:0#hats' uri='http://schemas.example.com/hats#students'", ExpectedResult = true)]
    [TestCase("occupantid='x'", ExpectedResult = true)]
    [TestCase("mentions='urn:xmpp:mentions:0#server' uri='xmpp:shakespeare.lit'", ExpectedResult = true, Description = "the room does not know it")]
    [TestCase("mentions='https://example.org/knights'", ExpectedResult = true)]
    public bool A_participant_may_mention(string mention) => Mentions(Coven.Open().Enters(Coven.Hag66, "thirdwitch"), Coven.Hag66, mention).Length == 1;

    [TestCase("individual", "occupantid='x'")]
    [TestCase("channel", "mentions='urn:xmpp:mentions:0#channel'")]
    [TestCase("associations", "mentions='urn:xmpp:mentions:0#owner'")]
    [TestCase("hats", "mentions='urn:xmpp:mentions:0#hats' uri='http://schemas.example.com/hats#students'")]
    public void Who_may_is_the_owners_to_say_and_the_message_goes_on_without_what_may_not(string what, string mention)
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        foreach (var (who, participant, moderator) in new[] { ("participants", true, true), ("moderators", false, true), ("none", false, false) })
        {
            coven.With(($"mentions#{what}", who));
            Assert.That(Mentions(coven, Coven.Hag66, mention).Length == 1, Is.EqualTo(participant), who);
            Assert.That(coven.OnlyTold(Coven.Crone1).Element(Ns.Client + "body")?.Value, Is.EqualTo("Hail!"));
            Assert.That(Mentions(coven, Coven.Crone1, mention).Length == 1, Is.EqualTo(moderator), who);
        }
    }

    [Test] // "ignore all mentions if the message contains more mentions than the threshold"
    public void Of_too_many_there_are_none()
    {
        var coven = Coven.Open().With(("mentions#count", "2"));
        Assert.That(Mentions(coven, Coven.Crone1, "occupantid='a'", "occupantid='b'"), Has.Length.EqualTo(2));
        Assert.That(Mentions(coven, Coven.Crone1, "occupantid='a'", "occupantid='b'", "occupantid='c'"), Is.Empty);
    }

    [Test] // "Multi-User Chats Permissions"
    public void Anybody_may_ask_what_is_allowed()
    {
        var coven = Coven.Open().Asks(Coven.Hag66, "get", $"<query xmlns='{Ns0}'/>");
        var form = DataForm.From(coven.OnlyTold(Coven.Hag66).Descendants(DataForm.Name).Single())!;
        Assert.That((form.Type, form.FormType), Is.EqualTo(("form", Ns0)));
        Assert.That(form.Fields.Select(f => $"{f.Var} {f.Value} {f.Required}"), Is.EqualTo(new[]
        {
            "mentions#count 20 True", "mentions#individual participants True", "mentions#channel moderators True",
            "mentions#associations participants True", "mentions#hats participants True",
        }));
        Assert.That(coven.Features(Ns0, $"{Ns0}#channel", $"{Ns0}#associations", $"{Ns0}#hats", $"{Ns0}#space"), Has.Exactly(4).Items);
    }

    [Test] // "present if and only if the corresponding feature is advertised"
    public void Where_nobody_wears_hats_there_is_no_word_of_them()
    {
        var coven = Coven.Open().With(("muc#roomconfig_enablehats", "0"), ("mentions#hats", "none")).Asks(Coven.Hag66, "get", $"<query xmlns='{Ns0}'/>");
        Assert.That(coven.OnlyTold(Coven.Hag66).Descendants(FormField.Name).Attributes("var").Select(v => v.Value), Has.None.EqualTo("mentions#hats"));
        Assert.That(coven.Features($"{Ns0}#hats"), Is.Empty);
        Assert.That(Mentions(coven, Coven.Crone1, $"mentions='{Ns0}#hats' uri='x:y'"), Has.Length.EqualTo(1));
    }

    [Test] // "Owner submits permissions form"
    public void An_owner_changes_it_and_everybody_hears_what_has_changed()
    {
        var coven = Coven.Open().Enters(Coven.Hag66, "thirdwitch");
        Submit(coven, Coven.Crone1, ("mentions#count", "20"), ("mentions#individual", "moderators"));
        Assert.That(coven.ToldTo(Coven.Crone1)[^1].Attribute("type")?.Value, Is.EqualTo("result"));
        var told = coven.OnlyTold(Coven.Hag66);
        var form = DataForm.From(told.Element(DataForm.Name))!;
        Assert.That((told.Attribute("type")?.Value, told.Attribute("from")?.Value, form.Type, form.FormType), Is.EqualTo(("groupchat", Coven.Address, "result", Ns0)));
        Assert.That(form.Fields.Select(f => $"{f.Var} {f.Value}"), Is.EqualTo(["mentions#individual moderators"]), "and not what is as it was");
        Assert.That(Mentions(coven.Restarts(), Coven.Hag66, "occupantid='x'"), Is.Empty);

        Submit(coven, Coven.Crone1, ("mentions#individual", "moderators"));
        Assert.That(coven.ToldTo(Coven.Hag66), Is.Empty, "nothing has changed");
        Submit(coven, Coven.Crone1, ("mentions#individual", "witches")).RefusesWith(Coven.Crone1, "modify", "bad-request");
        Submit(coven, Coven.Hag66, ("mentions#individual", "participants")).RefusesWith(Coven.Hag66, "auth", "forbidden");
    }

    [Test] // XEP-0045 §10.1.3
    public void What_the_service_keeps_to_its_admins_is_told_and_not_the_owners_to_change()
    {
        var coven = Coven.Open(new ServicePolicy { ReservedOptions = new HashSet<string> { "mentions#channel" } });
        coven.Asks(Coven.Crone1, "get", $"<query xmlns='{Ns0}'/>");
        Assert.That(coven.OnlyTold(Coven.Crone1).Descendants(FormField.Name).Attributes("var").Select(v => v.Value), Has.One.EqualTo("mentions#channel"));
        Submit(coven, Coven.Crone1, ("mentions#channel", "none")).RefusesWith(Coven.Crone1, "modify", "not-acceptable");
    }

    private static Coven Submit(Coven coven, string who, params (string, string)[] fields) =>
        coven.Asks(who, "set", $"<query xmlns='{Ns0}'>{Coven.Form(Ns0, fields)}</query>");

    private static XElement[] Mentions(Coven coven, string who, params string[] mentions)
    {
        coven.Hears($"<message type='groupchat' from='{who}' to='{Coven.Address}'><body>Hail!</body>{string.Concat(mentions.Select(m => $"<mention xmlns='{Ns0}' {m}/>"))}</message>");
        return [.. coven.OnlyTold(Coven.Crone1).Elements(Mention)];
    }
}
