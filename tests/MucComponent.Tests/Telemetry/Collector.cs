using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MucComponent.Conversations;

namespace MucComponent.Tests.Telemetry;

/// <summary>A collector that takes metrics and traces by OTLP over HTTP, and shows what it was sent last.</summary>
public sealed class Collector : IDisposable
{
    private readonly HttpListener _http = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, double> _numbers = [];
    private readonly List<Span> _spans = [];
    private readonly HashSet<string> _resource = [];

    public Collector()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}/";
        _http.Prefixes.Add(Address);
        _http.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>Each instrument with its label, <c>muc.joins entered</c>, and its value; of a histogram how much was recorded.</summary>
    public IReadOnlyDictionary<string, double> Numbers
    {
        get { lock (_lock) return new Dictionary<string, double>(_numbers); }
    }

    /// <summary>The parts of the traces.</summary>
    public IReadOnlyList<Span> Spans
    {
        get { lock (_lock) return [.. _spans]; }
    }

    /// <summary>What the sender says of itself: <c>service.name=MucComponent</c>.</summary>
    public IReadOnlyCollection<string> Resource
    {
        get { lock (_lock) return [.. _resource]; }
    }

    public void Dispose() => ((IDisposable)_http).Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _http.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                lock (_lock)
                    foreach (var resource in Message.Read(body.ToArray()).All(1))
                    {
                        _resource.UnionWith(resource.All(1).SelectMany(r => r.All(1)).Select(Attribute));
                        foreach (var scope in resource.All(2))
                            foreach (var one in scope.All(2))
                                if (context.Request.Url!.AbsolutePath == "/v1/metrics") Keep(one);
                                else if (context.Request.Url.AbsolutePath == "/v1/traces") _spans.Add(new(one.Text(5), one.Hex(1), one.Hex(2), one.Hex(4), one.Fixed(7), one.Fixed(8)));
                    }
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    // opentelemetry/proto/metrics/v1: a Metric has its name as 1, and as 5, 7 or 9 a gauge, a sum or a histogram with its points.
    private void Keep(Message metric)
    {
        foreach (var points in metric.All(5).Concat(metric.All(7)))
            foreach (var point in points.All(1)) Keep(point.All(7), point.Has(6) ? point.Fixed(6) : BitConverter.Int64BitsToDouble(point.Fixed(4)));
        foreach (var points in metric.All(9))
            foreach (var point in points.All(1)) Keep(point.All(9), point.Fixed(4));

        void Keep(IEnumerable<Message> attributes, double value) =>
            _numbers[string.Join(' ', [metric.Text(1), .. attributes.Select(a => a.All(2).Single().Text(1))])] = value;
    }

    private static string Attribute(Message pair) => $"{pair.Text(1)}={pair.All(2).Single().Text(1)}";

    /// <param name="Begin">In ns since 1970.</param>
    public sealed record Span(string Name, string Trace, string Id, string Parent, long Begin, long End);

    /// <summary>A message of protocol buffers, as far as it takes to read these: fields by number.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, byte[] Bytes)> _fields = [];

        public static Message Read(ReadOnlySpan<byte> bytes)
        {
            var message = new Message();
            while (!bytes.IsEmpty)
            {
                var tag = Varint(ref bytes);
                var length = (tag & 7) switch
                {
                    0 => -1,
                    1 => 8,
                    5 => 4,
                    2 => (int)Varint(ref bytes),
                    _ => throw new InvalidDataException($"a field of wire type {tag & 7}"),
                };
                if (length < 0) message._fields.Add(((int)(tag >> 3), BitConverter.GetBytes(Varint(ref bytes))));
                else
                {
                    message._fields.Add(((int)(tag >> 3), bytes[..length].ToArray()));
                    bytes = bytes[length..];
                }
            }
            return message;
        }

        public bool Has(int field) => _fields.Any(f => f.Field == field);

        public IEnumerable<Message> All(int field) => _fields.Where(f => f.Field == field).Select(f => Read(f.Bytes));

        public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

        public string Hex(int field) => Convert.ToHexString(Bytes(field));

        public long Fixed(int field) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(field));

        private byte[] Bytes(int field) => _fields.FirstOrDefault(f => f.Field == field).Bytes ?? [];

        private static ulong Varint(ref ReadOnlySpan<byte> bytes)
        {
            var value = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var next = bytes[0];
                bytes = bytes[1..];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80) return value;
            }
        }
    }
}
