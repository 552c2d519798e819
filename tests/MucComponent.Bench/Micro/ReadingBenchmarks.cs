using System.Buffers;
using System.Xml.Linq;
using BenchmarkDotNet.Attributes;
using MucComponent.Xmpp;

namespace MucComponent.Bench.Micro;

/// <summary>Bytes → whole stanzas: a buffer of 100 of them. Figures are for one.</summary>
public class Framing
{
    private const int Count = 100;

    private readonly StanzaFramer _framer = new();
    private readonly ReadOnlySequence<byte> _stanzas = new([.. Enumerable.Repeat(Stanzas.Message, Count).SelectMany(m => m)]);

    [GlobalSetup]
    public void Open()
    {
        var header = new ReadOnlySequence<byte>("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='1'>"u8.ToArray());
        if (!_framer.TryNext(ref header, out _)) throw new InvalidOperationException("no header");
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int Message()
    {
        var buffer = _stanzas;
        var frames = 0;
        while (_framer.TryNext(ref buffer, out _)) frames++;
        return frames == Count ? frames : throw new InvalidOperationException($"{frames} stanzas");
    }
}

/// <summary>One stanza's bytes → an element, and that → a stanza with its addresses prepared.</summary>
public class Parsing
{
    private readonly XElement _message = StanzaParser.TryParse(Stanzas.Message, out var xml) ? xml : throw new FormatException();

    [Benchmark]
    public bool MessageToElement() => StanzaParser.TryParse(Stanzas.Message, out _);

    [Benchmark]
    public bool JoinToElement() => StanzaParser.TryParse(Stanzas.Join, out _);

    [Benchmark]
    public bool ElementToStanza() => Stanza.TryFrom(_message, out _);
}
