using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// Password-protected rooms: XEP-0045 §7.2.5 (entering), §10.2 (configuring). A room is protected exactly when it has a
/// password; the form's yes-or-no field follows from it, since many clients submit only one of the two.
/// </summary>
public sealed class Password : Feature
{
    public static readonly Text Secret = new("muc#roomconfig_roomsecret", "Password", 1_000, "text-private");

    private const string ProtectedField = "muc#roomconfig_passwordprotectedroom";

    public override ImmutableArray<Option> Options => [Secret];

    public static bool Protects(RoomConfig config) => config.Get(Secret).Length > 0;

    public override IEnumerable<DerivedField> Derived(Room room) =>
        [new(ProtectedField, "Password required to enter?", "boolean", Toggle.Word(Protects(room.Config)))];

    public override StanzaError? Configured(Turn turn, Submission form)
    {
        if (form.Values(ProtectedField) is not { } values) return null;
        switch (values)
        {
            case ["1" or "true"]:
                return Protects(turn.Config) ? null : StanzaError.NotAcceptable.Because("A password-protected room needs a password.");
            case ["0" or "false"]:
                // Where it was no before, it is only the rest of a form in which somebody filled in a password.
                if (Protects(turn.Before.Config)) turn.Set(Secret, "");
                return null;
            default:
                return StanzaError.BadRequest.Because($"The field {ProtectedField} is neither yes nor no.");
        }
    }

    public override IEnumerable<string> Disco(Room room) => [Protects(room.Config) ? "muc_passwordprotected" : "muc_unsecured"];

    public override StanzaError? MayEnter(Turn turn, Entry entry)
    {
        if (!Protects(turn.Config)) return null;
        var given = (string?)entry.Muc.Element(Ns.Muc + "password");
        return given == turn.Config.Get(Secret) ? null : StanzaError.NotAuthorized;
    }
}
