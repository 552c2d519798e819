using System.Buffers;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>
/// What one room has waiting for the socket, in its order. Rooms take turns at the socket, so that one with much to say does
/// not hold up the others.
/// </summary>
internal sealed class Lane
{
    private readonly Queue<Batch> _waiting = new();

    // Only the writer touches these: where it is in what it is in the middle of.
    private Batch? _current;
    private int _stanza;
    private int _address;

    /// <summary>Whose it is.</summary>
    public Jid? Room { get; set; }

    /// <summary>It is in the line for the socket.</summary>
    public bool IsInLine { get; set; }

    /// <summary>What comes next has to wait for what went by <see cref="Multicast"/>.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>How much waits, in the measure of <see cref="Outbox.DefaultCapacity"/>.</summary>
    public long Weight { get; private set; }

    /// <summary>Done when there is room for more; null while nobody waits for that.</summary>
    public TaskCompletionSource? Free { get; set; }

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Nothing waits and nothing is being written.</summary>
    public bool IsEmpty => _current is null && _waiting.Count == 0;

    public void Add(Batch batch)
    {
        _waiting.Enqueue(batch);
        Weight += batch.Weight;
    }

    /// <summary>Whether something is to be written; if so it is begun, and <paramref name="begun"/> says what waits no more.</summary>
    public bool TryBegin(out long begun)
    {
        begun = 0;
        if (_current is not null) return true;
        if (!_waiting.TryDequeue(out _current)) return false;
        begun = _current.Weight;
        Weight -= begun;
        (_stanza, _address) = (0, 0);
        return true;
    }

    /// <summary>Goes on with what was begun.</summary>
    /// <param name="multicast">Where one is used.</param>
    /// <returns>The batch if it is now written wholly, or null if there are enough bytes before its end, or it has to wait.</returns>
    public Batch? WriteOn(ArrayBufferWriter<byte> output, int enough, Multicast? multicast)
    {
        IsHeld = false;
        var batch = _current!;
        if (batch.Whole is { } whole) output.Write(whole);
        for (; _stanza < batch.Outgoing.Length; (_stanza, _address) = (_stanza + 1, 0))
        {
            var (stanza, to) = batch.Outgoing[_stanza];
            var encoded = stanza.Encoded;
            for (; multicast is null && _address < to.Length; _address++)
            {
                if (output.WrittenCount >= enough) return null;
                StanzaWriter.Write(encoded, to[_address], output);
            }
            while (_address < to.Length)
            {
                if (output.WrittenCount >= enough) return null;
                var written = multicast!.Write(stanza, to.AsSpan()[_address..], batch, output, enough);
                _address += written;
                IsHeld = written == 0;
                if (IsHeld) return null;
            }
        }
        _current = null;
        return batch;
    }

    /// <summary>Takes out what is written in part, or null.</summary>
    /// <param name="multicastOnly">Only if some of it went by <see cref="Multicast"/>.</param>
    public Batch? Interrupt(bool multicastOnly = false)
    {
        var current = _current;
        if (multicastOnly && current?.IsMulticast != true) return null;
        _current = null;
        return current;
    }
}
