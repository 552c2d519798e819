using System.Xml.Linq;
using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Operations;

/// <summary>What each operation does, through the rooms' own turns.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OperationsTests : IDisposable
{
    private const string Lobby = Operated.Lobby;
    private const string Juliet = "juliet@shakespeare.lit", JulietsPhone = Juliet + "/phone";
    private const string Romeo = "romeo@shakespeare.lit", RomeosOrchard = Romeo + "/orchard";

    private readonly Operated _operated = new();

    public void Dispose() => _operated.Dispose();

    [Test]
    public void Each_has_a_name_nodes_and_arguments_of_its_own()
    {
        Assert.That(OperationList.All.Select(o => o.Name), Is.Unique);
        Assert.That(OperationList.All.SelectMany(o => o.Nodes), Is.Unique);
        foreach (var operation in OperationList.All)
        {
            Assert.That(operation.Arguments.Select(a => a.Name), Is.Unique, operation.Name);
            Assert.That(operation.Arguments.Reverse().SkipWhile(a => !a.Required), Has.All.Property(nameof(Argument.Required)).True, $"{operation.Name}: what is required comes first");
        }
    }

    [Test]
    public async Task A_room_is_made_with_its_options_and_its_owner_is_told()
    {
        var result = await _operated.RunAsync("rooms", "create", "lobby", "--owners", Juliet, "roomname=The Lobby", "maxusers=30");

        Assert.That(result.Note, Is.EqualTo($"The room {Lobby} is there."));
        Assert.That(Told(_operated.SentTo(Juliet).Single()), Is.EqualTo((101, "owner")));
        var stored = (await _operated.Store.LoadAsync(Jid.Parse(Lobby), default)).Stored;
        Assert.That((stored.Room!.Name, stored.Room.Locked), Is.EqualTo(("The Lobby", false)));
        Assert.That(stored.Room.Options.Keys, Is.EquivalentTo(new[] { "muc#roomconfig_roomname", "muc#roomconfig_maxusers", "muc#roomconfig_persistentroom" }));
        Assert.That(stored.Affiliations.Values.Select(a => $"{a.Jid} {a.Affiliation}"), Is.EqualTo(new[] { $"{Juliet} Owner" }));
    }

    [Test]
    public async Task Rooms_that_nobody_has_used_for_long_are_listed_first_and_destroyed_when_asked_to()
    {
        foreach (var name in new[] { "cave", "heath", "moor", "tower" }) await _operated.RunAsync("rooms", "create", name, Juliet);
        await _operated.EnterAsync(RomeosOrchard, "Romeo", $"tower@{Operated.Domain}");
        _operated.Clock.Advance(TimeSpan.FromDays(89));
        await _operated.Store.DeliveredAsync([new Delivery(Jid.Parse($"moor@{Operated.Domain}"), Guid.CreateVersion7(_operated.Clock.GetUtcNow()))], default);
        Assert.That(await NamesAsync("90"), Is.Empty);
        _operated.Clock.Advance(TimeSpan.FromDays(1));

        Assert.That(await NamesAsync("90"), Is.EqualTo("cave heath"), "somebody is in the tower, and something was told on the moor since");
        Assert.That(await NamesAsync("90", "--keep", "heath", "--destroy", "--reason", "Nobody came"), Is.EqualTo("cave"));

        Assert.That(await NamesAsync("90"), Is.EqualTo("heath"));
        Assert.That((await _operated.RunAsync("rooms", "list")).Rows.Select(r => r[0][0]), Is.EqualTo(new[] { "heath", "moor", "tower" }.Select(n => $"{n}@{Operated.Domain}")));

        async Task<string> NamesAsync(params string[] words) =>
            string.Join(' ', (await _operated.RunAsync(["rooms", "unused", .. words])).Rows.Select(r => Jid.Parse(r[0][0]!).Local));
    }

    [TestCase("There is a room lobby@chat.shakespeare.lit already.", "rooms", "create", "lobby", Juliet)]
    [TestCase("options: there is no option \"maxuser\"; did you mean maxusers?", "rooms", "create", "heath", "--owners", Juliet, "maxuser=3")]
    [TestCase("options: \"maxusers\" is not NAME=VALUE", "rooms", "create", "heath", "--owners", Juliet, "maxusers")]
    [TestCase("heath@chat.shakespeare.lit refuses: Nobody is in the room, so it would be gone at once: it has to be persistent.", "rooms", "create", "heath", "--owners", Juliet, "persistentroom=0")]
    [TestCase("owners: \"@\" is not an address.", "rooms", "create", "heath", "@")]
    [TestCase("room: \"heath@elsewhere.lit\" is no room of chat.shakespeare.lit.", "rooms", "create", "heath@elsewhere.lit", Juliet)]
    [TestCase("There is no room heath@chat.shakespeare.lit.", "rooms", "show", "heath")]
    [TestCase("There is no room heath@chat.shakespeare.lit.", "rooms", "occupants", "heath")]
    [TestCase("There is no room heath@chat.shakespeare.lit.", "rooms", "config", "heath")]
    [TestCase("There is no room heath@chat.shakespeare.lit.", "rooms", "config", "heath", "maxusers=30")]
    [TestCase("There is no room heath@chat.shakespeare.lit.", "rooms", "destroy", "heath")]
    [TestCase("There is no room heath@chat.shakespeare.lit.", "rooms", "affiliation", "heath")]
    [TestCase("There is no room heath@chat.shakespeare.lit. Before that these were destroyed: lobby@chat.shakespeare.lit.", "rooms", "destroy", "lobby", "heath")]
    [TestCase("lobby@chat.shakespeare.lit refuses: conflict", "rooms", "affiliation", "lobby", Juliet, "none")]
    [TestCase("affiliation: \"king\" is none of owner, admin, member, none, outcast.", "rooms", "affiliation", "lobby", Romeo, "king")]
    [TestCase("jid is missing: whose affiliation this is to be.", "rooms", "affiliation", "lobby", "--affiliation", "member")]
    [TestCase("days: \"soon\" is not a whole number up to 36500.", "rooms", "unused", "soon")]
    [TestCase("max: \"many\" is not a whole number up to 10000.", "rooms", "list", "--max", "many")]
    [TestCase("max: \"10001\" is not a whole number up to 10000.", "rooms", "list", "--max", "10001")]
    public async Task What_cannot_be_done_is_refused_in_a_sentence(string why, params string[] words)
    {
        await MakeLobbyAsync();

        Assert.That(() => _operated.RunAsync(words), Throws.TypeOf<RefusedException>().With.Message.EqualTo(why));

        Assert.That((await _operated.RunAsync("rooms", "list")).Rows.Select(r => r[0][0]), Is.SubsetOf(new[] { Lobby }), "nothing else was made");
    }

    [Test]
    public async Task All_rooms_are_listed_in_pages_and_those_somebody_is_in_alone_if_wanted()
    {
        foreach (var name in new[] { "a", "b", "c" }) await _operated.RunAsync("rooms", "create", name, "--owners", Juliet, "publicroom=0");
        await _operated.EnterAsync(JulietsPhone, "Juliet", "b@chat.shakespeare.lit");
        await _operated.EnterAsync(Juliet + "/laptop", "Juliet", "b@chat.shakespeare.lit");

        Assert.That(await NamesAsync(), Is.EqualTo("a b c"));
        Assert.That(await NamesAsync("--max", "2"), Is.EqualTo("a b"));
        Assert.That(await NamesAsync("a"), Is.EqualTo("b c"));
        Assert.That(await NamesAsync("--occupied"), Is.EqualTo("b"));
        Assert.That((await _operated.RunAsync("rooms", "list")).Rows[1].Select(c => c.SingleOrDefault()).Take(5), Is.EqualTo(new[] { "b@chat.shakespeare.lit", "b", "1", "0", "0" }));

        async Task<string> NamesAsync(params string[] arguments) =>
            string.Join(' ', (await _operated.RunAsync(["rooms", "list", .. arguments])).Rows.Select(r => Jid.Parse(r[0][0]).Local));
    }

    [Test]
    public async Task A_room_is_shown_at_a_glance()
    {
        await MakeLobbyAsync("membersonly=1", "roomdesc=Where all meet");
        await _operated.RunAsync("rooms", "affiliation", "lobby", Romeo, "member");
        await _operated.EnterAsync(JulietsPhone, "Juliet");

        var shown = await RecordAsync("rooms", "show", "lobby");

        Assert.That(shown["room"], Is.EqualTo(Lobby));
        Assert.That((shown["description"], shown["occupants"], shown["membersonly"], shown["moderated"], shown["persistent"], shown["owners"], shown["members"]),
            Is.EqualTo(("Where all meet", "1", "1", "0", "1", Juliet, "1")));
    }

    [Test]
    public async Task Who_is_in_a_room_is_shown_with_addresses()
    {
        await MakeLobbyAsync("moderatedroom=1");
        await _operated.EnterAsync(JulietsPhone, "Juliet");
        await _operated.EnterAsync(RomeosOrchard, "Romeo");

        Assert.That((await _operated.RunAsync("rooms", "occupants", "lobby")).Rows.Select(r => string.Join(' ', r.Select(c => c.Single()))), Is.EqualTo(new[]
        {
            $"Juliet {JulietsPhone} moderator owner", $"Romeo {RomeosOrchard} visitor none",
        }));
    }

    [Test]
    public async Task Options_are_shown_and_changed_and_those_in_the_room_are_told()
    {
        await MakeLobbyAsync();
        await _operated.EnterAsync(RomeosOrchard, "Romeo");

        Assert.That((await _operated.RunAsync("rooms", "config", "lobby", "whois=anyone", "muc#roomconfig_roomname=The Lobby")).Note, Is.EqualTo($"The options of {Lobby} are set."));

        Assert.That(Coven.Statuses(_operated.SentTo(RomeosOrchard)[^1]), Is.EqualTo(new[] { 104, 172 }));
        var shown = (await _operated.RunAsync("rooms", "config", "lobby")).Rows.ToDictionary(r => r[0][0], r => string.Join('|', r[1]));
        Assert.That((shown["muc#roomconfig_whois"], shown["muc#roomconfig_roomname"], shown["muc#roomconfig_roomowners"]), Is.EqualTo(("anyone", "The Lobby", Juliet)));
    }

    [Test]
    public async Task What_is_reserved_to_the_services_admins_is_the_operators_too()
    {
        using var operated = new Operated(new ServicePolicy { ReservedOptions = new HashSet<string> { "muc#roomconfig_maxusers" } });
        await operated.RunAsync("rooms", "create", "lobby", "--owners", Juliet, "maxusers=30");

        Assert.That((await operated.RunAsync("rooms", "config", "lobby")).Rows.Single(r => r[0][0] == "muc#roomconfig_maxusers")[1], Is.EqualTo(new[] { "30" }));
    }

    [Test]
    public async Task Affiliations_are_listed_and_set_and_whom_it_concerns_is_told()
    {
        await MakeLobbyAsync();
        await _operated.EnterAsync(RomeosOrchard, "Romeo");

        await _operated.RunAsync("rooms", "affiliation", "lobby", Romeo, "outcast", "He has killed Tybalt");

        var told = _operated.SentTo(RomeosOrchard)[^1];
        Assert.That((told.Attribute("type")?.Value, Coven.Statuses(told)[0]), Is.EqualTo(("unavailable", 301)));
        Assert.That(Coven.Item(told).Element(Ns.MucUser + "reason")?.Value, Is.EqualTo("He has killed Tybalt"));
        Assert.That(Lines(await _operated.RunAsync("rooms", "affiliation", "lobby")), Is.EqualTo(new[] { $"{Juliet} owner  ", $"{Romeo} outcast  He has killed Tybalt" }));
        Assert.That(Lines(await _operated.RunAsync("rooms", "affiliation", "lobby", Romeo)), Is.EqualTo(new[] { $"{Romeo} outcast  He has killed Tybalt" }));
        await _operated.RunAsync("rooms", "affiliation", "lobby", Romeo, "member", "--nick", "Montague");
        Assert.That(Lines(await _operated.RunAsync("rooms", "affiliation", "lobby", Romeo)), Is.EqualTo(new[] { $"{Romeo} member Montague " }));

        static IEnumerable<string> Lines(OperationResult result) => result.Rows.Select(r => string.Join(' ', r.Select(c => c.SingleOrDefault())));
    }

    [Test]
    public async Task Rooms_are_destroyed_and_those_in_them_are_told_where_to_go()
    {
        await MakeLobbyAsync();
        await _operated.EnterAsync(RomeosOrchard, "Romeo");

        var result = await _operated.RunAsync("rooms", "destroy", "lobby", "--reason", "It has served", "--alternate", "heath@chat.shakespeare.lit");

        Assert.That(result.Note, Is.EqualTo($"The following rooms were destroyed:\n{Lobby}"));
        var destroy = _operated.SentTo(RomeosOrchard)[^1].Descendants(Ns.MucUser + "destroy").Single();
        Assert.That((destroy.Attribute("jid")?.Value, destroy.Value), Is.EqualTo(("heath@chat.shakespeare.lit", "It has served")));
        Assert.That((await _operated.RunAsync("rooms", "list")).Rows, Is.Empty);
        Assert.That(() => _operated.RunAsync("rooms", "show", "lobby"), Throws.TypeOf<RefusedException>().With.Message.EqualTo($"The room {Lobby} was destroyed."));
        Assert.That((await _operated.RunAsync("rooms", "create", "lobby", Juliet)).Note, Is.EqualTo($"The room {Lobby} is there."), "the operator may use the name again");
    }

    [Test] // XEP-0133 §4.23
    public async Task An_announcement_is_said_in_each_room_that_somebody_is_in_and_is_no_part_of_what_was_said()
    {
        foreach (var name in new[] { "a", "b", "c" }) await _operated.RunAsync("rooms", "create", name, "--owners", Juliet, "enablelogging=1");
        await _operated.EnterAsync(RomeosOrchard, "Romeo", "a@chat.shakespeare.lit");
        await _operated.EnterAsync(RomeosOrchard, "Romeo", "c@chat.shakespeare.lit");

        Assert.That((await _operated.RunAsync("announce", "We restart", "at noon.")).Note, Is.EqualTo("Said in 2 rooms."));

        var heard = _operated.Sent.Where(s => s.Element(Ns.Client + "body") is not null).ToList();
        Assert.That(heard.Select(s => $"{s.Attribute("from")?.Value} {s.Attribute("type")?.Value} {s.Value}"), Is.EquivalentTo(new[]
        {
            "a@chat.shakespeare.lit groupchat We restart\nat noon.", "c@chat.shakespeare.lit groupchat We restart\nat noon.",
        }));
        Assert.That((await _operated.Store.LoadAsync(Jid.Parse("a@chat.shakespeare.lit"), default)).Stored.History, Is.Empty);
    }

    [Test]
    public async Task Numbers_are_told()
    {
        await MakeLobbyAsync();
        await _operated.RunAsync("rooms", "create", "heath", Juliet);
        await _operated.EnterAsync(RomeosOrchard, "Romeo");
        await _operated.EnterAsync(Romeo + "/phone", "Romeo");

        var stats = await RecordAsync("stats");

        Assert.That((stats["service"], stats["storage"], stats["attached"], stats["rooms"], stats["occupied"], stats["occupants"], stats["sessions"]),
            Is.EqualTo(("chat.shakespeare.lit", "memory", "1", "2", "1", "1", "2")));
        Assert.That((await RecordAsync("rooms", "active"))["activeusersnum"], Is.EqualTo("1"));
    }

    [Test]
    public async Task What_is_done_is_logged_with_who_asked()
    {
        await MakeLobbyAsync();

        Assert.That(_operated.Log.Lines, Has.One.EqualTo("Information: Done: rooms create, asked for by the operator"));
    }

    [Test]
    public async Task New_rooms_get_the_services_defaults_and_what_is_said_of_them()
    {
        var options = Settings.Read(new Dictionary<string, string?> { ["MUC_SECRET"] = "s", ["MUC_ROOM_DEFAULTS"] = "whois=anyone,moderatedroom=1" }, _ => "").Options!;
        using var operated = new Operated(options.Policy);
        await operated.RunAsync("rooms", "create", "lobby", "--owners", Juliet, "moderatedroom=0");
        await operated.EnterAsync(JulietsPhone, "Juliet", "heath@chat.shakespeare.lit");

        Assert.That((await OptionAsync("lobby", "whois"), await OptionAsync("lobby", "moderatedroom")), Is.EqualTo(("anyone", "0")));
        Assert.That((await OptionAsync("heath", "whois"), await OptionAsync("heath", "moderatedroom")), Is.EqualTo(("anyone", "1")));

        async Task<string> OptionAsync(string room, string name) =>
            (await operated.RunAsync("rooms", "config", room)).Rows.Single(r => r[0][0] == $"muc#roomconfig_{name}")[1].Single();
    }

    private Task<OperationResult> MakeLobbyAsync(params string[] options) => _operated.RunAsync(["rooms", "create", "lobby", "--owners", Juliet, .. options]);

    private async Task<Dictionary<string, string>> RecordAsync(params string[] words)
    {
        var result = await _operated.RunAsync(words);
        return result.Columns.Select((c, i) => (c.Name, Value: string.Join('|', result.Rows[0][i]))).ToDictionary(c => c.Name, c => c.Value);
    }

    private static (int Status, string? Affiliation) Told(XElement message) => (Coven.Statuses(message)[0], Coven.Item(message).Attribute("affiliation")?.Value);
}
