using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;
using MucComponent.Rooms.Features;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.People;

/// <summary>
/// All that is held about a person, in all rooms, as JSON: affiliations with nick and reason, sessions, what they said, where they
/// stand in lists that rooms keep. One room after another, each message written as it is read.
/// </summary>
public sealed class PersonExport(IRoomStore store, AskRoom ask, TimeProvider clock)
{
    private const int PageSize = 100;

    internal static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="person">Bare.</param>
    /// <exception cref="StoreUnavailableException">It could not all be read.</exception>
    public async Task WriteAsync(Jid person, Stream output, CancellationToken stop)
    {
        await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = Readable.Encoder });
        json.WriteStartObject();
        json.WriteString("person", person.ToString());
        json.WriteString("at", Timestamp.Format(clock.GetUtcNow()));
        json.WriteStartArray("rooms");
        Jid? last = null;
        while (await store.ListTracesAsync(person, last, PageSize, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var room in page)
            {
                await WriteRoomAsync(json, room, person, stop).ConfigureAwait(false);
                await json.FlushAsync(stop).ConfigureAwait(false);
            }
            last = page[^1];
        }
        json.WriteEndArray();
        json.WriteStartArray("destroyed_rooms");
        DestroyedMessage? message = null;
        while (await store.ReadDestroyedAsync(person, message, PageSize, stop).ConfigureAwait(false) is { Count: > 0 } some)
        {
            foreach (var m in some)
            {
                json.WriteStartObject();
                json.WriteString("room", m.Room.ToString());
                WriteMessage(json, m.Id, m.At, m.Xml);
                json.WriteEndObject();
            }
            await json.FlushAsync(stop).ConfigureAwait(false);
            message = some[^1];
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(stop).ConfigureAwait(false);
    }

    private async Task WriteRoomAsync(Utf8JsonWriter json, Jid room, Jid person, CancellationToken stop)
    {
        json.WriteStartObject();
        json.WriteString("room", room.ToString());
        await WriteStandingAsync(json, room, person, stop).ConfigureAwait(false);
        json.WriteStartArray("messages");
        var query = new ArchiveQuery { With = person, Passing = true, Max = ArchiveQuery.MaxPage };
        while (await store.ReadArchiveAsync(room, query, stop).ConfigureAwait(false) is { Messages: { IsEmpty: false } messages })
        {
            foreach (var m in messages)
            {
                json.WriteStartObject();
                WriteMessage(json, m.Id, m.At, m.Xml);
                json.WriteEndObject();
            }
            await json.FlushAsync(stop).ConfigureAwait(false);
            query = query with { After = messages[^1].Id };
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task WriteStandingAsync(Utf8JsonWriter json, Jid room, Jid person, CancellationToken stop)
    {
        var answer = await ask(room, "get", Erasure.Question(person), stop).ConfigureAwait(false);
        if (answer is not { Type: "result", Children: [var about] })
        {
            json.WriteString("failure", answer.ErrorCondition ?? "the room does not say");
            return;
        }
        if (about.Element(Ns.Person + "affiliation") is { } affiliation) WriteAttributes(json, "affiliation", affiliation);
        json.WriteStartArray("sessions");
        foreach (var session in about.Elements(Ns.Person + "session")) WriteAttributes(json, null, session);
        json.WriteEndArray();
        json.WriteStartArray("lists");
        foreach (var row in about.Elements(Ns.Person + "row"))
        {
            json.WriteStartObject();
            json.WriteString("list", (string)row.Attribute("list")!);
            json.WriteStartArray("row");
            foreach (var word in row.Elements()) json.WriteStringValue(word.Value);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, Guid id, DateTimeOffset at, string xml)
    {
        json.WriteString("id", id.ToString());
        json.WriteString("at", Timestamp.Format(at));
        json.WriteString("xml", xml);
    }

    private static void WriteAttributes(Utf8JsonWriter json, string? name, XElement element)
    {
        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        foreach (var attribute in element.Attributes())
            if (!attribute.IsNamespaceDeclaration) json.WriteString(attribute.Name.LocalName, attribute.Value);
        json.WriteEndObject();
    }
}
