using System.Text;

namespace MucComponent.Control;

/// <summary>One end of a control connection: lines of JSON, and the bytes that follow some of them.</summary>
public sealed class ControlWire(Stream stream)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null where there is none any more, or none so short.</summary>
    /// <param name="max">Bytes.</param>
    public async Task<string?> ReadLineAsync(int max, CancellationToken stop)
    {
        using var line = new MemoryStream();
        while (line.Length <= max && await FillAsync(stop).ConfigureAwait(false))
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var taken = at < 0 ? _end - _start : at;
            line.Write(_buffer, _start, taken);
            _start += at < 0 ? taken : taken + 1;
            if (at >= 0) return line.Length <= max ? Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length) : null;
        }
        return null;
    }

    /// <summary>Some of the bytes that follow; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        if (into.IsEmpty || !await FillAsync(stop).ConfigureAwait(false)) return 0;
        var taken = Math.Min(into.Length, _end - _start);
        _buffer.AsSpan(_start, taken).CopyTo(into.Span);
        _start += taken;
        return taken;
    }

    /// <summary>Hands on so many of the bytes that follow.</summary>
    /// <exception cref="EndOfStreamException">There are not so many.</exception>
    public async Task CopyAsync(Stream to, long count, CancellationToken stop)
    {
        while (count > 0)
        {
            if (!await FillAsync(stop).ConfigureAwait(false)) throw new EndOfStreamException();
            var some = (int)Math.Min(count, _end - _start);
            await to.WriteAsync(_buffer.AsMemory(_start, some), stop).ConfigureAwait(false);
            _start += some;
            count -= some;
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        if (_start < _end) return true;
        (_start, _end) = (0, await stream.ReadAsync(_buffer, stop).ConfigureAwait(false));
        return _end > 0;
    }
}
