using System.Net;
using System.Net.Sockets;
using MucComponent.Tests.Component;
using MucComponent.Tests.Conversations;
using MucComponent.Tests.Program;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Telemetry;

/// <summary>What a collector gets from the program.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ExporterTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeServer _server = new();
    private readonly Collector _collector = new();
    private RunningProgram? _program;

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _collector.Dispose();
        _server.Dispose();
        _folder.Delete();
    }

    [Test]
    public async Task Metrics_and_traces_arrive()
    {
        Start(_collector.Address, ("MUC_TRACES", "1"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_BSP_SCHEDULE_DELAY", "200"));
        using var peer = await _server.AuthenticateAsync();
        await JoinAsync(peer, "hag66@shakespeare.lit/pda", "thirdwitch");
        await peer.SaysAsync("<iq from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' type='set' id='open'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>");
        await peer.HearsAsync("id='open'");
        await JoinAsync(peer, "crone1@shakespeare.lit/desktop", "firstwitch");
        await peer.SaysAsync("<presence from='wiccarocks@shakespeare.lit/laptop' to='coven@chat.shakespeare.lit/thirdwitch'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        Assert.That(await peer.HearsAsync("</error>"), Does.Contain("<conflict"));
        await peer.SaysAsync("<message from='hag66@shakespeare.lit/pda' to='coven@chat.shakespeare.lit' type='groupchat' id='said'><body>Harpier cries</body></message>");
        await peer.HearsAsync("Harpier cries");

        await UntilAsync(() => Number("muc.messages.reflected") == 1 && Number("muc.stanzas.duration") >= 4 && _collector.Spans.Any(s => s.Name == "message"));
        Assert.Multiple(() =>
        {
            Assert.That(Number("muc.stream.up"), Is.EqualTo(1));
            Assert.That(Number("muc.stream.reconnects"), Is.Zero);
            Assert.That(Number("muc.stanzas.received presence"), Is.EqualTo(3));
            Assert.That(Number("muc.stanzas.received message"), Is.EqualTo(1));
            Assert.That(Number("muc.stanzas.sent message"), Is.GreaterThanOrEqualTo(3), "two subjects, and the message to two");
            Assert.That(Number("muc.joins entered"), Is.EqualTo(2));
            Assert.That(Number("muc.joins conflict"), Is.EqualTo(1));
            Assert.That(Number("muc.rooms.loaded"), Is.EqualTo(1));
            Assert.That(Number("muc.occupants"), Is.EqualTo(2));
            Assert.That(Number("muc.save.duration"), Is.GreaterThanOrEqualTo(3), "two joins and a message");
            Assert.That(Number("muc.save.batch"), Is.GreaterThanOrEqualTo(4), "and a load");
            Assert.That(_collector.Numbers.Keys, Is.SupersetOf(new[] { "muc.mailboxes.waiting", "muc.outbox.weight", "muc.outbox.dropped", "muc.archive.waiting" }));
            Assert.That(_collector.Resource, Is.SupersetOf(new[] { "service.name=MucComponent", "muc.domain=chat.shakespeare.lit" }));
        });
        var explained = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "README.md"));
        foreach (var name in _collector.Numbers.Keys.Select(n => n.Split(' ')[0]).Where(n => n.StartsWith("muc.", StringComparison.Ordinal)))
            Assert.That(explained, Does.Contain($"`{name}`"));

        var whole = _collector.Spans.Single(s => s.Name == "message");
        await UntilAsync(() => _collector.Spans.Count(s => s.Parent == whole.Id) == 4);
        var parts = _collector.Spans.Where(s => s.Parent == whole.Id).OrderBy(s => s.Begin).ToList();
        Assert.That(parts.Select(s => s.Name), Is.EqualTo(["wait", "decide", "save", "send"]));
        Assert.That(parts.Select(s => s.Trace), Is.All.EqualTo(whole.Trace));
        // Each begins where the one before ends, to the few microseconds between two looks at the clock.
        const long Close = 100_000;
        Assert.That(parts[0].Begin, Is.EqualTo(whole.Begin).Within(Close));
        for (var i = 1; i < parts.Count; i++) Assert.That(parts[i].Begin, Is.EqualTo(parts[i - 1].End).Within(Close));
        Assert.That(parts[^1].End, Is.EqualTo(whole.End).Within(Close));
    }

    [Test]
    public async Task A_stream_that_came_back_is_a_reconnect()
    {
        Start(_collector.Address, ("OTEL_METRIC_EXPORT_INTERVAL", "200"));
        using (await _server.AuthenticateAsync()) await UntilAsync(() => Number("muc.stream.up") == 1);
        using var again = await _server.AuthenticateAsync();
        await UntilAsync(() => Number("muc.stream.reconnects") == 1 && Number("muc.stream.up") == 1);
    }

    [Test]
    public async Task The_last_numbers_are_sent_at_the_stop()
    {
        Start(_collector.Address);
        using var peer = await _server.AuthenticateAsync();
        await _program!.SaysAsync("The stream is up");
        var stopping = _program.StopAsync(TimeSpan.FromSeconds(5));
        await peer.HearsAsync("</stream:stream>");
        await peer.SaysAsync("</stream:stream>");
        Assert.That(await stopping, Is.Zero);
        Assert.That(_collector.Numbers.Keys, Has.Some.StartsWith("dotnet."), "once a minute otherwise");
    }

    [Test]
    public async Task Without_the_setting_nothing_of_it_is_loaded()
    {
        Start(null);
        using var peer = await _server.AuthenticateAsync();
        await JoinAsync(peer, "hag66@shakespeare.lit/pda", "thirdwitch");
        Assert.That(Loaded(), Has.None.Contains("OpenTelemetry"));
        Assert.That(Loaded(), Has.Some.Contains("MucComponent.dll"), "one sees what is loaded");
    }

    [Test]
    public async Task A_collector_that_is_not_there_is_said_once()
    {
        _collector.Dispose();
        Start(_collector.Address, ("OTEL_METRIC_EXPORT_INTERVAL", "100"));
        using var peer = await _server.AuthenticateAsync();
        await _program!.SaysAsync($"Metrics cannot be sent to {new Uri(_collector.Address).Authority}: ");
        await JoinAsync(peer, "hag66@shakespeare.lit/pda", "thirdwitch");
        Assert.That(Loaded(), Has.Some.Contains("OpenTelemetry"));
        Assert.That(_program.Output.Count(line => line.Contains("cannot be sent")), Is.EqualTo(1));
    }

    [Test]
    public async Task A_collector_that_does_not_answer_does_not_hold_up_a_stop()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        Start($"http://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}", ("OTEL_METRIC_EXPORT_INTERVAL", "100"));
        using var connection = await mute.AcceptTcpClientAsync();
        Assert.That(await _program!.StopAsync(TimeSpan.FromSeconds(5)), Is.Zero);
    }

    [TestCase("http", "POST /v1/metrics HTTP/1.1")]
    [TestCase("grpc", "PRI * HTTP/2.0")]
    public async Task It_speaks_as_it_is_told(string protocol, string beginning)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Start($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", ("MUC_OTLP_PROTOCOL", protocol), ("OTEL_METRIC_EXPORT_INTERVAL", "100"));
        using var connection = await listener.AcceptTcpClientAsync().WaitAsync(RunningProgram.Patience);
        using var lines = new StreamReader(connection.GetStream());
        Assert.That(await lines.ReadLineAsync().WaitAsync(RunningProgram.Patience), Is.EqualTo(beginning));
    }

    private void Start(string? collector, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["MUC_DOMAIN"] = "chat.shakespeare.lit",
            ["MUC_SERVER_PORT"] = $"{_server.Port}",
            ["MUC_SECRET"] = FakeServer.Secret,
        };
        if (collector is not null) environment["MUC_OTLP"] = collector;
        foreach (var (name, value) in settings) environment[name] = value;
        _program = RunningProgram.Start(_folder.Path, environment);
    }

    private double? Number(string name) => _collector.Numbers.TryGetValue(name, out var number) ? number : null;

    private string[] Loaded() => File.ReadAllLines($"/proc/{_program!.Id}/maps");

    private async Task UntilAsync(Func<bool> done)
    {
        for (var end = DateTime.UtcNow + RunningProgram.Patience; !done(); await Task.Delay(50))
            if (DateTime.UtcNow > end) throw new TimeoutException(string.Join('\n', [.. _collector.Numbers.Select(n => $"{n.Key}: {n.Value}"), .. _collector.Spans.Select(s => s.Name), .. _program!.Output, .. _program.Errors]));
    }

    private static async Task JoinAsync(FakeServer.Peer peer, string who, string nick)
    {
        await peer.SaysAsync($"<presence from='{who}' to='coven@chat.shakespeare.lit/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        await peer.HearsAsync("<subject");
    }
}
