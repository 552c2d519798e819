using BenchmarkDotNet.Attributes;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Bench.Micro;

/// <summary>One input to a room of some size → a step; nothing kept, nothing sent.</summary>
public class Deciding
{
    private readonly Stanza _message = Stanzas.Parse(Stanzas.Message);
    private Room _room = null!;
    private Stanza _join = null!, _leave = null!;

    [Params(10, 100, 1000)]
    public int Occupants { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _room = Stanzas.With(Occupants);
        _join = Stanzas.Parse(Stanzas.JoinOf(Occupants));
        _leave = Stanzas.Parse($"<presence type='unavailable' from='u1@localhost/r' to='{Stanzas.Room}/n1'/>");
        if (Message().Outgoing is not [{ To.Length: var copies }] || copies != Occupants) throw new InvalidOperationException("not reflected to all");
    }

    [Benchmark]
    public Step Message() => Stanzas.Engine.Handle(_room, Stanzas.Input(_message));

    [Benchmark]
    public Step Join() => Stanzas.Engine.Handle(_room, Stanzas.Input(_join));

    [Benchmark]
    public Step Leave() => Stanzas.Engine.Handle(_room, Stanzas.Input(_leave));
}
