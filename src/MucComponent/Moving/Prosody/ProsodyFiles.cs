using System.Runtime.CompilerServices;
using System.Text;

namespace MucComponent.Moving.Prosody;

/// <summary>Prosody's file storage (<c>storage = "internal"</c>, its default): a folder for each host, in it one for each store.</summary>
/// <param name="folder">Prosody's data folder, by default <c>/var/lib/prosody</c>.</param>
internal sealed class ProsodyFiles(string folder, string host) : IProsodyData
{
    private readonly string _host = Path.Combine(folder, Encode(host, underscores: true));

    public Task<IReadOnlyList<string>> ListAsync(string store, CancellationToken stop)
    {
        if (!Directory.Exists(_host))
        {
            var others = Directory.Exists(folder)
                ? Directory.GetDirectories(folder).Where(d => Directory.Exists(Path.Combine(d, "config"))).Select(d => Decode(Path.GetFileName(d))).Order(StringComparer.Ordinal).ToList()
                : throw new MovingException($"{folder}: there is no such folder");
            throw new MovingException(
                $"{folder} has nothing of {host}" + (others.Count > 0 ? $"; it has rooms of {string.Join(", ", others)} (--host)" : " nor of any other host with rooms"));
        }
        var of = Path.Combine(_host, Encode(store));
        return Task.FromResult<IReadOnlyList<string>>(
            Directory.Exists(of) ? [.. Directory.GetFiles(of, "*.dat").Select(f => Decode(Path.GetFileNameWithoutExtension(f))).Order(StringComparer.Ordinal)] : []);
    }

    public Task<LuaTable?> ReadAsync(string store, string node, CancellationToken stop)
    {
        var file = Of(store, node, "dat");
        if (!File.Exists(file)) return Task.FromResult<LuaTable?>(null);
        using var stream = File.OpenRead(file);
        return Task.FromResult(new LuaReader(stream).ReadStore());
    }

    public async IAsyncEnumerable<ProsodyMessage> ReadArchiveAsync(string store, string node, [EnumeratorCancellation] CancellationToken stop)
    {
        var file = Of(store, node, "list");
        if (!File.Exists(file)) yield break;
        await using var stream = File.OpenRead(file);
        var number = 0;
        foreach (var item in new LuaReader(stream).ReadList())
        {
            stop.ThrowIfCancellationRequested();
            number++;
            yield return new ProsodyMessage(item.Text("key") ?? $"{number}", When(item), ProsodyStanza.Read(item));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Of(string store, string node, string type) => Path.Combine(_host, Encode(store), $"{Encode(node, underscores: true)}.{type}");

    // Old archives have the time in the stanza alone (XEP-0091).
    private static long When(LuaTable item) =>
        item.Number("when") is { } seconds && double.IsFinite(seconds) ? (long)(seconds * 1_000_000)
        : Xmpp.Timestamp.TryParse(item.Table("attr")?.Text("stamp"), out var at) ? (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
        : throw new FormatException("a message without a time");

    /// <summary>The name of a file: all but ASCII's letters and digits, and in the names of stores the underscore, as <c>%xx</c>.</summary>
    private static string Encode(string name, bool underscores = false)
    {
        var encoded = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || (b == '_' && !underscores)) encoded.Append((char)b);
            else encoded.Append('%').Append(Convert.ToHexStringLower([b]));
        }
        return encoded.ToString();
    }

    private static string Decode(string name) => Uri.UnescapeDataString(name);
}
