using MucComponent.Conversations;
using MucComponent.Tests.Program;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>Rooms are exported and imported by the program while people talk in them, on a real server.</summary>
[TestFixture(StorageKind.Sqlite)]
[TestFixture(StorageKind.Postgres)]
public sealed class MovingWhileRunningTests(StorageKind storage) : OnRealServer(Stage.Prosody)
{
    private const string Heath = "heath@conference.localhost";

    private Dictionary<string, string> _storage = [];

    [Test]
    public async Task Rooms_are_moved_out_and_in_while_people_talk()
    {
        if (storage == StorageKind.Postgres) _storage = await PostgresAsync();
        var running = await AttachAsync(_storage);
        var (alice, bob) = (await ConnectAsync("alice"), await ConnectAsync("bob"));
        await alice.EnterAsync(Room, persistent: true, "muc#roomconfig_enablelogging");
        await bob.EnterAsync(Room);
        await alice.EnterAsync(Heath, persistent: true, "muc#roomconfig_enablelogging");
        await alice.SayAsync(Heath, "Fair is foul");
        await alice.HearsAsync("Fair is foul");
        var (talk, listen) = (new Talker(alice, Room, "alice"), new Talker(bob, Room, "bob"));
        await talk.HearsAsync("bob", after: 5);

        var file = Path.Combine(DataFolder, "rooms.jsonl.gz");
        var heard = talk.All.Select(h => h.Id).ToList();
        var export = await RunAsync(DataFolder, _storage, "export", file);
        await RunAsync(DataFolder, _storage, "rooms", "destroy", "heath");
        var import = await RunAsync(DataFolder, _storage, "import", file);
        var update = await RunAsync(DataFolder, _storage, "import", file, "--update");
        await Task.WhenAll(talk.FallSilentAsync(), listen.FallSilentAsync());
        await Task.WhenAll(talk.EndAsync(), listen.EndAsync());

        Assert.That(export.Said, Does.StartWith("exported: 2 rooms, "));
        Assert.That(import.Said, Does.StartWith("imported: 1 room, 1 affiliation, ").And.Contain("there already: 1 room"));
        Assert.That(update.Said, Does.StartWith("imported: 2 rooms, ").And.Contain("there already: "));
        Assert.That((talk.Refused, listen.Refused), Is.EqualTo((new List<string>(), new List<string>())));
        Assert.That(talk.All.Where(h => h.Author == "bob").Select(h => h.Number), Is.EqualTo(Enumerable.Range(1, listen.Sent)), "each once and in order");
        Assert.That(running.Log, Has.None.Contains("crit").And.None.Contains("fail"));

        // All that anybody heard before it began is in the export, and it can be taken over elsewhere as it is.
        var elsewhere = Path.Combine(DataFolder, "elsewhere");
        Assert.That((await RunAsync(elsewhere, [], "import", file)).Said, Does.StartWith("imported: 2 rooms, "));
        var again = Path.Combine(DataFolder, "again.jsonl");
        await RunAsync(elsewhere, [], "export", again);
        var text = await File.ReadAllTextAsync(again);
        Assert.That(heard.Where(id => !text.Contains(id!, StringComparison.Ordinal)), Is.Empty);
        Assert.That(heard, Has.Count.GreaterThan(5));
    }

    private static async Task<Dictionary<string, string>> PostgresAsync() => new()
    {
        ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = await (await PostgresCluster.SharedAsync()).NewDatabaseAsync(),
    };

    private async Task<(int Code, string Said)> RunAsync(string folder, Dictionary<string, string> storage, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        var settings = new Dictionary<string, string>(storage) { ["MUC_DATA_DIR"] = folder, ["MUC_SECRET"] = Server.Secret, ["MUC_SERVER_PORT"] = $"{Server.ComponentPort}" };
        await using var program = RunningProgram.Start(folder, settings, arguments);
        var code = await program.EndsAsync();
        var said = string.Join('\n', program.Output.Concat(program.Errors));
        Assert.That(code, Is.Zero, said);
        return (code, said);
    }
}
