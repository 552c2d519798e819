using System.Xml.Linq;
using MucComponent.Conversations;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>
/// The database fails under a running service and under people who talk: who says something is told to try again, nobody else
/// hears of it, and when the cause is gone the same process goes on, with the same people in the room.
/// </summary>
[TestFixture]
public sealed class StorageFaultTests() : OnRealServer(Stage.Prosody)
{
    private readonly List<string> _told = [];

    private ComponentProcess _component = null!;
    private Person _romeo = null!;
    private Person _juliet = null!;

    private string Database => Path.Combine(DataFolder, "rooms.db");

    private string[] Files => [Database, Database + "-wal"];

    [Test]
    public async Task The_disk_is_full()
    {
        var disk = Ended(await SmallDisk.MountAsync(DataFolder));
        await EnterAsync();

        // SQLite may find some room in its own files for a while.
        do disk.Fill();
        while (await IsToldAsync("Is there room for this?"));
        await NothingIsTakenAsync(disk.Fill);

        disk.Free();
        await AllIsWellAsync();
    }

    [TestCase("EROFS", "pwrite64,ftruncate,fdatasync,fsync", TestName = "The_disk_became_read_only")]
    [TestCase("EIO", "pwrite64,pread64,ftruncate,fdatasync,fsync", TestName = "The_disk_is_broken")]
    [TestCase("EIO", "fdatasync,fsync", TestName = "The_disk_does_not_sync")]
    public async Task The_disk_fails(string error, string calls)
    {
        await EnterAsync();

        await using (await SystemCalls.FailAsync(_component.Id, error, calls, Files)) await NothingIsTakenAsync();
        await AllIsWellAsync();
    }

    [Test]
    public async Task Another_program_locks_the_database_for_long()
    {
        await EnterAsync();

        await using (var other = await SqliteFile.OpenAsync(Database))
        {
            await other.ExecuteAsync("BEGIN IMMEDIATE");
            Assert.That(await IsToldAsync("Nobody hears this"), Is.False);
        }
        await AllIsWellAsync();
    }

    /// <summary>
    /// SQLite holds some pages in memory, so that people may talk on for a while; what it has to read is refused.
    /// </summary>
    [Test]
    public async Task The_database_is_damaged()
    {
        await EnterAsync();
        for (var i = 0; i < 40; i++) Assert.That(await IsToldAsync(new string('x', 2_000)), Is.True);
        // By a restart all of it is moved from SQLite's log into the database.
        await _component.StopAsync();
        _component = await AttachAsync();
        Assert.That(await IsToldAsync("It is in the log"), Is.True);
        var good = Files.Select(File.ReadAllBytes).ToList();
        var before = _told.Count;
        OverwriteAllButTheBeginning(Database);

        var told = 0;
        for (var i = 0; i < 10; i++)
            if (await IsToldAsync("Whoever hears this hears it right")) told++;
        await TestContext.Out.WriteLineAsync($"{told} of 10 messages were told, the others refused");
        await _romeo.SendAsync($"<iq to='{Room}' type='set' id='archive'><query xmlns='urn:xmpp:mam:2'/></iq>");
        AssertToTryAgain(await _romeo.HearsNextAsync());

        // Where the tables themselves are damaged it does not start at all (ProgramTests); here it does, and refuses what is in the room.
        await _component.KillAsync();
        _component = await AttachAsync();
        Assert.That(await IsToldAsync("Nobody hears this"), Is.False);
        Assert.That(_component.Log, Has.Some.Contains($"MUC_DATA_DIR: {Database} is damaged"));

        // The operator puts a copy back, as that line says. Whoever was in then is in now.
        await _component.StopAsync();
        foreach (var (file, bytes) in Files.Zip(good)) await File.WriteAllBytesAsync(file, bytes);
        _told.RemoveRange(before, told);
        _component = await AttachAsync();
        await AllIsWellAsync(reason: "");
    }

    [Test]
    public async Task The_database_server_is_stopped()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await EnterAsync(new() { ["MUC_STORAGE"] = "postgres", ["MUC_POSTGRES"] = await cluster.NewDatabaseAsync() });

        await cluster.StopAsync();
        await NothingIsTakenAsync();
        await cluster.StartAsync();
        await AllIsWellAsync("MUC_POSTGRES: ");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Who_goes_while_nothing_can_be_kept_is_seen_to_be_gone_afterwards(bool leaves)
    {
        await EnterAsync();
        var paris = await ConnectAsync("paris");
        await paris.EnterAsync(Room);
        foreach (var who in new[] { _romeo, _juliet }) await who.HearsAsync(s => (string?)s.Attribute("from") == $"{Room}/paris");

        await using (await SystemCalls.FailAsync(_component.Id, "EROFS", "pwrite64,ftruncate,fdatasync,fsync", Files))
        {
            if (leaves)
            {
                await paris.SendAsync($"<presence to='{Room}/paris' type='unavailable'/>");
                await paris.SayAsync(Room, "Am I out?");
                await paris.HearsAsync(s => (string?)s.Attribute("type") == "error");
            }
            else
            {
                await paris.DisposeAsync();
            }
            Assert.That(await IsToldAsync("Nobody hears this"), Is.False);
        }

        await _romeo.SayAsync(Room, "Is he gone?");
        foreach (var who in new[] { _romeo, _juliet })
        {
            var gone = await who.HearsNextAsync();
            Assert.That(((string?)gone.Attribute("from"), (string?)gone.Attribute("type")), Is.EqualTo(($"{Room}/paris", "unavailable")));
            Assert.That(Person.BodyOf(await who.HearsNextAsync()), Is.EqualTo("Is he gone?"));
        }
    }

    private async Task EnterAsync(Dictionary<string, string>? settings = null)
    {
        _told.Clear();
        _component = await AttachAsync(settings);
        _romeo = await ConnectAsync("romeo");
        _juliet = await ConnectAsync("juliet");
        await _romeo.EnterAsync(Room, options: "muc#roomconfig_enablelogging");
        await _juliet.EnterAsync(Room);
        await _romeo.HearsAsync(s => (string?)s.Attribute("from") == $"{Room}/juliet");
        Assert.That(await IsToldAsync("Before"), Is.True);
    }

    /// <summary>Whether what is said is told to both; else it is refused for now, and this is all that anybody hears.</summary>
    private async Task<bool> IsToldAsync(string words)
    {
        words = $"{words} {_told.Count}";
        await _romeo.SayAsync(Room, words);
        var heard = await _romeo.HearsNextAsync();
        if ((string?)heard.Attribute("type") == "error")
        {
            AssertToTryAgain(heard);
            return false;
        }
        Assert.That(Person.BodyOf(heard), Is.EqualTo(words));
        Assert.That(Person.BodyOf(await _juliet.HearsNextAsync()), Is.EqualTo(words));
        _told.Add(words);
        return true;
    }

    /// <summary>Nothing that would have to be kept is done.</summary>
    private async Task NothingIsTakenAsync(Action? before = null)
    {
        for (var i = 1; i <= 3; i++)
        {
            before?.Invoke();
            Assert.That(await IsToldAsync("Nobody hears this"), Is.False);
        }
        var paris = await ConnectAsync("paris");
        await paris.SendAsync($"<presence to='{Room}/paris'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        AssertToTryAgain(await paris.HearsNextAsync());
    }

    /// <summary>The same process goes on, with the same people, and has kept what it told and nothing else.</summary>
    private async Task AllIsWellAsync(string reason = "MUC_DATA_DIR: ")
    {
        Assert.That(await IsToldAsync("After"), Is.True);
        Assert.That(_component.HasExited, Is.False);
        Assert.That(_component.Log.Count(line => line.Contains(ComponentProcess.StreamIsUp, StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(_component.Log, Has.Some.Contains(reason), "the operator is told why");
        Assert.That((await _romeo.ReadArchiveAsync(Room)).Select(m => m.Body), Is.EqualTo(_told));
        Assert.That(await _romeo.OccupantsAsync(Room), Is.EqualTo(new[] { "juliet@localhost/home", "romeo@localhost/home" }));
    }

    private static void AssertToTryAgain(XElement heard) =>
        Assert.That((string?)heard.Elements().SingleOrDefault(e => e.Name.LocalName == "error")?.Attribute("type"), Is.EqualTo("wait"), heard.ToString());

    private static void OverwriteAllButTheBeginning(string file)
    {
        // The pages of a database with nothing in it: where the tables begin is there.
        const int Beginning = 24 * 4096;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Assert.That(stream.Length, Is.GreaterThan(Beginning));
        var bytes = new byte[stream.Length - Beginning];
        new Random(1).NextBytes(bytes);
        stream.Position = Beginning;
        stream.Write(bytes);
    }
}
