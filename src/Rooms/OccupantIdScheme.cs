using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>
/// How a room makes its occupant ids (XEP-0421 §3): in our own way, or, where it came from another server, in that server's.
/// The ids stay what they were, and so does all that points to them: reactions, mutes, moderation.
/// </summary>
public static class OccupantIdScheme
{
    /// <summary>Under which name it is kept (<see cref="Room.Extra"/>); a room without it has our own way.</summary>
    public const string Name = "occupant-ids";

    /// <summary>As Prosody makes them. The room's salt is the one it had there.</summary>
    public const string Prosody = "prosody";

    private const string EjabberdPrefix = "ejabberd ";

    // Erlang's external term format: a binary of 32 bytes.
    private static readonly byte[] Binary32 = [131, 109, 0, 0, 0, 32];

    /// <summary>As ejabberd makes them, from the room's address there.</summary>
    public static string Ejabberd(Jid room) => EjabberdPrefix + room;

    /// <summary>The occupant id of this JID, which is that of the bare one.</summary>
    /// <param name="extra">What the room keeps.</param>
    public static string IdOf(Jid jid, string salt, ImmutableSortedDictionary<string, string> extra)
    {
        var scheme = extra.GetValueOrDefault(Name, "");
        if (scheme == Prosody) return Convert.ToBase64String(HMACSHA256.HashData(Bytes(jid.BareText), Bytes(salt)));
        if (scheme.StartsWith(EjabberdPrefix, StringComparison.Ordinal))
            return Convert.ToBase64String([.. Binary32, .. SHA256.HashData(Bytes($"{salt}:{scheme[EjabberdPrefix.Length..]}:{jid.BareText}"))]);
        return Sign(jid.BareText, salt);
    }

    /// <summary>A keyed hash that only the holder of the salt can make.</summary>
    public static string Sign(string text, string salt) => Convert.ToBase64String(HMACSHA256.HashData(Bytes(salt), Bytes(text)));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
