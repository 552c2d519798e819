using System.Buffers.Binary;
using System.Security.Cryptography;
using MucComponent.Rooms;

namespace MucComponent.Hosting;

/// <summary>
/// Ids and times for one room's inputs: UUIDv7 (RFC 9562 §5.7) that only ever grow, since they are the order of the room's
/// archive. Within a millisecond a counter keeps them apart, and a clock that is set back is waited for by standing still.
/// </summary>
public sealed class MessageIds(TimeProvider clock)
{
    // 12 bits lie between the time and the random part.
    private const int CountersPerMillisecond = 4096;

    private long _milliseconds;
    private int _counter;
    private byte[]? _chance;
    private int _left;

    /// <summary>The next id sorts after all that bear the time of this one: what was kept by an earlier host, maybe under another clock.</summary>
    public void StartAfter(Guid id)
    {
        var time = Input.TimeOf(id).ToUnixTimeMilliseconds();
        if (time >= _milliseconds) (_milliseconds, _counter) = (time + 1, -1);
    }

    /// <summary>The time now and an id that sorts after all earlier ones.</summary>
    public (DateTimeOffset Now, Guid Id) Next()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (now > _milliseconds) (_milliseconds, _counter) = (now, 0);
        else if (++_counter == CountersPerMillisecond) (_milliseconds, _counter) = (_milliseconds + 1, 0);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(_milliseconds);

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, _milliseconds << 16);
        bytes[6] = (byte)(0x70 | (_counter >> 8));
        bytes[7] = (byte)_counter;
        Chance(bytes[8..]);
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return (at, new Guid(bytes, bigEndian: true));
    }

    // The system is asked for many at once, since asking costs more than the rest of an id.
    private void Chance(Span<byte> bytes)
    {
        if (_left < bytes.Length)
        {
            RandomNumberGenerator.Fill(_chance ??= new byte[64]);
            _left = _chance.Length;
        }
        _chance.AsSpan(_left -= bytes.Length, bytes.Length).CopyTo(bytes);
    }
}
