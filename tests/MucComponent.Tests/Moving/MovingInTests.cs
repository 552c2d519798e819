using System.Xml.Linq;
using MucComponent.Conversations;
using MucComponent.Moving;
using MucComponent.Tests.Storage;
using MucComponent.Tests.Survival;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Moving;

/// <summary>
/// Rooms that people made and used on a real Prosody and a real ejabberd, taken over into ours: what they find there
/// afterwards, on a real server.
/// </summary>
[TestFixture]
public sealed class MovingInTests() : OnRealServer(Stage.Prosody)
{
    private const string Heath = "heath@conference.localhost";
    private const string Secret = "cauldron's";
    private const string Description = "A dark cave — “Double, double”, ü 🐈";
    private const string Subject = "Fair is foul’s fair; \\o/ ü";
    private const string Reason = "told the king’s ü \"secret\"";

    private static readonly string[] Said = ["When shall we three meet again?", "In thunder, lightning — or in rain’s ü 🐈 \\ \"'<&>", "line one\nline two"];

    [Test]
    public async Task From_Prosody_s_files()
    {
        await using var prosody = ProsodyServer.WithItsOwnRooms("storage = \"internal\"");
        await MoveAsync(prosody, "prosody", prosody.Folder, RegisterInRoomAsync);
    }

    [Test]
    public async Task From_Prosody_s_files_into_the_service_while_it_runs()
    {
        await AttachAsync();
        await using var prosody = ProsodyServer.WithItsOwnRooms("storage = \"internal\"");
        await MoveAsync(prosody, "prosody", prosody.Folder, RegisterInRoomAsync, isRunning: true);
    }

    [Test]
    public async Task From_Prosody_s_SQLite()
    {
        await using var prosody = ProsodyServer.WithItsOwnRooms("storage = \"sql\"; sql = { driver = \"SQLite3\", database = \"rooms.sqlite\" }");
        await MoveAsync(prosody, "prosody", Path.Combine(prosody.Folder, "rooms.sqlite"), RegisterInRoomAsync);
    }

    [Test]
    public async Task From_Prosody_s_PostgreSQL()
    {
        var database = new Npgsql.NpgsqlConnectionStringBuilder(await (await PostgresCluster.SharedAsync()).NewDatabaseAsync());
        await using var prosody = ProsodyServer.WithItsOwnRooms(
            $"storage = \"sql\"; sql = {{ driver = \"PostgreSQL\", database = \"{database.Database}\", username = \"{database.Username}\", password = \"{database.Password}\", host = \"127.0.0.1\", port = {database.Port} }}");
        await MoveAsync(
            prosody, "prosody", $"postgresql://{database.Username}:{database.Password}@127.0.0.1:{database.Port}/{database.Database}", RegisterInRoomAsync);
    }

    [Test]
    public async Task From_ejabberd_s_SQLite()
    {
        await using var ejabberd = EjabberdServer.WithItsOwnRooms(sqlite: true);
        await MoveAsync(ejabberd, "ejabberd", Path.Combine(ejabberd.Folder, "ejabberd.db"), RegisterWithServiceAsync);
    }

    [Test]
    public async Task From_ejabberd_s_Mnesia()
    {
        await using var ejabberd = EjabberdServer.WithItsOwnRooms(sqlite: false);
        await MoveAsync(ejabberd, "ejabberd", Path.Combine(ejabberd.Folder, "rooms.sql"), RegisterWithServiceAsync);
    }

    private async Task MoveAsync(RealServer there, string kind, string place, Func<Person, Person, Task> reserve, bool isRunning = false)
    {
        await there.StartAsync();
        // Whoever has no account is forgotten by ejabberd's rooms when they disconnect.
        var ejabberd = there as EjabberdServer;
        foreach (var user in ejabberd is null ? Array.Empty<string>() : ["alice", "bob", "hecate", "mallory"])
            await ejabberd!.CommandAsync("register", $$"""{"user": "{{user}}", "host": "localhost", "password": "password"}""");
        var before = await UseAsync(there, kind == "prosody" ? "muc#roomconfig_enablearchiving" : "mam", reserve);
        if (place.EndsWith(".sql", StringComparison.Ordinal)) await ejabberd!.CommandAsync("export2sql", $$"""{"host": "localhost", "file": "{{place}}"}""");
        await there.StopAsync();

        var dry = await RunAsync("import", "--from", kind, place, "--dry-run");
        var first = await RunAsync("import", "--from", kind, place);
        var second = await RunAsync("import", "--from", kind, place, "--update");

        Assert.That(dry, Does.StartWith("would import: 2 rooms, "));
        Assert.That(first, Does.StartWith("imported: 2 rooms, "));
        Assert.That(first.Replace("imported", "would import", StringComparison.Ordinal), Is.EqualTo(dry));
        Assert.That(second, Does.Contain($"there already: {before.Messages.Count + before.OpenMessages} messages"));
        await TestContext.Out.WriteLineAsync(first);

        if (!isRunning) await AttachAsync();
        await LookAsync(before, kind == "prosody");
    }

    /// <summary>What they did there, and what they were told.</summary>
    /// <param name="archive">How the server calls the option for the archive.</param>
    private static async Task<Before> UseAsync(RealServer there, string archive, Func<Person, Person, Task> reserve)
    {
        await using var alice = await Person.ConnectAsync(there, "alice");
        await using var bob = await Person.ConnectAsync(there, "bob");
        await EnterAsync(alice, Room, "alice");
        await ConfigureAsync(
            alice, Room, ("muc#roomconfig_roomname", "The Coven"), ("muc#roomconfig_roomdesc", Description), ("muc#roomconfig_persistentroom", "1"),
            ("muc#roomconfig_publicroom", "0"), ("muc#roomconfig_passwordprotectedroom", "1"), ("muc#roomconfig_roomsecret", Secret),
            ("muc#roomconfig_moderatedroom", "1"), ("muc#roomconfig_changesubject", "1"), ("muc#roomconfig_whois", "moderators"),
            (archive, "1"), ("muc#roomconfig_lang", "en"));
        await AffiliateAsync(alice, Room, "jid='hecate@localhost' affiliation='admin'");
        await AffiliateAsync(alice, Room, "jid='mallory@localhost' affiliation='outcast'", Reason);
        await AffiliateAsync(alice, Room, "jid='bob@localhost' affiliation='member'");
        await reserve(alice, bob);

        var aliceIn = await EnterAsync(alice, Room, "alice", Secret);
        var bobIn = await EnterAsync(bob, Room, "Bobby", Secret);
        await alice.SayAsync(Room, XText(Said[0]));
        var heard = await alice.HearsAsync(Said[0]);
        var id = heard.Elements(Ns.StanzaId + "stanza-id").Select(e => (string?)e.Attribute("id")).SingleOrDefault();
        await bob.SendAsync($"<message to='{Room}' type='groupchat' id='re'><body>{XText(Said[1])}</body><reply xmlns='urn:xmpp:reply:0' id='{id}' to='{Room}/alice'/></message>");
        await alice.HearsAsync(Said[1]);
        await alice.SayAsync(Room, XText(Said[2]));
        await alice.HearsAsync(Said[2]);
        await bob.SendAsync($"<message to='{Room}' type='groupchat'><subject>{XText(Subject)}</subject></message>");
        await alice.HearsAsync(s => s.Elements().Any(e => e.Name.LocalName == "subject" && e.Value == Subject));

        await EnterAsync(alice, Heath, "Ms. A");
        await ConfigureAsync(
            alice, Heath, ("muc#roomconfig_persistentroom", "1"), ("muc#roomconfig_whois", "anyone"), ("muc#roomconfig_membersonly", "1"),
            (archive, "1"));
        await alice.SayAsync(Heath, "shown to all");
        await alice.HearsAsync("shown to all");

        await EnterAsync(alice, "passing@conference.localhost", "alice");
        await ConfigureAsync(alice, "passing@conference.localhost", ("muc#roomconfig_persistentroom", "0"));
        return new Before(OccupantId(aliceIn), OccupantId(bobIn), await ArchiveAsync(alice, Room), (await ArchiveAsync(alice, Heath)).Count);
    }

    /// <summary>That they find it here.</summary>
    private async Task LookAsync(Before before, bool hasOccupantIds)
    {
        var (alice, bob, mallory) = (await ConnectAsync("alice"), await ConnectAsync("bob"), await ConnectAsync("mallory"));

        Assert.That(await RefusedAsync(bob, Room, "Bobby", "wrong"), Is.EqualTo("not-authorized"));
        Assert.That(await RefusedAsync(mallory, Room, "mallory", Secret), Is.EqualTo("forbidden"));
        Assert.That(await RefusedAsync(alice, Room, "Bobby", Secret), Is.EqualTo("conflict"), "the nick is reserved");
        var aliceIn = await EnterAsync(alice, Room, "alice", Secret);
        var subject = await alice.HearsAsync(s => s.Elements().Any(e => e.Name.LocalName == "subject"));
        var bobIn = await EnterAsync(bob, Room, "Bobby", Secret);
        Assert.That(subject.Value, Does.StartWith(Subject));
        if (hasOccupantIds)
        {
            Assert.That(before.Alice, Is.Not.Null);
            Assert.That((OccupantId(aliceIn), OccupantId(bobIn)), Is.EqualTo((before.Alice, before.Bob)));
        }

        Assert.That(await ListAsync(alice, "owner"), Is.EqualTo(new[] { ("alice@localhost", (string?)null, (string?)null) }));
        Assert.That(await ListAsync(alice, "admin"), Is.EqualTo(new[] { ("hecate@localhost", (string?)null, (string?)null) }));
        Assert.That(await ListAsync(alice, "member"), Is.EqualTo(new[] { ("bob@localhost", (string?)"Bobby", (string?)null) }));
        Assert.That(await ListAsync(alice, "outcast"), Is.EqualTo(new[] { ("mallory@localhost", (string?)null, hasOccupantIds ? null : Reason) }), "Prosody keeps no reasons");

        var form = await FormAsync(alice);
        Assert.That(
            new[] { "roomname", "roomdesc", "persistentroom", "publicroom", "roomsecret", "moderatedroom", "changesubject", "whois", "enablelogging", "lang" }
                .Select(name => form[$"muc#roomconfig_{name}"]),
            Is.EqualTo(new[] { "The Coven", Description, "1", "0", Secret, "1", "1", "moderators", "1", "en" }));

        var messages = await ArchiveAsync(alice, Room);
        Assert.That(messages.Select(m => (m.At[..19], m.Body, m.From)), Is.EqualTo(before.Messages.Select(m => (m.At[..19], m.Body, m.From))));
        Assert.That(messages.Select(m => m.Body), Is.SupersetOf(Said));
        var (asked, answer) = (messages.Single(m => m.Body == Said[0]), messages.Single(m => m.Body == Said[1]));
        Assert.That((string?)answer.Xml.Element(XName.Get("reply", "urn:xmpp:reply:0"))?.Attribute("id"), Is.EqualTo(asked.Id), "it points to the same message");
        Assert.That((string?)asked.Xml.Element(Ns.StanzaId + "stanza-id")?.Attribute("id"), Is.EqualTo(asked.Id));
        Assert.That((RealJid(asked), RealJid(answer)), Is.EqualTo(("alice@localhost", "bob@localhost")), "for a moderator");
        Assert.That(OccupantId(answer.Xml), Is.EqualTo(hasOccupantIds ? before.Bob : null));

        await EnterAsync(alice, Heath, "Ms. A");
        var shown = (await ArchiveAsync(alice, Heath)).Single(m => m.Body == "shown to all");
        Assert.That(RealJid(shown), Is.EqualTo("alice@localhost"));

        // A newcomer is told the last ones.
        var hecate = await ConnectAsync("hecate");
        await EnterAsync(hecate, Room, "hecate", Secret);
        Assert.That(await hecate.HearsAsync(Said[2]), Is.Not.Null);
    }

    private async Task<string> RunAsync(params string[] args)
    {
        using StringWriter output = new(), errors = new();
        var options = new MucOptions { Domain = Jid.Parse("conference.localhost"), DataDir = DataFolder };
        var code = await MovingCommand.RunAsync(args, options, output, errors, default);
        Assert.That(code, Is.Zero, errors.ToString());
        return output.ToString();
    }

    // Prosody reserves nicks room by room, ejabberd for all rooms of the service.
    private static Task RegisterInRoomAsync(Person owner, Person who) => AffiliateAsync(owner, Room, "jid='bob@localhost' affiliation='member' nick='Bobby'");

    private static Task RegisterWithServiceAsync(Person owner, Person who) =>
        AskAsync(who, "conference.localhost", "set", "<query xmlns='jabber:iq:register'><nick>Bobby</nick></query>");

    private static async Task<XElement> EnterAsync(Person who, string room, string nick, string? password = null)
    {
        await who.SendAsync(Join(room, nick, password));
        return await who.HearsAsync(s => s.Name.LocalName == "presence" && (string?)s.Attribute("from") == $"{room}/{nick}" && Person.Codes(s).Contains("110"));
    }

    private static async Task<string> RefusedAsync(Person who, string room, string nick, string password)
    {
        await who.SendAsync(Join(room, nick, password));
        var error = await who.HearsAsync(s => s.Name.LocalName == "presence" && (string?)s.Attribute("type") == "error");
        return error.Elements().Single(e => e.Name.LocalName == "error").Elements().First().Name.LocalName;
    }

    private static string Join(string room, string nick, string? password) =>
        $"<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'>{(password is null ? "" : $"<password>{XText(password)}</password>")}</x></presence>";

    private static Task<XElement> ConfigureAsync(Person owner, string room, params (string Name, string Value)[] fields) => AskAsync(owner, room, "set", $"""
        <query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>
          <field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
          {string.Concat(fields.Select(f => $"<field var='{f.Name}'><value>{XText(f.Value)}</value></field>"))}
        </x></query>
        """);

    private static Task<XElement> AffiliateAsync(Person owner, string room, string item, string? reason = null) => AskAsync(
        owner, room, "set",
        $"<query xmlns='http://jabber.org/protocol/muc#admin'><item {item}>{(reason is null ? "" : $"<reason>{XText(reason)}</reason>")}</item></query>");

    private static async Task<(string Jid, string? Nick, string? Reason)[]> ListAsync(Person who, string affiliation)
    {
        var list = await AskAsync(who, Room, "get", $"<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='{affiliation}'/></query>");
        return [.. list.Descendants(Ns.MucAdmin + "item").Select(i => ((string)i.Attribute("jid")!, (string?)i.Attribute("nick"), (string?)i.Element(Ns.MucAdmin + "reason")))];
    }

    private static async Task<Dictionary<string, string>> FormAsync(Person owner)
    {
        var form = await AskAsync(owner, Room, "get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>");
        return form.Descendants(Ns.DataForms + "field").Where(f => f.Attribute("var") is not null)
            .ToDictionary(f => (string)f.Attribute("var")!, f => string.Join('\n', f.Elements(Ns.DataForms + "value").Select(v => v.Value)));
    }

    private static async Task<List<Archived>> ArchiveAsync(Person who, string room)
    {
        var (all, asked) = (new List<Archived>(), $"{Guid.NewGuid()}");
        await who.SendAsync($"<iq to='{room}' type='set' id='{asked}'><query xmlns='{Ns.Mam}'><set xmlns='{Ns.ResultSet}'><max>50</max></set></query></iq>");
        while (true)
        {
            var heard = await who.HearsNextAsync();
            if (heard.Element(Ns.Mam + "result") is { } result)
            {
                var message = result.Descendants(Ns.Client + "message").Single();
                all.Add(new Archived(
                    (string)result.Attribute("id")!, (string)result.Descendants(Ns.Delay + "delay").First().Attribute("stamp")!,
                    Person.BodyOf(message), (string)message.Attribute("from")!, message));
            }
            if ((string?)heard.Attribute("id") != asked) continue;
            Assert.That((string?)heard.Attribute("type"), Is.EqualTo("result"), $"{heard}");
            return all;
        }
    }

    private static async Task<XElement> AskAsync(Person who, string to, string type, string payload)
    {
        var id = $"{Guid.NewGuid()}";
        await who.SendAsync($"<iq to='{to}' type='{type}' id='{id}'>{payload}</iq>");
        var answer = await who.HearsAsync(s => s.Name.LocalName == "iq" && (string?)s.Attribute("id") == id);
        Assert.That((string?)answer.Attribute("type"), Is.EqualTo("result"), $"{payload}\n{answer}");
        return answer;
    }

    private static string? OccupantId(XElement stanza) => (string?)stanza.Element(Ns.OccupantId + "occupant-id")?.Attribute("id");

    private static string? RealJid(Archived message) => (string?)message.Xml.Element(Ns.MucUser + "x")?.Element(Ns.MucUser + "item")?.Attribute("jid") is { } jid
        ? Jid.Parse(jid).Bare.ToString()
        : null;

    private static string XText(string text) => System.Security.SecurityElement.Escape(text);

    private sealed record Archived(string Id, string At, string? Body, string From, XElement Xml);

    private sealed record Before(string? Alice, string? Bob, List<Archived> Messages, int OpenMessages);
}
