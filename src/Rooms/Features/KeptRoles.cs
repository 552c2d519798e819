using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Voice outlasts the visit: XEP-0045 §5.1 asks it of moderated rooms, and anywhere else taking somebody's voice would mean
/// nothing if leaving and coming back returned it. Only what a moderator decided is kept, not the role of moderator, which
/// is of one visit.
/// </summary>
public sealed class KeptRoles : Feature
{
    private const string Name = "kept roles";

    /// <summary>Remembers the role that a moderator gave; one that the affiliation gives anyway needs no memory.</summary>
    public static void Keep(Turn turn, Occupant occupant) => Keep(turn, occupant.RealJid, occupant.Affiliation, occupant.Role);

    /// <summary>The same for somebody who need not be there.</summary>
    public static void Keep(Turn turn, Jid jid, Affiliation affiliation, Role role)
    {
        var usual = Privileges.DefaultRole(affiliation, Moderated.Silences(turn.Config));
        var rows = Without(turn.Room, jid);
        if (role != usual && role != Role.Moderator) rows = rows.Add([jid.ToString(), role.Word()]);
        Rows.Write(turn, Name, rows, turn.Policy.KeptRoles);
        if (role != Role.Visitor) Mutes.Forget(turn, jid);
    }

    /// <summary>A new affiliation brings its own role.</summary>
    public static void Forget(Turn turn, Jid jid)
    {
        Rows.Write(turn, Name, Without(turn.Room, jid), turn.Policy.KeptRoles);
        Mutes.Forget(turn, jid);
    }

    public override Role EntryRole(Turn turn, Entry entry, Role role)
    {
        if (role is not (Role.Visitor or Role.Participant)) return role;
        var me = turn.Sender.Bare.ToString();
        return Rows.Read(turn.Room, Name).FirstOrDefault(row => row[0] == me) is [_, var word] ? Ladders.RoleOf(word) ?? role : role;
    }

    private static ImmutableArray<string[]> Without(Room room, Jid jid) => Rows.Read(room, Name).RemoveAll(row => row[0] == jid.ToString());
}
