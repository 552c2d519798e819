using System.Net.Sockets;
using System.Text;
using MucComponent.Control;
using MucComponent.Operations;
using MucComponent.Tests.Component;
using MucComponent.Tests.Operations;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Control;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControlSocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Operated _operated = new();
    private readonly LogBook<ControlSocketTests> _log = new();

    public void Dispose()
    {
        _operated.Dispose();
        _folder.Delete();
    }

    [Test]
    public async Task What_is_asked_is_done_and_answered()
    {
        await using var socket = Open();

        Assert.That((await AskAsync("rooms create", ("room", "lobby"), ("owners", "juliet@shakespeare.lit"))).Result?.Note, Is.EqualTo($"The room {Operated.Lobby} is there."));
        var list = (await AskAsync("rooms list")).Result!;
        Assert.That((list.IsTable, list.Columns[0], list.Rows.Single()[0].Single()), Is.EqualTo((true, new Column("room", "Room", ColumnType.Jid), Operated.Lobby)));
        Assert.That((await AskAsync("rooms show", ("room", "heath"))).Error, Is.EqualTo("There is no room heath@chat.shakespeare.lit."));
        Assert.That((await AskAsync("rooms show")).Error, Is.EqualTo("room is missing: The room."));
        Assert.That((await AskAsync("fly")).Error, Does.StartWith("The service knows no operation \"fly\""));
    }

    [Test]
    public async Task Progress_comes_before_the_result()
    {
        await _operated.RunAsync("rooms", "create", "lobby", "juliet@shakespeare.lit");
        await _operated.EnterAsync("romeo@shakespeare.lit/orchard", "Romeo");
        await using var socket = Open();
        var progress = new List<string>();

        var answer = await ControlClient.AskAsync(Path, new ControlRequest("announce", new() { ["announcement"] = ["Ho!"] }), progress.Add, default);

        Assert.That((answer?.Result?.Note, string.Join(' ', progress)), Is.EqualTo(("Said in 1 rooms.", "1 rooms")));
    }

    [Test, Platform(Exclude = "Win")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Only_its_user_can_use_it()
    {
        await using var socket = Open();

        Assert.That(File.GetUnixFileMode(Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task An_instance_that_stands_by_says_so()
    {
        await using var socket = ControlSocket.Open(Options(), () => null, _log);

        Assert.That((await AskAsync("rooms list")).Error, Is.EqualTo("This instance stands by: another one has the service. Ask that one."));
    }

    [TestCase("\n")]
    [TestCase("hello\n")]
    [TestCase("{\"operation\":\"rooms list\"}\n")]
    [TestCase("{\"operation\":\"rooms list\",\"arguments\":{\"max\":\"3\"}}\n")]
    [TestCase("{\"operation\":\"rooms list\",\"arguments\":{\"max\":[null]}}\n")]
    [TestCase("{\"operation\":\"rooms list\",\"arguments\":{},\"more\":1}\n")]
    public async Task What_is_no_request_is_refused(string sent)
    {
        await using var socket = Open();

        Assert.That(await SaysAsync(sent), Is.EqualTo("{\"error\":\"This is no request.\"}\n"));
        Assert.That((await AskAsync("rooms list")).Result, Is.Not.Null, "and others are served");
    }

    [Test]
    public async Task A_request_without_an_end_is_cut_off()
    {
        await using var socket = Open();

        Assert.That(await SaysAsync(new string('x', 2 * 1024 * 1024)), Is.AnyOf("{\"error\":\"This is no request.\"}\n", ""));
    }

    [Test]
    public async Task Where_no_service_is_there_is_no_answer()
    {
        Assert.That(await ControlClient.AskAsync(Path, new ControlRequest("stats", []), _ => { }, default), Is.Null);

        await using (Open()) Assert.That(File.Exists(Path));
        Assert.That(File.Exists(Path), Is.False, "it goes with the service");
    }

    [Test]
    public async Task What_a_killed_service_left_behind_is_replaced_and_one_that_answers_is_not()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_folder.File("dead")));
            File.Move(_folder.File("dead"), Path); // or it would go with the socket
        }
        Assert.That(File.Exists(Path));

        await using var socket = Open();
        Assert.That((await AskAsync("stats")).Result, Is.Not.Null);
        Assert.That(ControlSocket.Open(Options(), () => null, _log), Is.Null);
        Assert.That(_log.Lines.Single(), Does.Contain("another instance answers there"));
        Assert.That((await AskAsync("stats")).Result, Is.Not.Null);
    }

    [Test]
    public async Task A_file_of_somebody_elses_is_left_alone()
    {
        await File.WriteAllTextAsync(Path, "mine");

        Assert.That(ControlSocket.Open(Options(), () => null, _log), Is.Null);
        Assert.That(_log.Lines.Single(), Does.Contain("there is a file, which is no socket"));
        Assert.That(await File.ReadAllTextAsync(Path), Is.EqualTo("mine"));
    }

    [Test]
    public void A_path_that_cannot_be_is_told_and_no_more()
    {
        Assert.That(ControlSocket.Open(new MucOptions { Control = "/" + new string('x', 200) }, () => null, _log), Is.Null);
        Assert.That(ControlSocket.Open(new MucOptions { Control = "off" }, () => null, _log), Is.Null);
        Assert.That(_log.Lines, Has.One.Items);
    }

    private string Path => _folder.File("control");

    private MucOptions Options() => new() { DataDir = _folder.Path };

    private ControlSocket Open() => ControlSocket.Open(Options(), () => _operated.Service, _log)!;

    private async Task<ControlAnswer> AskAsync(string operation, params (string Name, string Value)[] arguments) =>
        (await ControlClient.AskAsync(Path, new ControlRequest(operation, arguments.ToDictionary(a => a.Name, a => (System.Collections.Immutable.ImmutableArray<string>)[a.Value])), _ => { }, default))!;

    private async Task<string> SaysAsync(string text)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path));
        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            return await new StreamReader(stream).ReadToEndAsync();
        }
        catch (IOException)
        {
            return ""; // it hung up in the middle
        }
    }
}
