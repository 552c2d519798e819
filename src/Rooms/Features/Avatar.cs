using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Xml.Linq;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// The room's picture: a vCard (XEP-0054) that anybody may read and owners set, with its hash among what the room says about
/// itself (XEP-0486) and in presence from the room (XEP-0153).
/// </summary>
public sealed class Avatar : Feature
{
    private const string Card = "vcard";
    private const string Hashes = "vcard-photos";

    private static readonly XName CardName = Ns.VCard + "vCard";

    public override IEnumerable<string> Disco(Room room) => [Ns.VCard.NamespaceName];

    public override IEnumerable<InfoField> Info(Room room) =>
        HashesOf(room) is { IsEmpty: false } hashes ? [new("muc#roominfo_avatarhash", "text-multi", hashes)] : [];

    public override ImmutableArray<XNamespace> Answers => [Ns.VCard];

    public override StanzaError? Answer(Turn turn, XElement payload)
    {
        if (payload.Name != CardName) return StanzaError.BadRequest;
        return turn.Stanza.Type == "get" ? Get(turn) : Set(turn, payload);
    }

    /// <summary>Tells a newcomer of the picture, if there is one.</summary>
    public static void Tell(Turn turn)
    {
        if (!HashesOf(turn.Room).IsEmpty) turn.Send(Update(turn.Room), turn.Sender);
    }

    /// <summary>What a room keeps (<see cref="Room.Extra"/>) with this vCard, for a room that comes from elsewhere; null if it cannot be one.</summary>
    public static ImmutableSortedDictionary<string, string>? Keep(ImmutableSortedDictionary<string, string> extra, XElement card, int maxLength)
    {
        var xml = card.ToString(SaveOptions.DisableFormatting);
        if (card.Name != CardName || xml.Length > maxLength || !TryHash(card, out var hashes)) return null;
        extra = extra.SetItem(Card, xml);
        return hashes.IsEmpty ? extra : extra.SetItem(Hashes, string.Join(' ', hashes));
    }

    private static StanzaError? Get(Turn turn)
    {
        if (!turn.Room.Extra.TryGetValue(Card, out var card)) return StanzaError.ItemNotFound;
        turn.Reply(XElement.Parse(card, LoadOptions.PreserveWhitespace));
        return null;
    }

    private static StanzaError? Set(Turn turn, XElement card)
    {
        if (Privileges.MayConfigure(turn.SenderAffiliation) is { } no) return no.Because("Only owners are allowed to set avatars.");
        if (!TryHash(card, out var hashes)) return StanzaError.BadRequest.Because("The photo is not in base64.");
        var xml = card.ToString(SaveOptions.DisableFormatting);
        if (xml.Length > turn.Policy.MaxVCardLength)
            return StanzaError.PolicyViolation.Because($"A room's vCard may have at most {turn.Policy.MaxVCardLength} characters.");

        var before = HashesOf(turn.Room);
        turn.SetExtra(Card, card.HasElements ? xml : null);
        turn.SetExtra(Hashes, hashes.IsEmpty ? null : string.Join(' ', hashes));
        turn.Reply();
        if (before.SequenceEqual(hashes)) return null;

        Configuring.TellOfChange(turn, []);
        turn.Send(Update(turn.Room), turn.Room.Occupants.Audience.Everyone);
        return null;
    }

    // XEP-0153 §3.1; an empty photo says that there is none any more.
    private static Stanza Update(Room room) => new(StanzaKind.Presence)
    {
        From = room.Jid,
        Children = [new(Ns.VCardUpdate + "x", new XElement(Ns.VCardUpdate + "photo", HashesOf(room).FirstOrDefault()))],
    };

    private static ImmutableArray<string> HashesOf(Room room) =>
        room.Extra.TryGetValue(Hashes, out var hashes) ? [.. hashes.Split(' ')] : [];

    // One for each form of the picture (XEP-0486 §6.1).
    private static bool TryHash(XElement card, out ImmutableArray<string> hashes)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var photo in card.Elements(Ns.VCard + "PHOTO").Elements(Ns.VCard + "BINVAL"))
        {
            var bytes = new byte[photo.Value.Length];
            if (!Convert.TryFromBase64String(photo.Value, bytes, out var length))
            {
                hashes = [];
                return false;
            }
#pragma warning disable CA5350 // XEP-0153 names the hash; it identifies a picture and protects nothing.
            found.Add(Convert.ToHexStringLower(SHA1.HashData(bytes.AsSpan(0, length))));
#pragma warning restore CA5350
        }
        hashes = found.ToImmutable();
        return true;
    }
}
