using System.Text;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Bench.Micro;

/// <summary>What the micro-benchmarks work on: the same stanzas as the load's, and rooms with people in them.</summary>
internal static class Stanzas
{
    public const string Room = "bench@conference.localhost";

    public static readonly byte[] Message = Encoding.UTF8.GetBytes(
        $"<message type='groupchat' id='m1' from='u0@localhost/r' to='{Room}'><body>0000000001 {new string('x', 89)}</body></message>");

    public static readonly byte[] Join = Encoding.UTF8.GetBytes(JoinOf(0));

    private static readonly ServicePolicy Policy = new();

    public static RoomEngine Engine { get; } = new(FeatureList.Standard(Policy), Policy);

    public static string JoinOf(int user) =>
        $"<presence id='p{user}' from='u{user}@localhost/r' to='{Room}/n{user}'><x xmlns='http://jabber.org/protocol/muc'/></presence>";

    public static Stanza Parse(ReadOnlySpan<byte> bytes) =>
        StanzaParser.TryParse(bytes, out var xml) && Stanza.TryFrom(xml, out var stanza) ? stanza : throw new FormatException("no stanza");

    public static Stanza Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    public static Input Input(Stanza stanza) => new(stanza, DateTimeOffset.UtcNow, Guid.CreateVersion7());

    /// <summary>An open room with users 0 to n-1 in it.</summary>
    public static Room With(int occupants)
    {
        var room = new Room(Jid.Parse(Room), "the salt of the bench");
        for (var user = 0; user < occupants; user++)
        {
            room = Engine.Handle(room, Input(Parse(JoinOf(user)))).Room;
            if (user == 0) room = Engine.Handle(room, Input(Parse(
                $"<iq type='set' id='open' from='u0@localhost/r' to='{Room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>"))).Room;
        }
        // A room that has talked for a while: its history is as long as it gets.
        for (var said = 0; said < 20; said++) room = Engine.Handle(room, Input(Parse(Message))).Room;
        return room;
    }
}
