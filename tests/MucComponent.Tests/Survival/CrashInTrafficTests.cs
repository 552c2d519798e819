using System.Diagnostics;
using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>The component is killed again and again while people talk: what was told is kept, and what was kept is told.</summary>
// Most of its time it waits, so all servers at once.
[Parallelizable]
[TestFixture(Stage.Prosody)]
[TestFixture(Stage.ProsodyMulticast)]
[TestFixture(Stage.Ejabberd)]
[TestFixture(Stage.EjabberdMulticast)]
public sealed class CrashInTrafficTests(string name) : OnRealServer(name)
{
    private const int Crashes = 20;

    // Three, so that what they say may go by multicast.
    private static readonly string[] Names = ["romeo", "juliet", "nurse"];

    private const int LongestLifeMilliseconds = 600;

    [Test]
    public async Task Killed_twenty_times_while_three_talk_nobody_leaves_and_nothing_is_lost()
    {
        var component = await AttachAsync();
        var people = new List<Person>();
        foreach (var name in Names) people.Add(await ConnectAsync(name));
        var romeo = people[0];
        await romeo.EnterAsync(Room, options: "muc#roomconfig_enablelogging");
        foreach (var person in people[1..]) await person.EnterAsync(Room);
        foreach (var person in people[..^1]) await person.HearsAsync(s => (string?)s.Attribute("from") == $"{Room}/{Names[^1]}");

        Talker[] talkers = [.. people.Zip(Names, (person, name) => new Talker(person, Room, name, Names.Length))];
        await AllAreHeardAsync(talkers, [.. talkers.Select(_ => 0)]);
        var random = new Random(20);
        var returns = new List<TimeSpan>();
        for (var crash = 1; crash <= Crashes; crash++)
        {
            await Task.Delay(random.Next(LongestLifeMilliseconds));
            await component.KillAsync();
            var said = talkers.Select(t => t.Sent).ToArray();
            var killed = Stopwatch.GetTimestamp();
            component = await AttachAsync();
            returns.Add(Stopwatch.GetElapsedTime(killed, await AllAreHeardAsync(talkers, said)));
        }
        foreach (var talker in talkers) await talker.FallSilentAsync();
        foreach (var talker in talkers) await talker.EndAsync();

        var kept = (await romeo.ReadArchiveAsync(Room)).Where(m => !m.Body!.EndsWith($" {int.MaxValue}", StringComparison.Ordinal)).ToList();
        var order = kept.Index().ToDictionary(m => m.Item.Id, m => m.Index);
        var bodies = kept.Select(m => m.Body!).ToHashSet();
        var refused = talkers.SelectMany(t => t.Refused).ToHashSet();
        returns.Sort();
        await TestContext.Out.WriteLineAsync(
            $"{Server}: killed {Crashes} times; {talkers.Sum(t => t.Sent)} sent, {kept.Count} kept, {refused.Count} refused, "
            + $"{talkers.Sum(t => t.Sent) - bodies.Union(refused).Count()} gone with a connection; from the kill to all being heard "
            + $"{returns[Crashes / 2].TotalSeconds:0.00} s (median), {returns[^1].TotalSeconds:0.00} s (longest)");
        foreach (var (who, talker) in Names.Zip(talkers))
        {
            var seen = talker.All.DistinctBy(h => h.Id).ToList();
            await TestContext.Out.WriteLineAsync($"{who}: {seen.Count} seen, {talker.All.Count - seen.Count} of them twice, {kept.Count - seen.Count} kept and never seen");

            Assert.That(talker.Unexpected, Is.Empty, "nobody goes or comes, and nobody is told anything but what the other says");
            Assert.That(talker.All.Select(h => (h.Id!, (string?)h.Body)).Except(kept), Is.Empty, "what was told is kept, under the same id");
            Assert.That(seen.Select(h => order[h.Id!]), Is.Ordered, "and in the same order");
            Assert.That(kept.Select(m => m.Id).Except(seen.Select(h => h.Id)), Is.Empty, "what was kept is told, whatever died in between");
            Assert.That(talker.All.Count - seen.Count, Is.LessThan(kept.Count / 4), "told twice");
        }
        Assert.That(kept.Select(m => m.Id), Is.Unique);
        Assert.That(kept.Select(m => m.Body), Is.Unique);
        Assert.That(await romeo.OccupantsAsync(Room), Is.EqualTo(Names.Order(StringComparer.Ordinal).Select(name => $"{name}@localhost/home")));
    }

    /// <summary>Waits until all have been told something that each said after what they had said until then.</summary>
    private static async Task<long> AllAreHeardAsync(Talker[] talkers, int[] said)
    {
        var at = 0L;
        foreach (var hearer in talkers)
            foreach (var (name, before) in Names.Zip(said)) at = Math.Max(at, await hearer.HearsAsync(name, before));
        return at;
    }
}
