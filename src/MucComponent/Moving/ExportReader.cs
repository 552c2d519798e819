using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>Reads an export. It is read to its end once before anything is taken from it, so that half of one changes nothing.</summary>
/// <param name="open">The export from its beginning.</param>
/// <param name="domain">The one whose rooms are wanted; null: whatever it is.</param>
public sealed class ExportReader(Func<Stream> open, Jid? domain = null)
{
    /// <summary>Bytes in a line. The longest are a room with its picture, and a message: far below a megabyte.</summary>
    private const int MaxLine = 16 << 20;

    private static readonly ImmutableArray<Option> Options = FeatureList.Standard(new ServicePolicy()).Options;

    /// <summary>How many are in it; known when it was checked.</summary>
    public long Rooms { get; private set; }

    /// <summary>Reads it through.</summary>
    /// <returns>The domain of its rooms.</returns>
    /// <exception cref="FormatException">What is wrong with it, and in which line.</exception>
    public async Task<Jid> CheckAsync(CancellationToken stop)
    {
        Jid? whose = null;
        Rooms = 0;
        await foreach (var line in LinesAsync(stop))
        {
            whose ??= Domain(line);
            if (line.Kind == ExportFile.Room) Rooms++;
        }
        return whose!;
    }

    /// <summary>What is in it. To be checked first.</summary>
    /// <exception cref="FormatException">What is wrong with it, and in which line.</exception>
    public async IAsyncEnumerable<Moved> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var line in LinesAsync(stop))
            if (line.Number > 1 && line.Kind != ExportFile.End) yield return line.Read(Piece);
    }

    private static Jid Domain(Line line) => line.Read(json =>
    {
        if (line.Kind != ExportFile.Header || Text(json, "format") != ExportFile.Format) throw new FormatException("this is no export of rooms");
        var version = json.GetProperty("version").GetInt32();
        if (version > ExportFile.Version) throw new FormatException($"it is of version {version}, made by a newer release; this one knows up to {ExportFile.Version}");
        return Jid.Parse(Text(json, "domain"));
    });

    private static Moved Piece(JsonElement json) => Text(json, ExportFile.Kind) switch
    {
        ExportFile.Room => Room(json),
        ExportFile.Affiliation => new MovedAffiliation(new AffiliationRecord(
            Address(json, "jid"), Affiliation(json), Maybe(json, "nick"), Maybe(json, "reason"))),
        ExportFile.Session => new MovedSession(new SessionRecord(
            Address(json, "jid"), Text(json, "nick"), Role(json), Maybe(json, "presence") ?? "", Time(json, "since")) { IsHeldBack = Flag(json, "held") ?? false }),
        ExportFile.Message => new MovedMessage(new MessageRecord(
            json.GetProperty("id").GetGuid(), Time(json, "at"), Address(json, "from"),
            new Author(Address(json, "jid"), Affiliation(json), Role(json), Flag(json, "open") ?? false),
            Text(json, "xml"), Flag(json, "history") ?? true, Flag(json, "archived") ?? true) { Retracted = Flag(json, "retracted") ?? false }),
        ExportFile.Tombstone => new MovedTombstone(
            Address(json, "jid"), new Tombstone(Maybe(json, "reason"), MaybeAddress(json, "alternate"), Time(json, "until"))),
        ExportFile.Archive => new MovedArchive(Address(json, "jid"), new DestroyedArchive(
            json.GetProperty("id").GetGuid(), Text(json, "name"), Time(json, "destroyed"), Seconds(json))),
        var kind => throw new FormatException($"a record of the unknown kind \"{kind}\""),
    };

    // What follows from the options need not be said by whoever writes an export by hand.
    private static MovedRoom Room(JsonElement json)
    {
        var jid = Address(json, "jid");
        var options = json.TryGetProperty("options", out var set)
            ? set.EnumerateObject().ToImmutableSortedDictionary(
                o => o.Name, o => o.Value.EnumerateArray().Select(v => v.GetString() ?? "").ToImmutableArray(), StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var extra = json.TryGetProperty("extra", out var kept)
            ? kept.EnumerateObject().ToImmutableSortedDictionary(e => e.Name, e => e.Value.GetString() ?? "", StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        var config = RoomConfig.FromStored(Options, options);
        var isLocked = Flag(json, "locked") ?? false;
        var record = new RoomRecord(
            Text(json, "salt"), options,
            Maybe(json, "name") ?? (config.Get(About.Name) is { Length: > 0 } name ? name : jid.Local),
            Flag(json, "listed") ?? (config.Get(PublicRoom.Public) && !isLocked),
            isLocked, Time(json, "created"),
            Maybe(json, "subject"), MaybeAddress(json, "subject_from"), MaybeTime(json, "subject_at"), extra)
        {
            Emptied = MaybeTime(json, "emptied"),
            Due = Elapsing.Next(new Room(jid, "") { Extra = extra }),
            Retention = Seconds(json) ?? Retention.Own(config),
        };
        return new MovedRoom(jid, record, json.TryGetProperty("delivered", out var delivered) ? delivered.GetGuid() : null);
    }

    private static string Text(JsonElement json, string name) => Maybe(json, name) ?? throw new FormatException($"\"{name}\" is missing");

    private static string? Maybe(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool? Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetBoolean() : null;

    private static Jid Address(JsonElement json, string name) => Jid.Parse(Text(json, name));

    private static Jid? MaybeAddress(JsonElement json, string name) => Maybe(json, name) is { } text ? Jid.Parse(text) : null;

    private static DateTimeOffset Time(JsonElement json, string name) => MaybeTime(json, name) ?? throw new FormatException($"\"{name}\" is missing");

    private static DateTimeOffset? MaybeTime(JsonElement json, string name) => Maybe(json, name) switch
    {
        null => null,
        var text when Timestamp.TryParse(text, out var time) => time,
        _ => throw new FormatException($"\"{name}\" is not a time as XEP-0082 has it"),
    };

    private static TimeSpan? Seconds(JsonElement json) => json.TryGetProperty("keep_seconds", out var seconds) ? TimeSpan.FromSeconds(seconds.GetInt64()) : null;

    private static Affiliation Affiliation(JsonElement json) =>
        Ladders.AffiliationOf(Text(json, "affiliation")) ?? throw new FormatException("\"affiliation\" is none");

    private static Role Role(JsonElement json) => Ladders.RoleOf(Text(json, "role")) ?? throw new FormatException("\"role\" is none");

    /// <summary>All lines, and the proof in the last one that they are what was written.</summary>
    private async IAsyncEnumerable<Line> LinesAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await using var stream = open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (number, isOver) = (0, false);
        await foreach (var bytes in SplitAsync(stream, stop))
        {
            if (isOver) throw new FormatException($"line {number + 1}: there is more after the end");
            var line = Line.Of(++number, bytes);
            if (number == 1 && Domain(line) is var whose && domain is not null && whose != domain)
                throw new FormatException($"these are the rooms of {whose}, and the service is {domain}");
            isOver = line.Kind == ExportFile.End;
            if (isOver && line.Read(json => Text(json, "sha256")) != Convert.ToHexStringLower(hash.GetCurrentHash()))
                throw new FormatException($"line {number}: the checksum is wrong: the file was changed or damaged");
            hash.AppendData(bytes.Span);
            yield return line;
        }
        if (!isOver) throw new FormatException(number == 0 ? "the file is empty" : $"it breaks off after line {number}: the export was not written to its end");
    }

    /// <summary>The lines, each with its line break; the memory is good until the next one.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> SplitAsync(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        var buffer = new byte[1 << 16];
        var (start, end, searched) = (0, 0, 0);
        for (var number = 1; ;)
        {
            var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                yield return buffer.AsMemory(start, searched + at + 1 - start);
                start = searched = searched + at + 1;
                number++;
                continue;
            }
            if (end - start > MaxLine) throw new FormatException($"line {number} is longer than any export's");
            searched = end;
            if (end == buffer.Length)
            {
                // Room at the end of the buffer: by moving what is left, or by a larger one for a longer line.
                var larger = end - start > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
                buffer.AsSpan(start, end - start).CopyTo(larger);
                (buffer, end, searched, start) = (larger, end - start, end - start, 0);
            }
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.AsMemory(end), stop);
            }
            catch (InvalidDataException e)
            {
                throw new FormatException($"line {number}: it cannot be decompressed", e);
            }
            if (read == 0) break;
            end += read;
        }
        if (end > start) yield return buffer.AsMemory(start, end - start);
    }

    /// <summary>One line of it.</summary>
    private sealed record Line(int Number, JsonElement Json, string Kind)
    {
        public static Line Of(int number, ReadOnlyMemory<byte> bytes)
        {
            try
            {
                using var document = JsonDocument.Parse(bytes);
                var json = document.RootElement.Clone();
                return new Line(number, json, Text(json, ExportFile.Kind));
            }
            catch (JsonException e)
            {
                throw new FormatException(number == 1 ? "this is no export of rooms" : $"line {number}: it breaks off or was damaged", e);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException)
            {
                throw new FormatException(number == 1 ? "this is no export of rooms" : $"line {number}: no record", e);
            }
        }

        public T Read<T>(Func<JsonElement, T> read)
        {
            try
            {
                return read(Json);
            }
            catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {Number}: {e.Message}"), e);
            }
        }
    }
}
