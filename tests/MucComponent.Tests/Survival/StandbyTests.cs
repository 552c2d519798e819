using System.Diagnostics;
using System.Xml.Linq;
using MucComponent.Conversations;
using MucComponent.Tests.Storage;
using Npgsql;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>Two instances on one PostgreSQL: one is attached to the server, the other takes over, and nobody in the room notices.</summary>
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.Ejabberd)]
public sealed class StandbyTests(string name) : OnRealServer(name)
{
    private const string StandsBy = "Standing by: another instance has the service";
    private const string TookOver = "Took over the service";
    private const string Asking = "Is anybody there?";

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    /// <summary>Against tests that would never end; the promise is seconds, and what it took is printed.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(30);

    private readonly List<ComponentProcess> _instances = [];
    private PostgresCluster _cluster = null!;
    private string _database = "";
    private Person _romeo = null!;
    private Person _juliet = null!;
    private ComponentProcess _holder = null!;
    private ComponentProcess _standby = null!;

    [SetUp]
    public async Task Enter()
    {
        _cluster = await PostgresCluster.StartNewAsync();
        _database = await _cluster.NewDatabaseAsync();
        _instances.Clear();
        _holder = await StartAsync(ComponentProcess.StreamIsUp);
        _romeo = await ConnectAsync("romeo");
        _juliet = await ConnectAsync("juliet");
        await _romeo.EnterAsync(Room);
        await _juliet.EnterAsync(Room);
        await TalkAsync("before", isFirst: true);
    }

    [TearDown]
    public async Task DropTheDatabase()
    {
        if (TestContext.CurrentContext.Result.FailCount > 0)
            foreach (var instance in _instances) await TestContext.Out.WriteLineAsync($"-- an instance\n{string.Join('\n', instance.Log)}");
        await _cluster.DisposeAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Another_takes_over_from_a_holder_that_is_killed_or_stopped_and_nobody_is_told_anything(bool killed)
    {
        _standby = await StartAsync(StandsBy);
        for (var time = 1; time <= 3; time++)
        {
            var since = Stopwatch.StartNew();
            var ending = killed ? _holder.KillAsync() : _holder.StopAsync();
            await TalkAgainAsync($"{time}", through: _standby, since);
            await TestContext.Out.WriteLineAsync($"{Server}, {(killed ? "kill -9" : "SIGTERM")}: a message passes again after {since.ElapsedMilliseconds} ms");
            await ending;
            Assert.That(_standby.Log, Has.One.Contains(TookOver));

            // Started again, it is the one that waits.
            _holder = _standby;
            _standby = await StartAsync(StandsBy);
            Assert.That(_standby.Log, Has.None.Contains(ComponentProcess.StreamIsUp));
        }
    }

    [Test]
    public async Task A_holder_that_loses_the_lease_hangs_up_and_stands_by()
    {
        _standby = await StartAsync(StandsBy);
        for (var time = 1; time <= 2; time++)
        {
            await AskAsync("SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND application_name = 'MucComponent lease'");
            await _holder.SaysAsync(StandsBy, times: time == 1 ? 1 : 2);
            await TalkAgainAsync($"{time}", through: _standby, Stopwatch.StartNew());
            Assert.That((Attached(_holder), Attached(_standby)), Is.EqualTo((0, 1)));
            (_holder, _standby) = (_standby, _holder);
        }
    }

    [Test]
    public async Task While_PostgreSQL_is_away_senders_are_told_to_try_again_and_then_it_goes_on()
    {
        await _cluster.StopAsync();
        await _romeo.SayAsync(Room, "lost", id: "lost");
        var refused = await _romeo.HearsNextAsync();
        Assert.That((string?)refused.Attribute("id"), Is.EqualTo("lost"));
        Assert.That((string?)refused.Elements().Single(e => e.Name.LocalName == "error").Attribute("type"), Is.EqualTo("wait"));
        await _holder.SaysAsync("PostgreSQL cannot be asked");

        await _cluster.StartAsync();
        await _holder.SaysAsync("is still this instance's");
        await TalkAsync("again");
        Assert.That(_holder.Log.Count(line => line.Contains(ComponentProcess.StreamIsUp, StringComparison.Ordinal)), Is.EqualTo(1));
    }

    private async Task<ComponentProcess> StartAsync(string until)
    {
        var instance = await AttachAsync(_database, until);
        _instances.Add(instance);
        return instance;
    }

    /// <summary>How many streams of its it has not ended.</summary>
    private static int Attached(ComponentProcess component) =>
        component.Log.Count(line => line.Contains(ComponentProcess.StreamIsUp, StringComparison.Ordinal))
        - component.Log.Count(line => line.Contains("is closed", StringComparison.Ordinal) || line.Contains("is lost", StringComparison.Ordinal));

    /// <summary>Each says something and both hear it, and nothing else.</summary>
    private async Task TalkAsync(string words, bool isFirst = false)
    {
        foreach (var who in new[] { _romeo, _juliet })
        {
            await who.SayAsync(Room, words);
            foreach (var listener in new[] { _romeo, _juliet })
            {
                if (isFirst) await listener.HearsAsync(words);
                else await HearsOnlyAsync(listener, words);
            }
        }
    }

    /// <summary>
    /// Romeo says something until it passes through this instance: while nobody is attached the server refuses it, and what
    /// is on its way to one who is being killed is lost. Nobody hears anything but that, and then both talk.
    /// </summary>
    /// <param name="since">Stopped when it passes.</param>
    private async Task TalkAgainAsync(string time, ComponentProcess through, Stopwatch since)
    {
        var asking = $"{Asking} {time}";
        for (var passed = false; !passed;)
        {
            await _romeo.SayAsync(Room, asking, id: asking);
            await Task.Delay(BetweenTries);
            var heard = await _romeo.HearsWithinAsync(BetweenTries);
            if (heard is not null) AssertIsOfAsking(heard);
            passed = heard is not null && IsReflected(heard) && Person.BodyOf(heard) == asking && Attached(through) > 0;
            Assert.That(since.Elapsed, Is.LessThan(InTime));
        }
        since.Stop();

        var together = $"Together again {time}";
        await _romeo.SayAsync(Room, together);
        foreach (var listener in new[] { _romeo, _juliet }) await HearsOnlyAsync(listener, together);
        await TalkAsync($"Neither {time}");
    }

    private static bool IsReflected(XElement heard) => heard.Name.LocalName == "message" && (string?)heard.Attribute("type") == "groupchat";

    /// <summary>Before this they hear nothing but what became of the asking; ejabberd refuses it only after it has looked for the service elsewhere.</summary>
    private static async Task HearsOnlyAsync(Person who, string words)
    {
        for (var heard = await who.HearsNextAsync(); Person.BodyOf(heard) != words; heard = await who.HearsNextAsync()) AssertIsOfAsking(heard);
    }

    private static void AssertIsOfAsking(XElement heard)
    {
        Assert.That((string?)heard.Attribute("id"), Does.StartWith(Asking), $"{heard}");
        Assert.That(IsReflected(heard) || (string?)heard.Attribute("type") == "error", $"{heard}");
    }

    private async Task AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
