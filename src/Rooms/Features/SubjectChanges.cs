using System.Collections.Immutable;

namespace MucComponent.Rooms.Features;

/// <summary>Who may change the subject besides moderators: XEP-0045 §8.1 (<c>muc#roomconfig_changesubject</c>).</summary>
public sealed class SubjectChanges : Feature
{
    public static readonly Toggle ByParticipants = new("muc#roomconfig_changesubject", "Allow occupants to change the subject?", false);

    public override ImmutableArray<Option> Options => [ByParticipants];

    public static bool MayChange(RoomConfig config, Role role) =>
        role == Role.Moderator || (role == Role.Participant && config.Get(ByParticipants));

    // Some clients read the one name, some the other.
    public override IEnumerable<InfoField> Info(Room room) =>
    [
        new("muc#roominfo_changesubject", "boolean", Toggle.Word(room.Config.Get(ByParticipants))),
        new("muc#roomconfig_changesubject", "boolean", Toggle.Word(room.Config.Get(ByParticipants))),
    ];
}
