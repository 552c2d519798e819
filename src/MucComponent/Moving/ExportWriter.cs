using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>Writes an export: JSON lines, as <c>config/EXPORT.md</c> describes them, with a last line that proves that nothing is missing.</summary>
public sealed class ExportWriter(Stream output) : IDisposable
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _lines;

    public async Task WriteAsync(Jid domain, IAsyncEnumerable<Moved> pieces, MovingReport report, CancellationToken stop)
    {
        await LineAsync(ExportFile.Header, json =>
        {
            json.WriteString("format", ExportFile.Format);
            json.WriteNumber("version", ExportFile.Version);
            json.WriteString("domain", domain.ToString());
        });
        await foreach (var piece in pieces.WithCancellation(stop))
        {
            await WriteAsync(piece);
            report.Count(piece);
        }
        var (lines, hash) = (_lines, Convert.ToHexStringLower(_hash.GetCurrentHash()));
        await LineAsync(ExportFile.End, json =>
        {
            json.WriteNumber("lines", lines);
            json.WriteString("sha256", hash);
        });
    }

    public void Dispose() => _hash.Dispose();

    private Task WriteAsync(Moved piece) => piece switch
    {
        MovedRoom room => LineAsync(ExportFile.Room, json => Write(json, room)),
        MovedAffiliation { Affiliation: var a } => LineAsync(ExportFile.Affiliation, json =>
        {
            json.WriteString("jid", a.Jid.ToString());
            json.WriteString("affiliation", a.Affiliation.Word());
            Write(json, "nick", a.Nick);
            Write(json, "reason", a.Reason);
        }),
        MovedSession { Session: var s } => LineAsync(ExportFile.Session, json =>
        {
            json.WriteString("jid", s.Jid.ToString());
            json.WriteString("nick", s.Nick);
            json.WriteString("role", s.Role.Word());
            json.WriteString("presence", s.Presence);
            json.WriteString("since", ExportFile.Write(s.Since));
            if (s.IsHeldBack) json.WriteBoolean("held", true);
        }),
        MovedMessage { Message: var m } => LineAsync(ExportFile.Message, json =>
        {
            json.WriteString("id", m.Id);
            json.WriteString("at", ExportFile.Write(m.At));
            json.WriteString("from", m.From.ToString());
            json.WriteString("jid", m.Author.Jid.ToString());
            json.WriteString("affiliation", m.Author.Affiliation.Word());
            json.WriteString("role", m.Author.Role.Word());
            json.WriteBoolean("open", m.Author.Open);
            json.WriteBoolean("history", m.InHistory);
            json.WriteBoolean("archived", m.Archived);
            if (m.Retracted) json.WriteBoolean("retracted", true);
            json.WriteString("xml", m.Xml);
        }),
        MovedTombstone(var room, var tombstone) => LineAsync(ExportFile.Tombstone, json =>
        {
            json.WriteString("jid", room.ToString());
            Write(json, "reason", tombstone.Reason);
            Write(json, "alternate", tombstone.Alternate?.ToString());
            json.WriteString("until", ExportFile.Write(tombstone.Until));
        }),
        MovedArchive(var room, var archive) => LineAsync(ExportFile.Archive, json =>
        {
            json.WriteString("jid", room.ToString());
            json.WriteString("id", archive.Id);
            json.WriteString("name", archive.Name);
            json.WriteString("destroyed", ExportFile.Write(archive.At));
            Write(json, "keep_seconds", archive.Retention);
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(piece), piece, "an unknown kind of piece"),
    };

    private static void Write(Utf8JsonWriter json, MovedRoom room)
    {
        var r = room.Record;
        json.WriteString("jid", room.Jid.ToString());
        json.WriteString("name", r.Name);
        json.WriteBoolean("listed", r.Listed);
        json.WriteBoolean("locked", r.Locked);
        json.WriteString("created", ExportFile.Write(r.Created));
        json.WriteString("salt", r.Salt);
        json.WriteStartObject("options");
        foreach (var (name, values) in r.Options) Write(json, name, values);
        json.WriteEndObject();
        Write(json, "subject", r.Subject);
        Write(json, "subject_from", r.SubjectFrom?.ToString());
        Write(json, "subject_at", r.SubjectAt is { } at ? ExportFile.Write(at) : null);
        Write(json, "emptied", r.Emptied is { } emptied ? ExportFile.Write(emptied) : null);
        Write(json, "keep_seconds", r.Retention);
        json.WriteStartObject("extra");
        foreach (var (name, value) in r.Extra) json.WriteString(name, value);
        json.WriteEndObject();
        if (room.Delivered is { } delivered) json.WriteString("delivered", delivered);
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is { } time) json.WriteNumber(name, (long)time.TotalSeconds);
    }

    private async Task LineAsync(string record, Action<Utf8JsonWriter> write)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, OneLine))
        {
            json.WriteStartObject();
            json.WriteString(ExportFile.Kind, record);
            write(json);
            json.WriteEndObject();
        }
        _line.Write("\n"u8);
        _hash.AppendData(_line.WrittenSpan);
        _lines++;
        await output.WriteAsync(_line.WrittenMemory);
    }
}
