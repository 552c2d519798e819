using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>On a real server that expands what goes to many (XEP-0033), while much is said in a room of many.</summary>
[TestFixture(Stage.ProsodyMulticast)]
[TestFixture(Stage.EjabberdMulticast)]
public sealed class MulticastTests(string name) : OnRealServer(name)
{
    private const string Used = "goes by multicast.localhost";

    private const int People = 24;
    private const int Talkers = 4;
    private const int Messages = 400;
    private const int Burst = 40;
    private const int Whispered = 4;
    private const string End = "the end";

    /// <summary>Messages that may be under way, and a few that came back.</summary>
    private const int UnderWay = (2_000 / People) + 20;


    [Test]
    public async Task Everybody_hears_each_message_once_and_all_in_the_same_order_also_whispers()
    {
        var component = await AttachAsync();
        await component.SaysAsync(Used);
        var heard = await TalkAsync(await EnterAllAsync(), () => Task.CompletedTask);
        foreach (var (who, words) in heard)
        {
            Assert.That(words.Where(w => !IsWhisper(w)), Is.EqualTo(heard[0].Words.Where(w => !IsWhisper(w))), $"{who} hears what all hear, in the order of all");
            Assert.That(words, Is.Unique);
        }
        // Behind some its author whispers to somebody: a single stanza, that must not overtake what went to all.
        foreach (var (who, words) in heard)
            foreach (var (at, whisper) in words.Index().Where(w => IsWhisper(w.Item)))
            {
                var before = words.Take(at).Where(w => !IsWhisper(w) && w.StartsWith(Author(whisper) + " ", StringComparison.Ordinal)).LastOrDefault();
                Assert.That(whisper, Is.EqualTo($"{before}!"), who);
            }
        Assert.That(heard.Sum(h => h.Words.Count(w => !IsWhisper(w))), Is.EqualTo(People * Talkers * Messages));
        Assert.That(heard.Sum(h => h.Words.Count(IsWhisper)), Is.EqualTo(Talkers * Messages / Whispered));
        Assert.That(component.Log, Has.None.Contains("used no more"));
    }

    [Test]
    public async Task When_the_service_is_started_anew_meanwhile_nothing_is_lost()
    {
        var component = await AttachAsync();
        await component.SaysAsync(Used);
        var heard = await TalkAsync(await EnterAllAsync(), RestartServiceAsync);
        await TestContext.Out.WriteLineAsync(string.Join('\n', component.Log.Where(line => line.Contains("multicast", StringComparison.Ordinal))));
        foreach (var (who, words) in heard)
        {
            Assert.That(words.Where(w => !IsWhisper(w)).Distinct().Count(), Is.EqualTo(Talkers * Messages), who);
            // What was sent in the moment without a service comes back to us when the server has looked for it elsewhere; and if the old
            // one had our question in hand when it went, all that was under way is told again.
            var late = Enumerable.Range(0, Talkers).Sum(talker => Late(words.Where(w => !IsWhisper(w) && Author(w) == $"p{talker}").Select(Number)));
            await TestContext.Out.WriteLineAsync($"{who}: {words.Count - words.Distinct().Count()} twice, {late} late, of {words.Count}");
            Assert.That(late, Is.LessThan(UnderWay), who);
            Assert.That(words.Count - words.Distinct().Count(), Is.LessThan(UnderWay), who);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task When_the_server_dies_people_come_back_and_it_is_used_again(bool killed)
    {
        var component = await AttachAsync();
        await component.SaysAsync(Used);
        var people = await EnterAllAsync();
        for (var i = 0; i < 200; i++) await people[0].SayAsync(Room, $"p0 {i}");
        if (killed) await Server.KillAsync();
        else await Server.StopAsync();
        await Server.StartAsync();
        await component.SaysAsync(Used, times: 2);

        var heard = await TalkAsync(await EnterAllAsync(), () => Task.CompletedTask);
        foreach (var (who, words) in heard) Assert.That(words.Where(w => !IsWhisper(w)), Is.EqualTo(heard[0].Words.Where(w => !IsWhisper(w))), who);
    }

    [Test(Description = "The service asks ours what it can do before it brings the trial back.")]
    public async Task It_is_used_also_where_others_than_the_server_s_users_are_shut_out()
    {
        var component = await AttachAsync(new Dictionary<string, string> { ["MUC_ALLOW"] = "localhost", ["MUC_REQUEST_RATE"] = "1/h" });
        await component.SaysAsync(Used);
    }

    [Test(Description = "XEP-0033 §8: or anybody could send to many at the server's cost.")]
    public async Task Nobody_but_components_may_use_it()
    {
        var romeo = await ConnectAsync("romeo");
        await romeo.SendAsync("<message to='multicast.localhost' id='many'><addresses xmlns='http://jabber.org/protocol/address'><address type='bcc' jid='romeo@localhost'/></addresses><body>hello</body></message>");
        var answer = await romeo.HearsAsync(s => s.Name.LocalName == "message");
        Assert.That(((string?)answer.Attribute("type"), (string?)answer.Attribute("id")), Is.EqualTo(("error", "many")));
        Assert.That(answer.Descendants().Select(e => e.Name.LocalName), Does.Contain("forbidden").And.Contain("addresses"));
    }

    [Test]
    public async Task Switched_off_it_is_not_looked_for()
    {
        var component = await AttachAsync(new Dictionary<string, string> { ["MUC_MULTICAST"] = "off" });
        var people = await EnterAllAsync();
        await people[0].SayAsync(Room, "hello");
        foreach (var person in people) await person.HearsAsync("hello");
        Assert.That(component.Log, Has.None.Contains("multicast"));
    }

    private Task RestartServiceAsync() => Server switch
    {
        EjabberdServer ejabberd => ejabberd.CommandAsync("restart_module", """{"host": "localhost", "module": "mod_multicast"}"""),
        ProsodyServer prosody => prosody.CommandAsync("module", "reload", "multicast", "multicast.localhost"),
        _ => throw new InvalidOperationException(),
    };

    private async Task<Person[]> EnterAllAsync()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(i => ConnectAsync($"p{i}")));
        foreach (var person in people) await person.EnterAsync(Room);
        foreach (var person in people[..^1]) await person.HearsAsync(s => (string?)s.Attribute("from") == $"{Room}/p{People - 1}");
        return people;
    }

    /// <summary>The first few talk, as fast as they can, and something happens in the middle of it.</summary>
    /// <returns>What each was told, in the order it came.</returns>
    private static async Task<List<(string Who, List<string> Words)>> TalkAsync(Person[] people, Func<Task> meanwhile)
    {
        var listening = people.Select((person, i) => ListenAsync(person, whispers: i >= People - Talkers ? Messages / Whispered : 0)).ToArray();
        var talking = Enumerable.Range(0, Talkers).Select(talker => Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i += Burst)
            {
                await people[talker].SendAsync(string.Concat(Enumerable.Range(i, Burst).Select(n => Said($"p{talker} {n}", $"{Room}/p{People - 1 - talker}"))));
                if (talker == 0 && i == Messages / 2) await meanwhile();
                // So that some of it goes by while little is under way.
                await Task.Delay(20);
            }
        })).ToArray();
        await Task.WhenAll(talking);
        await people[0].SayAsync(Room, End);
        var heard = await Task.WhenAll(listening);
        return [.. heard.Select((words, i) => ($"p{i}", words))];
    }

    /// <summary>A message to all, and behind some a whisper to one.</summary>
    private static string Said(string words, string to) =>
        $"<message to='{Room}' type='groupchat' id='{Guid.NewGuid()}'><body>{words}</body></message>"
        + (Number(words) % Whispered == 0 ? $"<message to='{to}' type='chat'><body>{words}!</body></message>" : "");

    /// <summary>Listens until the end and until all was heard: what comes back from a service that is gone may come after the end, however long the server looked for it elsewhere.</summary>
    private static async Task<List<string>> ListenAsync(Person person, int whispers)
    {
        var (words, heard, isEnd) = (new List<string>(), new HashSet<string>(), false);
        while (!isEnd || heard.Count < (Talkers * Messages) + whispers)
        {
            var stanza = await person.HearsWithinAsync(Person.Patience) ?? throw new TimeoutException($"heard {heard.Count} of {Talkers * Messages} and {whispers}{(isEnd ? ", the end" : "")}, and then nothing");
            if (Person.BodyOf(stanza) is not { } body || (string?)stanza.Attribute("type") is not ("groupchat" or "chat")) continue;
            isEnd |= body == End;
            if (body == End) continue;
            words.Add(body);
            heard.Add(body);
        }
        return words;
    }

    private static int Late(IEnumerable<int> numbers)
    {
        var (late, last) = (0, -1);
        foreach (var number in numbers)
            if (number < last) late++;
            else last = number;
        return late;
    }

    private static bool IsWhisper(string words) => words.EndsWith('!');

    private static string Author(string words) => words.Split(' ')[0];

    private static int Number(string words) => int.Parse(words.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
