using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MucComponent.Conversations;
using MucComponent.Tests.Component;
using MucComponent.Tests.Storage;
using Npgsql;
using NUnit.Framework;

namespace MucComponent.Tests.Program;

/// <summary>What an operator sees of the program: lines, exit codes, signals.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ProgramTests : IAsyncDisposable
{
    private const int Stopped = 0, CannotRun = 1, BadConfiguration = 2;
    private const string Password = "correct-horse-battery";

    /// <summary>What orchestrators give at least; we promise to need less.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeServer _server = new();
    private readonly int _port;
    private readonly List<RunningProgram> _programs = [];

    public ProgramTests() => _port = _server.Port;

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        _server.Dispose();
        _folder.Delete();
    }

    [Test]
    public async Task Every_bad_variable_gets_one_clear_line_all_at_once()
    {
        var program = Start(new()
        {
            ["MUC_DOMAIN"] = "room@chat",
            ["MUC_SERVER_HOST"] = "local:host:1",
            ["MUC_SERVER_PORT"] = "0",
            ["MUC_SECRET_FILE"] = _folder.File("none"),
            ["MUC_STORAGE"] = "tape",
            ["MUC_POSTGRES"] = $"Password={Password}",
            ["MUC_ADMINS"] = "hecate",
            ["MUC_LOG_LEVEL"] = "loud",
        });
        Assert.That(await program.EndsAsync(), Is.EqualTo(BadConfiguration));
        Assert.That(program.Errors.Select(line => line.Split(':')[0]), Is.EqualTo(
            ["MUC_DOMAIN", "MUC_SERVER_HOST", "MUC_SERVER_PORT", "MUC_SECRET", "MUC_SECRET_FILE", "MUC_STORAGE", "MUC_POSTGRES", "MUC_ADMINS", "MUC_LOG_LEVEL", "MUC_POSTGRES"]));
        AssertSilentAbout(program, FakeServer.Secret, Password);
    }

    [TestCase("MUC_DOMAIN", "room@chat")]
    [TestCase("MUC_SERVER_HOST", "local host")]
    [TestCase("MUC_SERVER_PORT", "abc")]
    [TestCase("MUC_STORAGE", "tape")]
    [TestCase("MUC_POSTGRES", $"postgresql://muc:{Password}@/")]
    [TestCase("MUC_ADMINS", "hecate@shakespeare.lit/broom")]
    [TestCase("MUC_LOG_LEVEL", "loud")]
    public async Task A_bad_variable_is_one_line_that_names_it(string variable, string value)
    {
        var program = Start(new() { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = $"postgresql://muc:{Password}@127.0.0.1/muc", [variable] = value });
        Assert.That(await program.EndsAsync(), Is.EqualTo(BadConfiguration));
        // Where rooms are to be kept on tape, the database is for nothing, which is worth a line too.
        Assert.That(program.Errors[0], Does.StartWith($"{variable}: ").And.Contain($"example: {variable}="));
        Assert.That(program.Errors.Skip(1), variable == "MUC_STORAGE" ? Has.One.StartsWith("MUC_POSTGRES: not used") : Is.Empty);
        Assert.That(program.Output, Is.Empty);
        AssertSilentAbout(program, FakeServer.Secret, Password);
    }

    [TestCase("--helth")]
    [TestCase("--health", "--verbose")]
    public async Task An_unknown_argument_is_refused_in_one_line(params string[] arguments)
    {
        var program = Start([], arguments);
        Assert.That(await program.EndsAsync(), Is.EqualTo(BadConfiguration));
        Assert.That(program.Errors, Has.One.Items);
        Assert.That(program.Errors[0], Does.StartWith($"MucComponent: \"{string.Join(' ', arguments)}\" is not known; did you mean"));
    }

    [Test]
    public async Task A_data_folder_that_cannot_be_written_is_one_line()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "");
        var program = Start(new() { ["MUC_DATA_DIR"] = _folder.File("file/data") });
        Assert.That(await program.EndsAsync(), Is.EqualTo(CannotRun));
        Assert.That(program.Errors, Has.One.Items);
        Assert.That(program.Errors[0], Does.StartWith("MucComponent: MUC_DATA_DIR: ").And.Contain(_folder.File("file/data")));
    }

    [Test]
    public async Task A_damaged_database_is_one_line()
    {
        await File.WriteAllBytesAsync(_folder.File("rooms.db"), new byte[10_000]);
        var program = Start(new() { ["MUC_DATA_DIR"] = _folder.Path });
        Assert.That(await program.EndsAsync(), Is.EqualTo(CannotRun));
        Assert.That(program.Errors, Has.One.Items);
        Assert.That(program.Errors[0], Does.StartWith($"MucComponent: MUC_DATA_DIR: {_folder.File("rooms.db")} is damaged"));
    }

    [Test]
    public async Task A_database_that_is_not_there_is_one_line_without_its_password()
    {
        var port = FreePort.Next();
        var program = Start(new() { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = $"postgresql://muc:{Password}@127.0.0.1:{port}/muc" });
        Assert.That(await program.EndsAsync(), Is.EqualTo(CannotRun));
        Assert.That(program.Errors, Has.One.Items);
        Assert.That(program.Errors[0], Does.Contain("MUC_POSTGRES").And.Contain($"127.0.0.1:{port}"));
        AssertSilentAbout(program, Password);
    }

    [Test]
    public async Task A_database_that_refuses_us_is_one_line_without_its_password()
    {
        var database = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        var program = Start(new() { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = new NpgsqlConnectionStringBuilder(database) { Password = Password }.ConnectionString });
        Assert.That(await program.EndsAsync(), Is.EqualTo(CannotRun));
        Assert.That(program.Errors, Has.One.Items);
        Assert.That(program.Errors[0], Does.Contain("MUC_POSTGRES"));
        AssertSilentAbout(program, Password);
    }

    [Test]
    public async Task A_database_that_does_not_answer_can_be_waited_for_no_longer()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var program = Start(new() { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = $"postgresql://muc:{Password}@127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}/muc" });
        using var connection = await mute.AcceptTcpClientAsync();
        Assert.That(await program.StopAsync(StopTime), Is.EqualTo(Stopped));
        Assert.That(program.Errors, Is.Empty);
    }

    [Test]
    public async Task A_second_process_on_the_same_folder_is_refused_in_one_line()
    {
        var first = Start([]);
        using var peer = await _server.AuthenticateAsync();
        var second = Start([]);
        Assert.That(await second.EndsAsync(), Is.EqualTo(CannotRun));
        Assert.That(second.Errors, Has.One.Items);
        Assert.That(second.Errors[0], Does.StartWith("MucComponent: MUC_DATA_DIR: ").And.Contain("in use by another process"));
        await first.SaysAsync("The stream is up");
    }

    [Test]
    public async Task It_waits_for_a_server_that_is_not_up_yet()
    {
        _server.Dispose();
        var program = Start([]);
        await program.SaysAsync($"Waiting for the server at 127.0.0.1:{_port}");
        using var later = new FakeServer(_port);
        using var peer = await later.AuthenticateAsync();
        await program.SaysAsync("The stream is up");
    }

    [Test]
    public async Task SIGTERM_while_the_server_is_unreachable_ends_it_at_once()
    {
        _server.Dispose();
        var program = Start([]);
        await program.SaysAsync("Waiting for the server");
        Assert.That(await program.StopAsync(StopTime), Is.EqualTo(Stopped));
        Assert.That(program.Errors, Is.Empty);
    }

    [Test]
    public async Task SIGTERM_ends_it_with_a_goodbye_to_the_server()
    {
        var program = Start([]);
        using var peer = await _server.AuthenticateAsync();
        await program.SaysAsync("The stream is up");
        var stopping = program.StopAsync(StopTime);
        await peer.HearsAsync("</stream:stream>");
        await peer.SaysAsync("</stream:stream>");
        Assert.That(await stopping, Is.EqualTo(Stopped));
        Assert.That(program.Errors, Is.Empty);
    }

    [TestCase("quiet")]
    [TestCase("leave")]
    public async Task SIGTERM_while_the_server_reads_nothing_ends_it_in_time(string stop)
    {
        const int Occupants = 20, Messages = 40;
        var program = Start(new() { ["MUC_STORAGE"] = "memory", ["MUC_STOP"] = stop });
        using var peer = await _server.AuthenticateAsync();
        await JoinAsync(peer, "hag66@shakespeare.lit/0", "witch0");
        for (var i = 1; i < Occupants; i++) await JoinAsync(peer, $"hag66@shakespeare.lit/{i}", "witch0");
        // 160 MB: more than the kernel keeps for a reader who does not read.
        for (var i = 0; i < Messages; i++) await SayAsync(peer, "hag66@shakespeare.lit/0", new string('x', 200_000));
        await peer.HearsAsync(new string('x', 200_000));

        Assert.That(await program.StopAsync(StopTime), Is.EqualTo(Stopped));
        Assert.That(program.Output, Has.One.Contains("with stanzas left to send"));
    }

    [Test]
    public async Task Health_is_good_while_it_is_attached_and_only_then()
    {
        Assert.That(await HealthAsync(), Is.EqualTo(1), "before");
        var program = Start([]);
        using var peer = await _server.AuthenticateAsync();
        await program.SaysAsync("The stream is up");
        Assert.That(await UntilHealthAsync(0), Is.EqualTo(0), "attached");
        peer.Dispose();
        _server.Dispose();
        Assert.That(await UntilHealthAsync(1), Is.EqualTo(1), "the server is gone");
        Assert.That(await program.StopAsync(StopTime), Is.EqualTo(Stopped));
        Assert.That(await HealthAsync(), Is.EqualTo(1), "after");
    }

    [Test]
    public async Task While_the_database_is_away_it_lives_and_is_not_ready()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var settings = new Dictionary<string, string> { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = await cluster.NewDatabaseAsync() };
        var program = Start(settings);
        using var peer = await _server.AuthenticateAsync();
        await program.SaysAsync("The stream is up");
        Assert.That(await UntilHealthAsync(0), Is.Zero);
        Assert.That(await AliveAsync(), Is.Zero);

        await cluster.StopAsync();
        Assert.That(await UntilHealthAsync(1), Is.EqualTo(1), "attached, but nothing can be kept");
        Assert.That(await AliveAsync(), Is.Zero);

        await cluster.StartAsync();
        Assert.That(await UntilHealthAsync(0), Is.Zero, "it found its way back");
        await program.StopAsync();
        Assert.That(await AliveAsync(), Is.EqualTo(1), "after");
    }

    [Test]
    public async Task Standing_by_is_healthy_and_SIGTERM_ends_it_at_once()
    {
        var settings = new Dictionary<string, string> { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync() };
        var first = Start(settings);
        using var peer = await _server.AuthenticateAsync();
        await first.SaysAsync("The stream is up");
        var own = new Dictionary<string, string>(settings) { ["MUC_DATA_DIR"] = _folder.File("standby") };
        var second = Start(own);
        await second.SaysAsync("Standing by: another instance has the service chat.shakespeare.lit");
        Assert.That(await UntilHealthAsync(0, own), Is.EqualTo(0));

        Assert.That(await second.StopAsync(StopTime), Is.EqualTo(Stopped));
        Assert.That(second.Errors, Is.Empty);
        Assert.That(await HealthAsync(own), Is.EqualTo(1), "after");
    }

    [TestCase("memory")]
    [TestCase("postgres")]
    public async Task Health_needs_no_rooms_in_the_data_folder(string storage)
    {
        var settings = new Dictionary<string, string> { ["MUC_STORAGE"] = storage };
        if (storage == "postgres") settings["MUC_POSTGRES"] = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync();
        var program = Start(settings);
        using var peer = await _server.AuthenticateAsync();
        await program.SaysAsync("The stream is up");
        Assert.That(await UntilHealthAsync(0), Is.EqualTo(0));
    }

    [Test]
    public async Task The_log_can_be_read_by_programs()
    {
        var program = Start(new() { ["MUC_LOG_FORMAT"] = "json", ["MUC_LOG_LEVEL"] = "trace" });
        using var peer = await _server.AuthenticateAsync();
        await program.SaysAsync("The stream is up");
        await program.StopAsync();
        var events = program.Output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var up = events.Single(e => e.GetProperty("EventId").GetInt32() == 1);
        Assert.That(up.GetProperty("State").GetProperty("Domain").GetString(), Is.EqualTo("chat.shakespeare.lit"));
        Assert.That(up.GetProperty("Timestamp").GetDateTimeOffset(), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(5)));
        AssertSilentAbout(program, FakeServer.Secret);
    }

    [TestCase("text")]
    [TestCase("json")]
    public async Task The_log_shows_no_secret_and_nothing_that_people_write(string format)
    {
        const string Body = "Double, double toil and trouble";
        var program = Start(new() { ["MUC_LOG_LEVEL"] = "trace", ["MUC_LOG_FORMAT"] = format });
        using var peer = await _server.AuthenticateAsync();
        await JoinAsync(peer, "hag66@shakespeare.lit/pda", "thirdwitch");
        await SayAsync(peer, "hag66@shakespeare.lit/pda", Body);
        await peer.HearsAsync(Body);
        // Refused ones are logged too, but not what is in them.
        await peer.SaysAsync($"<message from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' type='groupchat'><!-- {Body} --><body>{Body}</body></message>");
        await peer.HearsAsync("bad-request");
        await peer.SaysAsync($"<message from='hag66@shakespeare.lit/pda' to='@chat.shakespeare.lit'><body>{Body}</body></message>");
        await peer.HearsAsync("jid-malformed");
        await program.StopAsync();
        Assert.That(program.Output, Has.Some.Contains(format == "text" ? "dbug" : "\"LogLevel\":\"Debug\""), "it does log at this level");
        AssertSilentAbout(program, FakeServer.Secret, Body, "707154a2baa881d55c1c18925680dfb3029b2a16");
    }

    private RunningProgram Start(Dictionary<string, string> settings, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["MUC_DOMAIN"] = "chat.shakespeare.lit",
            ["MUC_SERVER_PORT"] = $"{_port}",
            ["MUC_SECRET"] = FakeServer.Secret,
        };
        foreach (var (name, value) in settings) environment[name] = value;
        var program = RunningProgram.Start(_folder.Path, environment, arguments);
        _programs.Add(program);
        return program;
    }

    private Task<int> AliveAsync() => Start([], "--alive").EndsAsync();

    private Task<int> HealthAsync(Dictionary<string, string>? settings = null) => Start(settings ?? [], "--health").EndsAsync();

    /// <summary>It is looked at and told at intervals, so a little later is soon enough.</summary>
    private async Task<int> UntilHealthAsync(int expected, Dictionary<string, string>? settings = null)
    {
        var health = await HealthAsync(settings);
        for (var end = DateTime.UtcNow + RunningProgram.Patience; health != expected && DateTime.UtcNow < end;) health = await HealthAsync(settings);
        return health;
    }

    private static async Task JoinAsync(FakeServer.Peer peer, string who, string nick)
    {
        await peer.SaysAsync($"<presence from='{who}' to='coven@chat.shakespeare.lit/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        await peer.HearsAsync("<subject");
    }

    private static Task SayAsync(FakeServer.Peer peer, string who, string body) =>
        peer.SaysAsync($"<message from='{who}' to='coven@chat.shakespeare.lit' type='groupchat'><body>{body}</body></message>");

    private static void AssertSilentAbout(RunningProgram program, params string[] secrets)
    {
        foreach (var secret in secrets) Assert.That(program.Output.Concat(program.Errors), Has.None.Contains(secret));
    }
}
