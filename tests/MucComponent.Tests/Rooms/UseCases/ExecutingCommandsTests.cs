using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Rooms.UseCases;

/// <summary>XEP-0050, on a room with two commands: one that asks for nothing, and one for owners with a form.</summary>
public sealed class ExecutingCommandsTests
{
    private const string Node = "http://jabber.org/protocol/commands";
    private const string Owner = Coven.Crone1;

    [Test] // §2.1
    public void A_room_says_that_it_has_commands_when_it_has_some()
    {
        Assert.That(Cauldron().Features(Node), Is.EqualTo(new[] { Node }));
        Assert.That(Coven.Open(new Nothing()).Features(Node), Is.Empty);
    }

    [Test] // §2.2
    public void Each_sees_the_commands_that_are_theirs()
    {
        var coven = Cauldron().Enters(Coven.Hag66, "thirdwitch");

        Assert.That(List(coven, Owner), Is.EqualTo(new[] { $"{Coven.Address} stir Stir the cauldron", $"{Coven.Address} throw Throw something in" }));
        Assert.That(List(coven, Coven.Hag66), Is.EqualTo(new[] { $"{Coven.Address} stir Stir the cauldron" }));
    }

    [Test] // §2.2
    public void The_nodes_say_what_they_are()
    {
        var coven = Cauldron();

        Assert.That(Identity(coven, Owner, Node), Is.EqualTo("automation/command-list Commands"));
        Assert.That(Identity(coven, Owner, "throw"), Is.EqualTo("automation/command-node Throw something in"));
        Assert.That(Coven.Features(coven.Told[0]), Is.EqualTo(new[] { Node, "jabber:x:data" }));
        Info(coven, Coven.Hag66, "throw").RefusesWith(Coven.Hag66, "cancel", "forbidden");
        Info(coven, Owner, "fly").RefusesWith(Owner, "cancel", "item-not-found");
        coven.Asks(Owner, "get", "<query xmlns='http://jabber.org/protocol/disco#items' node='fly'/>").RefusesWith(Owner, "cancel", "item-not-found");
    }

    [Test]
    public void A_room_without_commands_has_no_such_nodes()
    {
        var coven = Coven.Open(new Nothing());

        Info(coven, Owner, Node).RefusesWith(Owner, "cancel", "item-not-found");
        coven.Asks(Owner, "get", $"<query xmlns='http://jabber.org/protocol/disco#items' node='{Node}'/>").RefusesWith(Owner, "cancel", "item-not-found");
    }

    [TestCase("")]
    [TestCase("action='execute'")]
    [TestCase("action='complete'")]
    public void A_command_without_a_form_is_done_at_once(string attributes) // §2.4.1
    {
        var coven = Cauldron().Enters(Coven.Hag66, "thirdwitch");

        var command = Command(coven.Executes(Coven.Hag66, "stir", attributes), Coven.Hag66);

        Assert.That(command.Attribute("status")?.Value, Is.EqualTo("completed"));
        Assert.That(command.Attribute("node")?.Value, Is.EqualTo("stir"));
        Assert.That(command.Attribute("sessionid")?.Value, Is.Not.Null.And.Not.Empty);
        Assert.That(Notes(command), Is.EqualTo(new[] { "info It bubbles." }));
        Assert.That(coven.Room.Extra["stirred"], Is.EqualTo(Coven.Hag66));
    }

    [Test] // §2.4.2
    public void A_command_with_a_form_asks_for_it_and_is_done_when_it_comes_back()
    {
        var coven = Cauldron();

        var asked = Command(coven.Executes(Owner, "throw"), Owner);

        Assert.That(asked.Attribute("status")?.Value, Is.EqualTo("executing"));
        Assert.That(coven.Changes, Is.Empty);
        var actions = asked.Element(Ns.Commands + "actions")!;
        Assert.That((actions.Attribute("execute")?.Value, actions.Elements().Single().Name.LocalName), Is.EqualTo(("complete", "complete")));
        Assert.That(DataForm.From(asked.Element(DataForm.Name))!.Fields.Select(f => f.Var), Is.EqualTo(new[] { "what", "times" }));

        var session = asked.Attribute("sessionid")!.Value;
        var done = Command(coven.Executes(Owner, "throw", $"sessionid='{session}'", ("what", "newt")), Owner);

        Assert.That((done.Attribute("status")?.Value, done.Attribute("sessionid")?.Value), Is.EqualTo(("completed", session)));
        Assert.That(coven.Room.Extra["thrown"], Is.EqualTo("newt"));
        Assert.That(coven.Told.Select(Coven.Short), Is.EqualTo(new[] { "groupchat", "result" }), "what it does comes before the answer");
    }

    [Test] // COMPAT: Prosody's own tests; its session begins and ends with one request
    public void A_form_may_come_at_once()
    {
        var coven = Cauldron();

        Assert.That(Command(coven.Executes(Owner, "throw", "", ("what", "frog")), Owner).Attribute("status")?.Value, Is.EqualTo("completed"));

        Assert.That(coven.Room.Extra["thrown"], Is.EqualTo("frog"));
    }

    [TestCase("")]
    [TestCase("type='cancel'")] // §3.5.1
    public void What_is_filled_in_need_not_be_called_submitted(string type)
    {
        var coven = Cauldron().Asks(Owner, "set", $"<command xmlns='{Node}' node='throw'><x xmlns='jabber:x:data' {type}><field var='what'><value>newt</value></field></x></command>");

        Assert.That(Command(coven, Owner).Attribute("status")?.Value, Is.EqualTo("completed"));
    }

    [Test] // §2.4.3
    public void A_command_is_cancelled_and_nothing_is_done()
    {
        var coven = Cauldron();
        var session = Command(coven.Executes(Owner, "throw"), Owner).Attribute("sessionid")!.Value;

        var cancelled = Command(coven.Executes(Owner, "throw", $"sessionid='{session}' action='cancel'"), Owner);

        Assert.That((cancelled.Attribute("status")?.Value, cancelled.Attribute("sessionid")?.Value), Is.EqualTo(("canceled", session)));
        Assert.That(coven.Changes, Is.Empty);
    }

    [TestCase("throw", "action='fly'", "malformed-action")]
    [TestCase("throw", "action='prev'", "bad-action")]
    [TestCase("throw", "action='next'", "bad-action")]
    [TestCase("throw", "action='complete'", "bad-action")]
    [TestCase("throw", "sessionid=''", "bad-sessionid")]
    [TestCase("throw", "sessionid='1034553517.x.y'", "bad-sessionid")]
    [TestCase("throw", "sessionid='forged'", "bad-sessionid")]
    [TestCase("throw", "action='cancel'", "bad-sessionid")]
    [TestCase("stir", "sessionid='forged'", "bad-sessionid")]
    public void What_cannot_be_done_is_refused_with_the_reason(string node, string attributes, string condition) // §4.4
    {
        var coven = Cauldron().Executes(Owner, node, attributes);

        coven.RefusesWith(Owner, "modify", "bad-request");
        Assert.That(Detail(coven), Is.EqualTo(condition));
    }

    [TestCase("what=", "The field what must be filled in.")]
    [TestCase("times=3", "The field what must be filled in.")]
    [TestCase("what=toad", "The field what cannot be \"toad\".")]
    [TestCase("what=newt\nfrog", "The field what takes one value.")]
    public void A_form_that_is_not_filled_in_right_is_refused(string field, string text) // §4.4
    {
        var coven = Cauldron().Executes(Owner, "throw", "", (field.Split('=')[0], field.Split('=')[1]));

        coven.RefusesWith(Owner, "modify", "bad-request");
        Assert.That(Detail(coven), Is.EqualTo("bad-payload"));
        Assert.That(coven.Told[0].Descendants(Ns.StanzaErrors + "text").Single().Value, Is.EqualTo(text));
    }

    [Test]
    public void A_second_step_without_its_form_is_refused()
    {
        var coven = Cauldron();
        var session = Command(coven.Executes(Owner, "throw"), Owner).Attribute("sessionid")!.Value;

        coven.Executes(Owner, "throw", $"sessionid='{session}'").RefusesWith(Owner, "modify", "bad-request");

        Assert.That(Detail(coven), Is.EqualTo("bad-payload"));
    }

    [Test] // §3.3: "SHOULD be valid only between one requester/responder pair"
    public void A_session_is_good_for_its_command_and_its_maker_alone()
    {
        var coven = Cauldron().Affiliates("wiccarocks@shakespeare.lit", "owner");
        var session = Command(coven.Executes(Owner, "throw"), Owner).Attribute("sessionid")!.Value;

        coven.Executes(Coven.Wiccarocks, "throw", $"sessionid='{session}'", ("what", "newt")).RefusesWith(Coven.Wiccarocks, "modify", "bad-request");
        Assert.That(Detail(coven), Is.EqualTo("bad-sessionid"));
        coven.Executes(Owner, "stir", $"sessionid='{session}'").RefusesWith(Owner, "modify", "bad-request");
        Assert.That(Detail(coven), Is.EqualTo("bad-sessionid"));
    }

    [Test] // §4.4
    public void A_session_ends_after_an_hour()
    {
        var coven = Cauldron();
        var session = Command(coven.Executes(Owner, "throw"), Owner).Attribute("sessionid")!.Value;

        coven.Now += TimeSpan.FromHours(1);
        Assert.That(Command(coven.Executes(Owner, "throw", $"sessionid='{session}'", ("what", "newt")), Owner).Attribute("status")?.Value, Is.EqualTo("completed"));
        coven.Now += TimeSpan.FromSeconds(1);
        coven.Executes(Owner, "throw", $"sessionid='{session}'", ("what", "newt")).RefusesWith(Owner, "cancel", "not-allowed");
        Assert.That(Detail(coven), Is.EqualTo("session-expired"));
    }

    [Test] // §4.4
    public void A_command_that_is_somebody_elses_or_nobodys_is_refused()
    {
        Cauldron().Executes(Coven.Hag66, "throw").RefusesWith(Coven.Hag66, "cancel", "forbidden");
        Cauldron().Executes(Owner, "fly").RefusesWith(Owner, "cancel", "item-not-found");
        Cauldron().Asks(Owner, "get", $"<command xmlns='{Node}' node='stir'/>").RefusesWith(Owner, "modify", "bad-request");
        Cauldron().Asks(Owner, "set", $"<command xmlns='{Node}'/>").RefusesWith(Owner, "modify", "bad-request");
    }

    [Test]
    public void What_a_command_refuses_changes_nothing_and_nobody_else_hears_of_it() =>
        Cauldron().Executes(Owner, "throw", "", ("what", "newt"), ("times", "4")).RefusesWith(Owner, "modify", "not-acceptable");

    private static Coven Cauldron() => Coven.Open(new Cauldrons());

    private static Coven Info(Coven coven, string who, string node) => coven.Asks(who, "get", $"<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/>");

    private static string Identity(Coven coven, string who, string node)
    {
        var query = Info(coven, who, node).OnlyTold(who).Element(Ns.DiscoInfo + "query")!;
        Assert.That(query.Attribute("node")?.Value, Is.EqualTo(node));
        var identity = query.Element(Ns.DiscoInfo + "identity")!;
        return $"{identity.Attribute("category")?.Value}/{identity.Attribute("type")?.Value} {identity.Attribute("name")?.Value}";
    }

    private static string[] List(Coven coven, string who)
    {
        var query = coven.Asks(who, "get", $"<query xmlns='http://jabber.org/protocol/disco#items' node='{Node}'/>").OnlyTold(who).Element(Ns.DiscoItems + "query")!;
        Assert.That(query.Attribute("node")?.Value, Is.EqualTo(Node));
        return [.. query.Elements(Ns.DiscoItems + "item").Select(i => $"{i.Attribute("jid")?.Value} {i.Attribute("node")?.Value} {i.Attribute("name")?.Value}")];
    }

    private static XElement Command(Coven coven, string who)
    {
        var answer = coven.ToldTo(who)[^1];
        Assert.That(answer.Attribute("type")?.Value, Is.EqualTo("result"), answer.ToString());
        return answer.Element(CommandRequest.Name)!;
    }

    private static string[] Notes(XElement command) =>
        [.. command.Elements(Ns.Commands + "note").Select(n => $"{n.Attribute("type")?.Value} {n.Value}")];

    private static string? Detail(Coven coven) => coven.Told[0].Element(Ns.Client + "error")!.Elements().FirstOrDefault(e => e.Name.Namespace == Ns.Commands)?.Name.LocalName;

    private sealed class Nothing : Feature;

    private sealed class Cauldrons : Feature
    {
        public override ImmutableArray<RoomCommand> Commands =>
        [
            new("stir", "Stir the cauldron")
            {
                MayRun = turn => turn.Me is null ? StanzaError.Forbidden : null,
                Run = (turn, _) =>
                {
                    turn.SetExtra("stirred", turn.Sender.ToString());
                    return CommandResult.Done("It bubbles.");
                },
            },
            new("throw", "Throw something in")
            {
                MayRun = turn => Privileges.MayConfigure(turn.SenderAffiliation),
                Form = _ => DataForm.Form(
                    "urn:cauldron",
                    FormField.ListSingle("what", "What", "newt", [new FormOption("newt", null), new FormOption("frog", null)]) with { Required = true },
                    FormField.TextSingle("times", "How often", null)),
                Run = (turn, form) =>
                {
                    turn.SetExtra("thrown", form.Value("what"));
                    turn.Send(Stanza.Message("groupchat") with { From = turn.Room.Jid }, turn.Sender);
                    return form.Value("times") is null ? CommandResult.Done() : StanzaError.NotAcceptable;
                },
            },
        ];
    }
}
