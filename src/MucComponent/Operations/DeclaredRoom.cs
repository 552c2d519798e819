using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>
/// A room that the operator wants to be there, and how: in the configuration, so that it comes with it. What is not said of
/// it is left to its owners; who is on none of the lists keeps what they have.
/// </summary>
/// <param name="Affiliations">Owners, admins, members and outcasts.</param>
/// <param name="Options">As fields of the configuration form.</param>
public sealed record DeclaredRoom(Jid Room, ImmutableArray<AffiliationRecord> Affiliations, ImmutableArray<FormField> Options)
{
    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly ImmutableArray<(string Field, Affiliation Affiliation)> Lists =
        [("owners", Affiliation.Owner), ("admins", Affiliation.Admin), ("members", Affiliation.Member), ("outcasts", Affiliation.Outcast)];

    /// <summary>Reads them from JSON: an object, by the rooms' names.</summary>
    /// <exception cref="FormatException">Something is wrong with it.</exception>
    public static IReadOnlyList<DeclaredRoom> Read(string json, Jid domain, ImmutableArray<Option> options)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Json);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not JSON, in line {e.LineNumber + 1} at byte {e.BytePositionInLine + 1}");
        }
        using (document) return [.. Members(document.RootElement, "it").Select(room => Read(room.Name, room.Value, domain, options))];
    }

    /// <summary>Has these rooms made or brought up to date, one after another; what cannot be is logged, and the others go on.</summary>
    public static async Task DeclareAsync(OperatedService service, CancellationToken stop)
    {
        var (made, changed, same) = (0, 0, 0);
        foreach (var room in service.Options.Rooms)
        {
            try
            {
                if (!await service.ExistsAsync(room.Room, stop).ConfigureAwait(false))
                {
                    await room.MakeAsync(service, stop).ConfigureAwait(false);
                    made++;
                }
                else if (await room.UpdateAsync(service, stop).ConfigureAwait(false)) changed++;
                else same++;
            }
            catch (Exception e) when (e is RefusedException or TimeoutException)
            {
                service.Log.RoomNotDeclared(room.Room.ToString(), e.Message);
            }
        }
        service.Log.RoomsDeclared(made, changed, same);
    }

    private async Task MakeAsync(OperatedService service, CancellationToken stop)
    {
        var owners = Affiliations.Where(a => a.Affiliation == Affiliation.Owner).Select(a => a.Jid).ToImmutableArray();
        if (owners.IsEmpty) throw new RefusedException("it is not there, and cannot be made without an owner.");
        await RoomsCreate.CreateAsync(service, Room, owners, Options, stop).ConfigureAwait(false);
        await AffiliateAsync(service, stop).ConfigureAwait(false);
    }

    private async Task<bool> UpdateAsync(OperatedService service, CancellationToken stop)
    {
        var now = await service.ConfigurationAsync(Room, stop).ConfigureAwait(false);
        var other = Options.Where(o => !(now.Values(o.Var!) ?? []).SequenceEqual(o.Values)).ToList();
        if (other.Count > 0) await service.ConfigureAsync(Room, other, stop).ConfigureAwait(false);
        return await AffiliateAsync(service, stop).ConfigureAwait(false) || other.Count > 0;
    }

    private async Task<bool> AffiliateAsync(OperatedService service, CancellationToken stop)
    {
        var other = new List<AffiliationRecord>();
        foreach (var list in Affiliations.GroupBy(a => a.Affiliation))
        {
            var there = (await service.AffiliationsAsync(Room, list.Key, stop).ConfigureAwait(false)).Select(a => a.Jid).ToHashSet();
            other.AddRange(list.Where(a => !there.Contains(a.Jid)));
        }
        if (other.Count > 0) await service.AffiliateAsync(Room, other, stop).ConfigureAwait(false);
        return other.Count > 0;
    }

    private static DeclaredRoom Read(string name, JsonElement said, Jid domain, ImmutableArray<Option> options)
    {
        if (!Jid.TryParse(name.Contains('@', StringComparison.Ordinal) ? name : $"{name}@{domain}", out var room) || !room.HasLocal || !room.IsBare || !room.IsAt(domain))
            throw new FormatException($"\"{name}\" is no room of {domain}");
        try
        {
            var (affiliations, fields) = (ImmutableArray.CreateBuilder<AffiliationRecord>(), ImmutableArray<FormField>.Empty);
            foreach (var (field, value) in Members(said, "it").Select(m => (m.Name, m.Value)))
            {
                if (Lists.FirstOrDefault(l => l.Field.Equals(field, StringComparison.OrdinalIgnoreCase)) is { Field: not null } list) affiliations.AddRange(Listed(field, value, list.Affiliation));
                else if (field.Equals("options", StringComparison.OrdinalIgnoreCase)) fields = [.. Members(value, "options").Select(o => RoomOptions.Field(RoomOptions.Read(options, o.Name, Values(o.Name, o.Value))))];
                else throw new FormatException($"there is no field \"{field}\"; did you mean {Settings.Nearest(field, [.. Lists.Select(l => l.Field), "options"])}?");
            }
            if (affiliations.GroupBy(a => a.Jid).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }) throw new FormatException($"{twice} is listed twice");
            return new DeclaredRoom(room, affiliations.ToImmutable(), fields);
        }
        catch (FormatException e)
        {
            throw new FormatException($"room {name}: {e.Message}", e);
        }
    }

    /// <summary>The fields of an object, each there once; of nothing (null) none.</summary>
    private static List<JsonProperty> Members(JsonElement value, string what)
    {
        if (value.ValueKind == JsonValueKind.Null) return [];
        if (value.ValueKind != JsonValueKind.Object) throw new FormatException($"{what} is not an object, {{ … }}");
        var members = value.EnumerateObject().ToList();
        return members.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { Key: var twice } ? throw new FormatException($"\"{twice}\" is there twice") : members;
    }

    private static IEnumerable<AffiliationRecord> Listed(string field, JsonElement value, Affiliation affiliation)
    {
        if (value.ValueKind == JsonValueKind.Null) return [];
        if (value.ValueKind != JsonValueKind.Array) throw new FormatException($"{field} is not a list of JIDs, [\"…\"]");
        return value.EnumerateArray().Select(v => new AffiliationRecord(
            v.ValueKind == JsonValueKind.String && Jid.TryParse(v.GetString()!, out var jid) && jid.IsBare ? jid : throw new FormatException($"{field}: {v.GetRawText()} is no bare JID"),
            affiliation, null, null));
    }

    private static ImmutableArray<string> Values(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => ["1"],
        JsonValueKind.False => ["0"],
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(v => Values(name, v))],
        JsonValueKind.Object => throw new FormatException($"{name} cannot be an object"),
        _ => [value.ToString()],
    };
}
