using System.Diagnostics;
using System.Globalization;
using MucComponent.Conversations;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>What is kept costs nothing until somebody comes for it: the start reads no rooms, and nobody's rooms take no memory.</summary>
[TestFixture]
public sealed class ManyRoomsTests() : OnRealServer(Stage.Prosody)
{
    private const int Few = 10, Many = 100_000, Occupied = 1_000;

    /// <summary>Far less than a hundred thousand rooms would take, in bytes.</summary>
    private const long ReadAtMost = 1_000_000, MemoryAtMost = 20_000_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Test]
    public async Task The_start_and_the_memory_are_the_same_with_ten_rooms_and_with_a_hundred_thousand()
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        await romeo.EnterAsync(Room);
        foreach (var who in new[] { "juliet", "nurse", "tybalt", "paris", "mercutio" })
        {
            await romeo.SendAsync($"<iq to='{Room}' type='set' id='{who}'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='{who}@localhost' affiliation='member' reason='family'/></query></iq>");
            await romeo.HearsAsync(s => (string?)s.Attribute("id") == who);
        }
        await component.StopAsync();

        await CopyAsync("room", 1, Few);
        await CopyAsync("affiliation", 1, Few);
        var few = await StartAsync();
        await CopyAsync("room", Few + 1, Many);
        await CopyAsync("affiliation", Few + 1, Many);
        var many = await StartAsync();

        await TestContext.Out.WriteLineAsync($"{Few} rooms: {few}\n{Many} rooms: {many}");
        Assert.That(many.Time, Is.LessThan((3 * few.Time) + Soon), "roughly; a busy machine is slow now and then");
        Assert.That(many.Read - few.Read, Is.LessThan(ReadAtMost), "read from files");
        Assert.That(many.Memory - few.Memory, Is.LessThan(MemoryAtMost));
    }

    [Test]
    public async Task A_hundred_thousand_rooms_are_listed_page_by_page_without_delay()
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        await romeo.EnterAsync(Room);
        await component.StopAsync();
        await CopyAsync("room", 1, Many);

        component = await AttachAsync();
        foreach (var page in new[] { "<max>0</max>", "<max>100</max>", "<max>100</max><before/>", "<max>100</max><after>room050000@conference.localhost</after>" })
        {
            var asked = Stopwatch.StartNew();
            await romeo.SendAsync($"<iq to='conference.localhost' type='get' id='list'><query xmlns='{Ns.DiscoItems}'><set xmlns='{Ns.ResultSet}'>{page}</set></query></iq>");
            var list = await romeo.HearsAsync(s => (string?)s.Attribute("id") == "list");
            await TestContext.Out.WriteLineAsync($"{page}: {asked.Elapsed.TotalMilliseconds:0} ms");
            Assert.That((int?)list.Descendants(Ns.ResultSet + "count").Single(), Is.EqualTo(Many + 1));
            Assert.That(list.Descendants(Ns.DiscoItems + "item").Count(), Is.EqualTo(page.Contains("100", StringComparison.Ordinal) ? 100 : 0));
            Assert.That(asked.Elapsed, Is.LessThan(Soon));
        }
        await component.StopAsync();

        // What the service looks through after each start, to find out who is still there.
        await CopyAsync("session", 1, Occupied);
        await using var store = new SqliteRoomStore(DataFolder);
        await store.OpenAsync(default);
        var occupied = new List<Jid>();
        var began = Stopwatch.StartNew();
        while (await store.ListOccupiedAsync(occupied.LastOrDefault(), 100, default) is { Count: > 0 } some) occupied.AddRange(some);
        await TestContext.Out.WriteLineAsync($"{occupied.Count} occupied rooms among {Many}: {began.Elapsed.TotalMilliseconds:0} ms");
        Assert.That(occupied, Has.Count.EqualTo(Occupied + 1));
        Assert.That(began.Elapsed, Is.LessThan(Soon));
    }

    /// <summary>One start, from nothing to the server's welcome: how long it took, what was read from files, and the memory then, in bytes.</summary>
    private sealed record Figures(TimeSpan Time, long Read, long Memory)
    {
        public override string ToString() =>
            $"up in {Time.TotalMilliseconds:0} ms, {Read / 1e6:0.0} MB read, {Memory / 1e6:0.0} MB resident";
    }

    /// <summary>The median of three starts, each figure for itself.</summary>
    private async Task<Figures> StartAsync()
    {
        var starts = new List<Figures>();
        for (var i = 0; i < 3; i++)
        {
            var began = Stopwatch.StartNew();
            var component = await AttachAsync();
            starts.Add(new Figures(
                began.Elapsed,
                await FigureAsync($"/proc/{component.Id}/io", "rchar:"),
                1024 * await FigureAsync($"/proc/{component.Id}/status", "VmRSS:")));
            await component.StopAsync();
        }
        return new Figures(Median(f => f.Time), Median(f => f.Read), Median(f => f.Memory));

        T Median<T>(Func<Figures, T> of) => starts.Select(of).Order().ElementAt(1);
    }

    private static async Task<long> FigureAsync(string file, string name) =>
        (await File.ReadAllLinesAsync(file)).Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();

    /// <summary>Gives the rooms of these numbers the same rows as the one that people made, whatever columns a table has.</summary>
    private async Task CopyAsync(string table, int first, int last)
    {
        var room = table == "room" ? "jid" : "room";
        await using var connection = await SqliteFile.OpenAsync(Path.Combine(DataFolder, "rooms.db"));
        await connection.ExecuteAsync($"""
            BEGIN;
            CREATE TEMP TABLE number AS WITH RECURSIVE up(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM up WHERE n < {last}) SELECT n FROM up;
            CREATE TEMP TABLE copy AS SELECT {table}.* FROM number CROSS JOIN {table} WHERE {table}.{room} = '{Room}';
            UPDATE copy SET {room} = printf('room%06d@conference.localhost', {first} + (rowid - 1) / (SELECT count(*) FROM {table} WHERE {room} = '{Room}'));
            INSERT INTO {table} SELECT * FROM copy;
            COMMIT;
            """);
    }
}
