using System.Diagnostics;
using System.Xml.Linq;

namespace MucComponent.Tests.Survival;

/// <summary>Somebody who talks all the time, one number after another, and takes down all they are told.</summary>
public sealed class Talker
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.0 / 30);

    private readonly Person _person;
    private readonly string _room;
    private readonly string _name;
    private readonly int _talkers;
    private readonly Task _talking;
    private readonly Task _listening;
    private readonly Lock _lock = new();
    private readonly List<Heard> _heard = [];
    private volatile bool _silent;
    private int _sent;

    /// <param name="talkers">How many talk; it ends when all have said their last.</param>
    public Talker(Person person, string room, string name, int talkers = 2)
    {
        (_person, _room, _name, _talkers) = (person, room, name, talkers);
        _listening = Task.Run(ListenAsync);
        _talking = Task.Run(TalkAsync);
    }

    /// <summary>One message as it was told: the id that the room gave it, who said it, and their number for it.</summary>
    /// <param name="At">When, in the ticks of <see cref="Stopwatch"/>.</param>
    public sealed record Heard(string? Id, string Body, long At)
    {
        public string Author => Body.Split(' ')[0];

        public int Number => int.Parse(Body.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>How many messages they have sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>What the server or the room gave back instead of telling it to everybody.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>All else that they were told.</summary>
    public List<XElement> Unexpected { get; } = [];

    public IReadOnlyList<Heard> All
    {
        get { lock (_lock) return [.. _heard]; }
    }

    /// <summary>Waits until they have been told something that the other said after their message of this number, and when that was.</summary>
    public async Task<long> HearsAsync(string author, int after)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Person.Patience; await Task.Delay(Person.Glance))
        {
            lock (_lock)
                if (_heard.Find(h => h.Number > after && h.Author == author) is { } first) return first.At;
            if (_listening.IsCompleted) await _listening;
        }
        throw new TimeoutException($"{_name} hears nothing of {author} after {after}");
    }

    /// <summary>Says no more, and hears all that was said before.</summary>
    public async Task FallSilentAsync()
    {
        _silent = true;
        await _talking;
        await _person.SayAsync(_room, $"{_name} {int.MaxValue}");
    }

    /// <summary>Waits until all have said their last.</summary>
    public Task EndAsync() => _listening;

    private async Task TalkAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync() && !_silent)
        {
            var words = $"{_name} {_sent + 1}";
            await _person.SendAsync($"<message to='{_room}' type='groupchat' id='{words}'><body>{words}</body></message>");
            Volatile.Write(ref _sent, _sent + 1);
        }
    }

    private async Task ListenAsync()
    {
        for (var left = _talkers; left > 0;)
        {
            var stanza = await _person.HearsWithinAsync(Person.Patience) ?? throw new TimeoutException("nothing is heard any more");
            var body = Person.BodyOf(stanza);
            if (stanza.Name.LocalName == "message" && (string?)stanza.Attribute("type") == "error") Refused.Add((string)stanza.Attribute("id")!);
            else if (stanza.Name.LocalName != "message" || body is null) Unexpected.Add(stanza);
            else if (body.EndsWith($" {int.MaxValue}", StringComparison.Ordinal)) left--;
            else
                lock (_lock) _heard.Add(new Heard((string?)stanza.Elements().FirstOrDefault(e => e.Name.LocalName == "stanza-id")?.Attribute("id"), body, Stopwatch.GetTimestamp()));
        }
    }
}
