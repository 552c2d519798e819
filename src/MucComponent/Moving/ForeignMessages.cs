using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>
/// What was said in a room of another server, in its order, with ids of ours. An id follows from the time and the id it had
/// there alone, so the same message gets the same id each time; and what points to an earlier message (a reply, a
/// reaction, a retraction) points to it under its new id.
/// </summary>
internal sealed class ForeignMessages(ForeignRoom room)
{
    /// <summary>How many earlier messages may be pointed to.</summary>
    private const int Remembered = 100_000;

    private static readonly XName StanzaId = Ns.StanzaId + "stanza-id";

    // What names an earlier message by its stanza-id, in the attribute "id": XEP-0444, XEP-0424, its version 0, XEP-0461, XEP-0333.
    private static readonly HashSet<XName> Pointers =
    [
        Ns.Reactions + "reactions", Ns.Retraction + "retract", Ns.Retraction + "retracted",
        XName.Get("apply-to", "urn:xmpp:fasten:0"), XName.Get("reply", "urn:xmpp:reply:0"),
        Ns.ChatMarkers + "displayed", Ns.ChatMarkers + "received", Ns.ChatMarkers + "acknowledged",
    ];

    private readonly IReadOnlyDictionary<string, AffiliationRecord> _byOccupantId = room.ByOccupantId();
    private readonly Dictionary<string, Guid> _ids = [];
    private readonly Queue<string> _oldest = new();
    private long _lastTime;
    private int _sameTime;

    /// <summary>The message as it is kept here; null, and a word in the report, if it is none.</summary>
    /// <param name="id">Its id there.</param>
    /// <param name="micros">When: microseconds since 1970, UTC.</param>
    /// <param name="author">Who said it, if that is known.</param>
    /// <param name="nick">Under which nick, where the stanza does not say.</param>
    public MessageRecord? Take(string id, long micros, XElement xml, Jid? author = null, string? nick = null)
    {
        foreach (var pointer in xml.Elements().Where(e => Pointers.Contains(e.Name)))
            if ((string?)pointer.Attribute("id") is { } old && _ids.TryGetValue(old, out var now)) pointer.SetAttributeValue("id", now.ToString());
        if (!Stanza.TryFrom(xml, out var stanza) || stanza.Kind != StanzaKind.Message || micros < 0)
        {
            room.LeftBehind(stanza is { Kind: StanzaKind.Presence } ? "a presence in the archive" : "what is no message in the archive");
            return null;
        }
        var from = nick is { Length: > 0 } && Jid.TryParse($"{room.Jid}/{nick}", out var named) ? named : room.Address(stanza.From?.ToString() ?? "");
        if (from is null)
        {
            room.LeftBehind("a message of somebody whose nick is not possible here");
            return null;
        }

        var key = NewId(id, micros);
        var item = stanza.Child(Ns.MucUser + "x")?.Element(Ns.MucUser + "item");
        var who = WhoSaid(stanza, from, item, author);
        stanza = stanza with { From = from, To = null, Type = "groupchat" };
        stanza = stanza
            .Without(e => (e.Name == StanzaId && Jid.TryParse((string?)e.Attribute("by"), out var by) && by.Bare == room.There) || e.Name == Ns.MucUser + "x")
            .With(new XElement(StanzaId, new XAttribute("by", room.Jid.ToString()), new XAttribute("id", key.ToString())));

        Remember(id, key);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(micros / 1_000);
        return new MessageRecord(key, at, from, who, StanzaWriter.ToText(stanza), History.Keeps(room.Config, stanza), true);
    }

    // Where the address is not known, the occupant id tells whether it is somebody on the list; else it is the one in the room.
    private Author WhoSaid(Stanza stanza, Jid from, XElement? item, Jid? author)
    {
        var isOpen = Jid.TryParse((string?)item?.Attribute("jid"), out var shown);
        var listed = author is not null
            ? room.Affiliation(author.Bare)
            : _byOccupantId.GetValueOrDefault((string?)stanza.Child(Ns.OccupantId + "occupant-id")?.Attribute("id") ?? "");
        var affiliation = Ladders.AffiliationOf((string?)item?.Attribute("affiliation")) ?? listed?.Affiliation ?? Affiliation.None;
        var role = Ladders.RoleOf((string?)item?.Attribute("role")) ?? Role.Participant;
        return new Author(author ?? shown ?? listed?.Jid ?? from, affiliation, role, isOpen);
    }

    // Version 7 (RFC 9562 §5.7): the millisecond; then, so that the order stays, the microsecond, and which of several at the
    // same time it is; then what tells it from all others.
    private Guid NewId(string old, long micros)
    {
        _sameTime = micros == _lastTime ? Math.Min(_sameTime + 1, ushort.MaxValue) : 0;
        _lastTime = micros;

        Span<byte> id = stackalloc byte[16];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{room.There}\n{old}")).AsSpan(0, 16).CopyTo(id);
        BinaryPrimitives.WriteUInt64BigEndian(id, ((ulong)(micros / 1_000) << 16) | 0x7000 | (ulong)(micros % 1_000));
        // Two bits of the variant, sixteen of the place.
        id[8] = (byte)(0x80 | (_sameTime >> 10));
        id[9] = (byte)(_sameTime >> 2);
        id[10] = (byte)((_sameTime << 6) | (id[10] & 0x3F));
        return new Guid(id, bigEndian: true);
    }

    private void Remember(string old, Guid id)
    {
        if (!_ids.TryAdd(old, id)) return;
        _oldest.Enqueue(old);
        if (_oldest.Count > Remembered) _ids.Remove(_oldest.Dequeue());
    }
}
