using System.Text;
using MucComponent.Control;
using NUnit.Framework;

namespace MucComponent.Tests.Control;

public sealed class ControlWireTests
{
    [Test]
    public async Task Lines_and_the_bytes_between_them_come_apart_however_they_arrive([Values(1, 3, 1_000)] int atOnce)
    {
        var wire = new ControlWire(new Drops(Encoding.UTF8.GetBytes("first\nab\ncdü\n\nlast"), atOnce));
        using var data = new MemoryStream();

        Assert.That(await wire.ReadLineAsync(100, default), Is.EqualTo("first"));
        await wire.CopyAsync(data, 5, default);
        Assert.That(Encoding.UTF8.GetString(data.ToArray()), Is.EqualTo("ab\ncd"));
        Assert.That((await wire.ReadLineAsync(100, default), await wire.ReadLineAsync(100, default)), Is.EqualTo(("ü", "")));
        var rest = new byte[10];
        Assert.That(await wire.ReadAsync(rest, default), Is.InRange(1, 4));
        Assert.That(() => wire.CopyAsync(data, 100, default), Throws.TypeOf<EndOfStreamException>());
        Assert.That(await wire.ReadLineAsync(100, default), Is.Null);
        Assert.That(await wire.ReadAsync(rest, default), Is.Zero);
    }

    [Test]
    public async Task A_line_that_is_too_long_or_has_no_end_is_none()
    {
        Assert.That(await new ControlWire(new Drops("12345\n"u8.ToArray(), 2)).ReadLineAsync(4, default), Is.Null);
        Assert.That(await new ControlWire(new Drops("12345\n"u8.ToArray(), 9)).ReadLineAsync(5, default), Is.EqualTo("12345"));
        Assert.That(await new ControlWire(new Drops("12345"u8.ToArray(), 2)).ReadLineAsync(9, default), Is.Null);
    }

    /// <summary>Gives so many bytes at once.</summary>
    private sealed class Drops(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span[..Math.Min(atOnce, buffer.Length)]));
    }
}
