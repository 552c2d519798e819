using System.Text.Json;
using MucComponent.Tests.Component;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Program;

/// <summary>The program's subcommands as an operator runs them, beside the service and without it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CommandsTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeServer _server = new();
    private readonly List<RunningProgram> _programs = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        _server.Dispose();
        _folder.Delete();
    }

    [Test]
    public async Task Rooms_are_made_looked_at_and_destroyed_from_outside_the_running_service()
    {
        var service = Start(new Dictionary<string, string>());
        using var peer = await _server.AuthenticateAsync();
        await service.SaysAsync("The stream is up");

        Assert.That(await RunAsync("rooms", "create", "lobby", "--owners", "juliet@shakespeare.lit", "roomname=The Lobby"), Is.EqualTo((0, "The room lobby@chat.shakespeare.lit is there.", "")));
        await peer.HearsAsync("to='juliet@shakespeare.lit'");
        var (code, list, _) = await RunAsync("rooms", "list", "--json");
        Assert.That(code, Is.Zero);
        Assert.That(JsonDocument.Parse(list).RootElement[0].GetProperty("name").GetString(), Is.EqualTo("The Lobby"));
        Assert.That((await RunAsync("rooms", "config", "lobby")).Output, Does.Contain("muc#roomconfig_persistentroom"));
        Assert.That(await RunAsync("rooms", "affiliation", "lobby", "romeo@shakespeare.lit", "member"), Is.EqualTo((0, "Affiliation updated", "")));
        Assert.That(await RunAsync("rooms", "show", "heath"), Is.EqualTo((1, "", "MucComponent: There is no room heath@chat.shakespeare.lit.")));
        Assert.That((await RunAsync("stats")).Output, Does.Contain("Attached to the server:").And.Contain("yes"));
        Assert.That(await RunAsync("rooms", "destroy", "lobby"), Is.EqualTo((0, "The following rooms were destroyed:\nlobby@chat.shakespeare.lit", "")));
        Assert.That(await RunAsync("check"), Is.EqualTo((0, "Settings: good (chat.shakespeare.lit on 127.0.0.1:" + _server.Port + ", Sqlite).\nA service runs here, uses its store, and is attached to its server.", "")));
    }

    [Test]
    public async Task Without_a_service_it_says_so_in_one_line()
    {
        var (code, output, errors) = await RunAsync("rooms", "list");

        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(errors, Is.EqualTo("MucComponent: no service answers at data/control. Is it running, by the same user, and with the same MUC_DATA_DIR and MUC_CONTROL?"));
    }

    [Test]
    public async Task A_check_tries_all_and_changes_nothing()
    {
        var check = RunAsync("check");
        using (await _server.AuthenticateAsync())
            Assert.That(await check, Is.EqualTo((0, $"Settings: good (chat.shakespeare.lit on 127.0.0.1:{_server.Port}, Sqlite).\nStore: it can be used.\nServer: 127.0.0.1:{_server.Port} takes chat.shakespeare.lit with this secret.", "")));
        Assert.That(File.Exists(_folder.File("data/rooms.db")), Is.False);
    }

    [Test]
    public async Task A_check_says_what_the_server_does_not_take()
    {
        var check = RunAsync("--check");
        using var peer = await _server.AcceptAsync();
        await peer.SaysAsync(FakeServer.Header);
        await peer.HearsAsync("</handshake>");
        await peer.SaysAsync("<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");

        var (code, _, errors) = await check;
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.StartWith($"Server: 127.0.0.1:{_server.Port} does not take chat.shakespeare.lit: "));
    }

    [Test]
    public async Task A_check_says_which_settings_are_wrong_and_what_the_store_lacks()
    {
        Assert.That((await RunWithAsync(new() { ["MUC_STORAGE"] = "tape" }, "check")).Code, Is.EqualTo(2));
        await File.WriteAllTextAsync(_folder.File("data"), "no folder");
        var (code, _, errors) = await RunAsync("check");
        Assert.That((code, errors.Split(':')[0]), Is.EqualTo((1, "MUC_DATA_DIR")));
    }

    [Test]
    public async Task Declared_rooms_are_there_when_the_service_is()
    {
        await File.WriteAllTextAsync(_folder.File("rooms.json"), """{"lobby": {"owners": ["juliet@shakespeare.lit"]}}""");
        var settings = new Dictionary<string, string> { ["MUC_ROOMS_FILE"] = _folder.File("rooms.json") };
        var service = Start(settings);
        await service.SaysAsync("The declared rooms are there: 1 made, 0 changed, 0 as they were");
        Assert.That((await RunAsync("rooms", "list")).Output, Does.Contain("lobby@chat.shakespeare.lit"));
        await service.StopAsync();

        await Start(settings).SaysAsync("The declared rooms are there: 0 made, 0 changed, 1 as they were");
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => RunWithAsync([], arguments);

    private async Task<(int Code, string Output, string Errors)> RunWithAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        var program = Start(settings, arguments);
        var code = await program.EndsAsync();
        return (code, string.Join('\n', program.Output), string.Join('\n', program.Errors));
    }

    private RunningProgram Start(Dictionary<string, string> settings, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(settings);
        environment.TryAdd("MUC_DOMAIN", "chat.shakespeare.lit");
        environment.TryAdd("MUC_SERVER_PORT", $"{_server.Port}");
        environment.TryAdd("MUC_SECRET", FakeServer.Secret);
        var program = RunningProgram.Start(_folder.Path, environment, arguments);
        _programs.Add(program);
        return program;
    }
}
