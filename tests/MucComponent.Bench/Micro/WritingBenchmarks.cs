using System.Buffers;
using BenchmarkDotNet.Attributes;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Bench.Micro;

/// <summary>A reflected message → bytes: once for all, and then for each address.</summary>
public class Writing
{
    private const int Copies = 100;

    private readonly Outgoing _reflected = Stanzas.Engine.Handle(Stanzas.With(Copies), Stanzas.Input(Stanzas.Parse(Stanzas.Message))).Outgoing[0];
    private readonly ArrayBufferWriter<byte> _output = new(1024 * 1024);

    [Benchmark]
    public EncodedStanza Serialise() => StanzaWriter.Encode(_reflected.Stanza);

    [Benchmark(OperationsPerInvoke = Copies)]
    public int Splice()
    {
        _output.ResetWrittenCount();
        var encoded = _reflected.Stanza.Encoded;
        foreach (var to in _reflected.To) StanzaWriter.Write(encoded, to, _output);
        return _output.WrittenCount;
    }
}
