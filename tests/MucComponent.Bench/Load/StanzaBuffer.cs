using System.Buffers.Text;

namespace MucComponent.Bench.Load;

/// <summary>Bytes on their way to the component. Grows when it must and is used again, so that a stanza costs no object.</summary>
public sealed class StanzaBuffer(int size)
{
    private byte[] _bytes = new byte[size];
    private int _from, _to;

    public int Length => _to - _from;

    public ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_from.._to);

    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Space(bytes.Length));
        _to += bytes.Length;
    }

    public void Add(long number)
    {
        Utf8Formatter.TryFormat(number, Space(20), out var length);
        _to += length;
    }

    /// <summary>A number of ten digits.</summary>
    public void AddTen(long number)
    {
        Utf8Formatter.TryFormat(number, Space(10), out _, new System.Buffers.StandardFormat('D', 10));
        _to += 10;
    }

    public void Taken(int bytes)
    {
        _from += bytes;
        if (_from == _to) _from = _to = 0;
    }

    private Span<byte> Space(int size)
    {
        if (_bytes.Length - _to < size)
        {
            var grown = _bytes.Length >= 2 * (Length + size) ? _bytes : new byte[2 * (Length + size)];
            Waiting.CopyTo(grown);
            (_bytes, _from, _to) = (grown, 0, Length);
        }
        return _bytes.AsSpan(_to);
    }
}
