using System.Collections.Immutable;
using System.Threading.Channels;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Service;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Tests.Operations;
using MucComponent.Xmpp;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace MucComponent.Tests.Service;

/// <summary>XEP-0050 on the service's own address.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServiceCommandsTests : IDisposable
{
    private const string Admin = "hecate@shakespeare.lit/cave";
    private const string Stranger = "macbeth@shakespeare.lit/castle";
    private const string Node = "http://jabber.org/protocol/commands";

    private readonly Operated _operated = new(options: new MucOptions { Admins = new HashSet<Jid> { Jid.Parse("hecate@shakespeare.lit") } });
    private readonly Answers _answers = new();
    private readonly ServiceStanzas _service;

    public ServiceCommandsTests() => _service = Over(_operated);

    public void Dispose() => _operated.Dispose();

    [Test] // §2.1, §2.2
    public async Task An_admin_sees_every_operation_and_others_none()
    {
        Assert.That(await ItemsAsync(Admin), Is.EqualTo(OperationList.All.Select(o => $"chat.shakespeare.lit {o.Nodes[0]} {o.Meaning}")));
        Assert.That(await ItemsAsync(Stranger), Is.Empty);
        var features = (await AskAsync(Stranger, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>")).Descendants(Ns.DiscoInfo + "feature").Select(f => f.Attribute("var")!.Value);
        Assert.That(features, Does.Contain(Node));
    }

    [Test] // §2.2
    public async Task The_nodes_say_what_they_are_to_those_who_may_know()
    {
        Assert.That(await IdentityAsync(Node), Is.EqualTo("command-list Commands"));
        Assert.That(await IdentityAsync("rooms-list"), Is.EqualTo("command-node List the rooms"));
        Assert.That(await IdentityAsync("http://prosody.im/protocol/muc#destroy"), Is.EqualTo("command-node Destroy rooms"));
        Assert.That(await RefusalAsync(Stranger, "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='rooms-list'/>"), Is.EqualTo("cancel forbidden"));
        Assert.That(await RefusalAsync(Admin, "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='fly'/>"), Is.EqualTo("cancel item-not-found"));
    }

    [Test]
    public async Task Every_operation_with_arguments_asks_for_them_in_a_form()
    {
        foreach (var operation in OperationList.All.Where(o => !o.Arguments.IsEmpty))
        {
            var command = await CommandAsync(operation.Nodes[0]);
            var form = DataForm.From(command.Element(DataForm.Name))!;
            Assert.That(command.Attribute("status")?.Value, Is.EqualTo("executing"));
            Assert.That(form.Fields.Select(f => (f.Var, f.Required, f.Label)), Is.EqualTo(operation.Arguments.Select(a => (a.Name, a.Required, a.Meaning))));
        }
    }

    [Test]
    public async Task A_list_comes_as_a_table_and_a_record_as_fields()
    {
        await _operated.RunAsync("rooms", "create", "lobby", "--owners", "juliet@shakespeare.lit", "roomname=The Lobby");

        var list = DataForm.From((await CommandAsync("rooms-list", ("max", "5"))).Element(DataForm.Name))!;
        Assert.That(list.Reported.Select(f => f.Var), Is.EqualTo(new[] { "room", "name", "occupants", "listed", "locked", "created" }));
        Assert.That(list.Items.Single().Select(f => f.Value).Take(3), Is.EqualTo(new[] { Operated.Lobby, "The Lobby", "0" }));

        var active = await CommandAsync("http://jabber.org/protocol/admin#get-active-users-num");
        var form = DataForm.From(active.Element(DataForm.Name))!;
        Assert.That((active.Attribute("status")?.Value, form.Type, form.FormType, form.Value("activeusersnum")), Is.EqualTo(("completed", "result", "http://jabber.org/protocol/admin", "0")));
    }

    [Test] // as Prosody's conversation tests have it
    public async Task Rooms_are_destroyed_by_prosodys_name_in_one_step()
    {
        await _operated.RunAsync("rooms", "create", "lobby", "juliet@shakespeare.lit");

        var answer = await AskAsync(Admin, "set", $"<command xmlns='{Node}' node='http://prosody.im/protocol/muc#destroy'><x xmlns='jabber:x:data'><field var='rooms'><value>{Operated.Lobby}</value></field></x></command>");

        var command = answer.Element(CommandRequest.Name)!;
        Assert.That(command.Attribute("status")?.Value, Is.EqualTo("completed"));
        Assert.That(command.Elements().Single().ToString(), Is.EqualTo(new XElement(Ns.Commands + "note", new XAttribute("type", "info"), $"The following rooms were destroyed:\n{Operated.Lobby}").ToString()));
    }

    [Test] // §4.3
    public async Task What_cannot_be_done_is_a_command_that_is_over_with_a_note()
    {
        var command = await CommandAsync("rooms-show", ("room", Operated.Lobby));

        Assert.That(command.Attribute("status")?.Value, Is.EqualTo("completed"));
        var note = command.Element(Ns.Commands + "note")!;
        Assert.That((note.Attribute("type")?.Value, note.Value), Is.EqualTo(("error", $"There is no room {Operated.Lobby}.")));
    }

    [Test]
    public async Task Others_are_refused_and_nothing_is_done()
    {
        await _operated.RunAsync("rooms", "create", "lobby", "juliet@shakespeare.lit");

        foreach (var operation in OperationList.All)
            foreach (var node in operation.Nodes)
                Assert.That(await RefusalAsync(Stranger, "set", $"<command xmlns='{Node}' node='{node}'><x xmlns='jabber:x:data' type='submit'><field var='rooms'><value>lobby</value></field></x></command>"), Is.EqualTo("cancel forbidden"));
        Assert.That(await RefusalAsync(Admin, "set", $"<command xmlns='{Node}' node='fly'/>"), Is.EqualTo("cancel item-not-found"));
        Assert.That(await RefusalAsync(Admin, "set", $"<command xmlns='{Node}' node='stats' action='fly'/>"), Is.EqualTo("modify bad-request"));
        Assert.That((await _operated.RunAsync("rooms", "list")).Rows, Has.Length.EqualTo(1));
    }

    [Test] // §3.3
    public async Task A_session_is_its_makers_alone_and_of_this_process()
    {
        var session = (await CommandAsync("rooms-show")).Attribute("sessionid")!.Value;
        var form = $"<command xmlns='{Node}' node='rooms-show' sessionid='{session}' action='cancel'/>";

        Assert.That(await RefusalAsync("hecate@shakespeare.lit/heath", "set", form), Is.EqualTo("modify bad-request"));
        Assert.That((await AskAsync(Admin, "set", form)).Element(CommandRequest.Name)?.Attribute("status")?.Value, Is.EqualTo("canceled"));
        Assert.That(await RefusalAsync(Admin, "set", form, Over(_operated)), Is.EqualTo("modify bad-request"));
    }

    [Test]
    public async Task An_answer_that_no_server_would_take_is_not_sent()
    {
        for (var i = 0; i < 1_000; i++) await _operated.RunAsync("rooms", "create", $"room{i}", "--owners", "juliet@shakespeare.lit", $"roomname={new string('x', 250)}");

        Assert.That(await RefusalAsync(Admin, "set", $"<command xmlns='{Node}' node='rooms-list'><x xmlns='jabber:x:data' type='submit'/></command>"), Is.EqualTo("modify policy-violation"));
    }

    [Test]
    public async Task A_service_without_admins_has_no_commands()
    {
        using var operated = new Operated();
        var service = Over(operated);

        Assert.That(await RefusalAsync(Admin, "get", $"<query xmlns='http://jabber.org/protocol/disco#items' node='{Node}'/>", service), Is.EqualTo("cancel item-not-found"));
        Assert.That(await RefusalAsync(Admin, "set", $"<command xmlns='{Node}' node='stats'/>", service), Is.EqualTo("cancel service-unavailable"));
    }

    private ServiceStanzas Over(Operated operated) => new(
        operated.Service.Options, operated.Store, _answers, TimeProvider.System, NullLogger<ServiceStanzas>.Instance, new ServiceCommands(operated.Service, _answers));

    private async Task<XElement> AskAsync(string from, string type, string payload, ServiceStanzas? service = null)
    {
        var xml = XElement.Parse($"<iq xmlns='{Ns.Client}' from='{from}' to='{Operated.Domain}' type='{type}' id='c1'>{payload}</iq>");
        Assert.That(Stanza.TryFrom(xml, out var stanza));
        (service ?? _service).Handle(stanza);
        return await _answers.NextAsync();
    }

    private async Task<XElement> CommandAsync(string node, params (string Var, string Value)[] fields)
    {
        var form = fields is [] ? "" : $"<x xmlns='jabber:x:data' type='submit'>{string.Concat(fields.Select(f => $"<field var='{f.Var}'><value>{f.Value}</value></field>"))}</x>";
        var answer = await AskAsync(Admin, "set", $"<command xmlns='{Node}' node='{node}'>{form}</command>");
        Assert.That(answer.Attribute("type")?.Value, Is.EqualTo("result"), answer.ToString());
        return answer.Element(CommandRequest.Name)!;
    }

    private async Task<string> RefusalAsync(string from, string type, string payload, ServiceStanzas? service = null)
    {
        var error = (await AskAsync(from, type, payload, service)).Element(Ns.Client + "error");
        return $"{error?.Attribute("type")?.Value} {error?.Elements().First().Name.LocalName}";
    }

    private async Task<string> IdentityAsync(string node)
    {
        var identity = (await AskAsync(Admin, "get", $"<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/>")).Descendants(Ns.DiscoInfo + "identity").Single();
        return $"{identity.Attribute("type")?.Value} {identity.Attribute("name")?.Value}";
    }

    private async Task<IEnumerable<string>> ItemsAsync(string from) =>
        (await AskAsync(from, "get", $"<query xmlns='http://jabber.org/protocol/disco#items' node='{Node}'/>"))
            .Descendants(Ns.DiscoItems + "item").Select(i => $"{i.Attribute("jid")?.Value} {i.Attribute("node")?.Value} {i.Attribute("name")?.Value}");

    private sealed class Answers : IOutbox
    {
        private readonly Channel<XElement> _sent = Channel.CreateUnbounded<XElement>();

        public Task<XElement> NextAsync() => _sent.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public bool TrySend(Outgoing outgoing) => _sent.Writer.TryWrite((outgoing.Stanza with { To = outgoing.To.Single() }).ToXml());

        public ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null) => throw new NotSupportedException();
    }
}
