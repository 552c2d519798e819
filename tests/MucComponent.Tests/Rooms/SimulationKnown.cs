using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Rooms;

/// <summary>
/// What is known to go wrong and is left out until it is mended: one member each, to be deleted with its use. Empty when all is well.
/// </summary>
public static class SimulationKnown
{
    /// <summary>The store keeps more of the history than the room does: after a reload newcomers may get what a shorter history had dropped.</summary>
    public const bool DroppedHistoryComesBack = true;

    /// <summary>Of several sessions the one that joined last is shown after a reload, and not the one whose presence changed last.</summary>
    public const bool AnotherSessionIsShown = true;

    /// <summary>Whether this input runs into one of the others.</summary>
    public static bool GoesWrong(Room room, Stanza stanza) =>
        LosesBlankText(stanza) || ProbesItself(room, stanza) || ProbesUnseen(room, stanza) || JoinsModerator(room, stanza)
        || OpensRoom(room, stanza) || ChangesAdminsAndBroadcast(stanza);

    // A text of nothing but blanks in the history is empty after a reload: Said.FromStored reads without preserving white space.
    private static bool LosesBlankText(Stanza stanza) =>
        stanza.Type == "groupchat" && stanza.Children.Any(e => e.Value.Length > 0 && string.IsNullOrWhiteSpace(e.Value));

    // A probe of one's own nick is answered without 110, so that a client takes itself for somebody else (§17.3).
    private static bool ProbesItself(Room room, Stanza stanza) =>
        stanza is { Kind: StanzaKind.Presence, Type: "probe" } && room.Occupants.BySession(stanza.From!)?.Jid == stanza.To;

    // A probe tells of an occupant whose role is not broadcast; that it leaves is told to nobody (§7.2.2, §17.3).
    private static bool ProbesUnseen(Room room, Stanza stanza) =>
        stanza is { Kind: StanzaKind.Presence, Type: "probe" } && room.Occupants.ByNick(stanza.To!.Resource) is { } asked
        && !room.Config.Get(PresenceBroadcast.Roles).Contains(asked.Role.Word());

    // A session that takes the nick of a moderator's other session becomes a moderator, and is not told who the others are (§7.2.4, §7.6).
    private static bool JoinsModerator(Room room, Stanza stanza) =>
        stanza is { Kind: StanzaKind.Presence, Type: null } && room.Occupants.BySession(stanza.From!) is { } me
        && room.Occupants.ByNick(stanza.To!.Resource) is { Role: Role.Moderator } there && there != me;

    // Who becomes a moderator in a room that was opened after it came is not told who the others are (§10.2.1, 172).
    private static bool OpensRoom(Room room, Stanza stanza) => room.Occupants.Count > 1 && Fields(stanza, "muc#roomconfig_whois") is [{ Value: "anyone" }];

    // Who was seen before is judged by the role that the same form gives: nobody is told that a former moderator is seen no more (§10.2).
    private static bool ChangesAdminsAndBroadcast(Stanza stanza) =>
        Fields(stanza, "muc#roomconfig_presencebroadcast").Count > 0
        && Fields(stanza, "muc#roomconfig_roomadmins").Count + Fields(stanza, "muc#roomconfig_roomowners").Count > 0;

    private static List<XElement> Fields(Stanza stanza, string var) =>
        [.. stanza.Children.SelectMany(e => e.Descendants(Ns.DataForms + "field")).Where(f => f.Attribute("var")?.Value == var)];
}
