using System.Text;
using MucComponent.Control;
using MucComponent.Moving;
using MucComponent.Operations;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Tests.Component;
using MucComponent.Tests.Operations;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Moving;

/// <summary>Export and import of a service that runs: by it, over its control socket, while its rooms go on.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BesideTheServiceTests : IAsyncDisposable
{
    private const string Lobby = Operated.Lobby;
    private const string Juliet = "juliet@shakespeare.lit", JulietsPhone = Juliet + "/phone";
    private const string Romeo = "romeo@shakespeare.lit", RomeosOrchard = Romeo + "/orchard";

    private readonly TemporaryFolder _folder = new();
    private readonly Operated _operated;
    private readonly ControlSocket _socket;
    private readonly MucOptions _options;

    public BesideTheServiceTests()
    {
        _options = new MucOptions { Domain = Jid.Parse(Operated.Domain), Storage = StorageKind.Memory, DataDir = _folder.Path };
        _operated = new Operated(options: _options);
        _socket = ControlSocket.Open(_options, () => _operated.Service, new LogBook<ControlSocket>())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        _operated.Dispose();
        _folder.Delete();
    }

    [Test]
    public async Task An_export_is_what_the_service_has_and_takes_no_room_from_it([Values("rooms.jsonl", "rooms.jsonl.gz")] string name)
    {
        await FillAsync(3, messages: 250);
        var before = _operated.Sent.Count;

        var (code, output, errors) = await RunAsync("export", _folder.File(name));

        Assert.That((code, output, errors), Is.EqualTo((0, "exported: 3 rooms, 3 affiliations, 3 sessions, 750 messages\n", "")));
        await using var here = await MovableStore.OpenAsync(StorageKind.Memory);
        await here.ImportAsync(new ExportReader(() => ExportFile.Open(_folder.File(name))).ReadAsync(default));
        Assert.That(Encoding.UTF8.GetString(await here.ExportAsync()), Is.EqualTo(Encoding.UTF8.GetString(await ExportAsync())));
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(_folder.File(name)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await SayAsync("room0@" + Operated.Domain, "Ho!");
        Assert.That(_operated.Sent.Skip(before).Single().Value, Is.EqualTo("Ho!"), "the room was not loaded anew, and nobody was asked whether they are there");
    }

    [Test]
    public async Task What_was_said_while_it_is_written_is_not_half_in_it()
    {
        await FillAsync(1, messages: 200);
        var read = 0;
        List<Moved> pieces = [];

        await foreach (var piece in StoreReader.ReadAsync(_operated.Store, default))
        {
            pieces.Add(piece);
            if (read++ == 50) await SayAsync("room0@" + Operated.Domain, "Later");
        }

        Assert.That(pieces.OfType<MovedMessage>().Count(), Is.EqualTo(200));
    }

    [Test]
    public async Task Who_does_not_take_the_export_holds_up_nobody()
    {
        await FillAsync(1, messages: 2_000, length: 1_000);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(_options.ControlPath!));
        await socket.SendAsync("{\"operation\":\"rooms export\",\"arguments\":{},\"hasData\":true}\n"u8.ToArray());
        await socket.ReceiveAsync(new byte[10]);

        await SayAsync("room0@" + Operated.Domain, "Ho!");
        Assert.That((await RunAsync("export", _folder.File("other"))).Code, Is.Zero);
        Assert.That(socket.Available, Is.LessThan(1_000_000), "and it is not written for nobody");
    }

    [Test]
    public async Task Who_goes_away_from_an_export_is_no_fault_of_the_service()
    {
        await FillAsync(1, messages: 1);

        Assert.That(
            () => _operated.Service.RunAsync(new RoomsExport(), new OperationRequest(_operated.Service, new Dictionary<string, System.Collections.Immutable.ImmutableArray<string>>()) { Data = new Gone() }, default),
            Throws.TypeOf<RefusedException>().With.Message.EqualTo("Whoever asked for the export is gone."));
        Assert.That(_operated.Log.Lines, Has.None.Contains("fault"));
    }

    [Test]
    public async Task An_import_makes_the_rooms_that_are_not_there_and_leaves_the_others()
    {
        var file = await ElsewhereAsync(rooms: 4, messages: 1_200, passing: true);
        await _operated.RunAsync("rooms", "create", "room1", "--owners", Juliet, "roomname=Mine");

        var dry = await RunAsync("import", file, "--dry-run");
        Assert.That((await _operated.RunAsync("rooms", "list")).Rows, Has.Length.EqualTo(1), "a dry run changes nothing");
        var first = await RunAsync("import", file);
        var second = await RunAsync("import", file);

        var whole = "3 rooms, 3 affiliations, 3600 messages\nleft as they are, since they were there already: 1 room\n"
            + "not carried: a temporary room, since nobody is in it (1 time; passing@chat.shakespeare.lit)\n"
            + "not carried: who was in a room, since the service runs and knows who is (3 times; room0@chat.shakespeare.lit, room2@chat.shakespeare.lit, room3@chat.shakespeare.lit)\n";
        Assert.That((dry, first), Is.EqualTo(((0, $"would import: {whole}", ""), (0, $"imported: {whole}", ""))));
        Assert.That(second.Output, Does.StartWith("imported: nothing\nleft as they are, since they were there already: 4 rooms\n"));
        Assert.That((await SeeAsync("room1")).Stored.Room!.Name, Is.EqualTo("Mine"));
        Assert.That((await _operated.Store.ReadMessagesAsync(RoomJid("room2"), default, 5_000, default)).Select(m => m.Id), Is.Ordered.And.Exactly(1_200).Items);
        Assert.That(_operated.Sent.Where(s => s.Name.LocalName == "presence"), Is.Empty, "and nobody is in them");
    }

    [Test]
    public async Task A_room_that_people_are_in_goes_on_and_gets_what_was_said_elsewhere()
    {
        var file = await ElsewhereAsync(rooms: 1, messages: 1_200);
        _operated.Clock.Advance(TimeSpan.FromHours(1));
        await _operated.RunAsync("rooms", "create", "room0", "--owners", Romeo);
        await _operated.EnterAsync(RomeosOrchard, "Romeo", "room0@" + Operated.Domain);
        await SayAsync("room0@" + Operated.Domain, "Ho!", RomeosOrchard);
        var before = _operated.SentTo(RomeosOrchard).Count;

        var (code, output, errors) = await RunAsync("import", file, "--update");
        var again = await RunAsync("import", file, "--update");

        Assert.That((code, output, errors), Is.EqualTo((0, $"imported: 1 room, 1 affiliation, 1200 messages\nnot carried: who was in a room, since the service runs and knows who is (1 time; room0@{Operated.Domain})\n", "")));
        Assert.That(again.Output, Does.Contain("there already: 1200 messages"));
        var told = _operated.SentTo(RomeosOrchard).Skip(before).ToList();
        Assert.That(told.SelectMany(Given.Coven.Statuses), Is.EqualTo(new[] { 104, 170 }), "its name and archive");
        var stored = (await SeeAsync("room0")).Stored;
        Assert.That((stored.Room!.Name, stored.Room.Locked, string.Join(' ', stored.Sessions.Keys)), Is.EqualTo(("Room 0", false, RomeosOrchard)));
        Assert.That(stored.Affiliations.Keys.Select(j => j.ToString()), Is.EquivalentTo(new[] { Juliet, Romeo }));
        Assert.That((await _operated.Store.ReadMessagesAsync(RoomJid("room0"), default, 5_000, default)).Select(m => m.Id), Is.Ordered.And.Exactly(1_201).Items);
        await _operated.EnterAsync(JulietsPhone, "Juliet", "room0@" + Operated.Domain);
        Assert.That(_operated.SentTo(JulietsPhone).Last(s => s.Elements().Any(e => e.Name.LocalName == "body")).Value, Is.EqualTo("Ho!"), "the newest is the newest");
    }

    [Test]
    public async Task An_import_that_breaks_off_is_completed_by_the_next([Values(1, 3, 500, 900, 1_300)] int after)
    {
        var export = await File.ReadAllLinesAsync(await ElsewhereAsync(rooms: 2, messages: 700));
        var part = Encoding.UTF8.GetBytes(string.Join('\n', export.Take(after)) + "\n");

        var answer = await ControlClient.AskAsync(
            _options.ControlPath!, new ControlRequest("rooms import", []), _ => { }, default, give: async (stream, stop) => await stream.WriteAsync(part, stop));
        Assert.That(answer!.Error, Does.Contain($"it breaks off after line {after}"));
        await File.WriteAllLinesAsync(_folder.File("whole"), export);
        var (code, _, errors) = await RunAsync("import", _folder.File("whole"));

        Assert.That(code, Is.Zero, errors);
        foreach (var room in new[] { "room0", "room1" })
        {
            Assert.That((await SeeAsync(room)).Stored.Room!.Extra.ContainsKey(Portion.Unfinished), Is.False);
            Assert.That((await _operated.Store.ReadMessagesAsync(RoomJid(room), default, 5_000, default)).Select(m => m.Id), Is.Ordered.And.Exactly(700).Items);
        }
    }

    [Test]
    public async Task What_is_wrong_is_said_in_a_line()
    {
        var other = _folder.File("other");
        await using (var store = await MovableStore.OpenAsync(StorageKind.Memory)) await File.WriteAllBytesAsync(other, await store.ExportAsync());
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(other)).Replace(Operated.Domain, "rooms.example", StringComparison.Ordinal));
        var asked = await ControlClient.AskAsync(
            _options.ControlPath!, new ControlRequest("rooms import", []), _ => { }, default, give: async (stream, stop) => await stream.WriteAsync(await File.ReadAllBytesAsync(other, stop), stop));
        Assert.That(asked!.Error, Is.EqualTo("these are the rooms of rooms.example, and the service is chat.shakespeare.lit"));
        var prosody = await RunAsync("import", "--from", "prosody", "/no/such/folder");
        Assert.That((prosody.Code, prosody.Errors), Is.EqualTo((1, "MucComponent: /no/such/folder: there is no such folder\n")), "and not what the service makes of it");
        Assert.That((await RunAsync("export", "/no/such/folder/file")).Errors, Does.StartWith("MucComponent: ").And.Contain("/no/such/folder"));
        foreach (var words in new[] { new[] { "rooms", "import" }, ["rooms", "import", "../other"], ["rooms", "import", "none"] })
            Assert.That(() => _operated.RunAsync(words), Throws.TypeOf<RefusedException>().With.Message.Contains("in the data folder"));
    }

    [Test]
    public async Task One_import_at_a_time()
    {
        await _operated.Service.Importing.WaitAsync();

        Assert.That((await RunAsync("import", await ElsewhereAsync(1, 1))).Errors, Is.EqualTo("MucComponent: Another import is under way; wait until it is over.\n"));
    }

    [Test]
    public async Task Admins_have_it_by_files_in_the_data_folder()
    {
        await FillAsync(2, messages: 10);

        var export = await _operated.RunAsync("rooms", "export");
        var file = Directory.GetFiles(_folder.Path, "rooms-*.jsonl.gz").Single();
        var import = await _operated.RunAsync("rooms", "import", Path.GetFileName(file), "--update");

        Assert.That((export.Note, export.Rows[0][0][0]), Is.EqualTo(($"All rooms are in {file}.", "2")));
        Assert.That(import.Note, Is.EqualTo("Taken over: 2 rooms, 2 affiliations, 20 messages\nthere already: 20 messages\n"
            + "not carried: who was in a room, since the service runs and knows who is (2 times; room0@chat.shakespeare.lit, room1@chat.shakespeare.lit)"));
    }

    private static Jid RoomJid(string name) => Jid.Parse($"{name}@{Operated.Domain}");

    private Task<SeenRoom> SeeAsync(string room) => _operated.Store.SeeAsync(RoomJid(room), default);

    /// <summary>Rooms of the running service with somebody in each.</summary>
    private Task FillAsync(int rooms, int messages, int length = 10) => FillAsync(_operated, rooms, messages, length);

    private static async Task FillAsync(Operated operated, int rooms, int messages, int length)
    {
        for (var i = 0; i < rooms; i++)
        {
            var room = $"room{i}@{Operated.Domain}";
            await operated.RunAsync("rooms", "create", room, "--owners", Juliet, $"roomname=Room {i}", "enablelogging=1");
            await operated.EnterAsync(JulietsPhone, "Juliet", room);
            for (var m = 0; m < messages; m++) await operated.Service.Rooms.TellAsync(Saying(room, new string('x', length), JulietsPhone), default);
        }
    }

    private Task SayAsync(string room, string body, string who = JulietsPhone) => _operated.Service.Rooms.TellAsync(Saying(room, body, who), default);

    private static Stanza Saying(string room, string body, string who) => new(StanzaKind.Message)
    {
        Type = "groupchat", From = Jid.Parse(who), To = Jid.Parse(room), Children = [new System.Xml.Linq.XElement(Ns.Client + "body", body)],
    };

    /// <summary>An export of another service with rooms of these names.</summary>
    private async Task<string> ElsewhereAsync(int rooms, int messages, bool passing = false)
    {
        using var elsewhere = new Operated();
        await FillAsync(elsewhere, rooms, messages, 10);
        if (passing) await elsewhere.EnterAsync(JulietsPhone, "Juliet", "passing@" + Operated.Domain);
        await using var file = File.Create(_folder.File("elsewhere"));
        using var writer = new ExportWriter(file);
        await writer.WriteAsync(_options.Domain, StoreReader.ReadAsync(elsewhere.Store, default), new MovingReport(_ => { }), default);
        return file.Name;
    }

    private async Task<byte[]> ExportAsync()
    {
        using var stream = new MemoryStream();
        using var writer = new ExportWriter(stream);
        await writer.WriteAsync(_options.Domain, StoreReader.ReadAsync(_operated.Store, default), new MovingReport(_ => { }), default);
        return stream.ToArray();
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), errors = new();
        return (await MovingCommand.RunAsync(args, _options, output, errors, default), output.ToString(), errors.ToString());
    }

    /// <summary>A connection whose other end has hung up.</summary>
    private sealed class Gone : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken pipe");
    }
}
