using System.Collections.Immutable;
using MucComponent.Rooms.UseCases;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Features;

/// <summary>
/// The owners and admins as fields of the configuration form: XEP-0045 §10.2. Unlike the lists of §10.5 and §10.8, which take
/// changes, a submitted field is the full list: who is missing in it loses that standing.
/// </summary>
public sealed class OwnersAndAdmins : Feature
{
    private const string OwnersField = "muc#roomconfig_roomowners";
    private const string AdminsField = "muc#roomconfig_roomadmins";

    public override IEnumerable<DerivedField> Derived(Room room) =>
    [
        new(AdminsField, "Room admins", "jid-multi", Listed(room, Affiliation.Admin)),
        new(OwnersField, "Room owners", "jid-multi", Listed(room, Affiliation.Owner)),
    ];

    public override StanzaError? Configured(Turn turn, Submission form)
    {
        if (!TryRead(form, OwnersField, out var owners)) return Malformed(OwnersField);
        if (!TryRead(form, AdminsField, out var admins)) return Malformed(AdminsField);
        if (owners is []) return StanzaError.Conflict.Because("A room needs an owner.");

        var before = turn.Room.Affiliations;
        var after = new Dictionary<Jid, Affiliation>();
        if (admins is { } newAdmins)
        {
            foreach (var record in before.Of(Affiliation.Admin)) after[record.Jid] = Lowered(turn.Config, record);
            foreach (var jid in newAdmins)
                if (owners is not null || before.Get(jid) != Affiliation.Owner) after[jid] = Affiliation.Admin;
        }
        if (owners is { } newOwners)
        {
            // Who is on neither list is neither; where only the owners are given, one who is no more of them is an admin.
            foreach (var record in before.Of(Affiliation.Owner))
                if (admins is null) after[record.Jid] = Affiliation.Admin;
                else after.TryAdd(record.Jid, Lowered(turn.Config, record));
            foreach (var jid in newOwners) after[jid] = Affiliation.Owner;
        }

        foreach (var (jid, affiliation) in after.Where(a => before.Entry(a.Key)?.Affiliation != a.Value).OrderBy(a => a.Key.ToString(), StringComparer.Ordinal))
        {
            ChangingAffiliations.Apply(turn, jid, affiliation, null, Administering.Actor(turn), null);
            AuditLog.Note(turn, "affiliation", jid, affiliation.Word(), null);
        }
        return turn.Room.Affiliations.Count > turn.Policy.MaxAffiliations ? StanzaError.ResourceConstraint : null;
    }

    private static StanzaError Malformed(string field) => StanzaError.BadRequest.Because($"The field {field} holds what is no address.");

    // In a members-only room it is hardly meant that they go; and who registered stays registered (§10.7).
    private static Affiliation Lowered(RoomConfig config, AffiliationRecord record) =>
        config.Get(MembersOnly.Only) || record.Nick is not null ? Affiliation.Member : Affiliation.None;

    private static ImmutableArray<string> Listed(Room room, Affiliation affiliation) =>
        [.. room.Affiliations.Of(affiliation).Select(r => r.Jid.ToString()).Order(StringComparer.Ordinal)];

    // Null when the field was not submitted: then nothing is meant by it.
    private static bool TryRead(Submission form, string field, out ImmutableArray<Jid>? jids)
    {
        jids = null;
        if (form.Values(field) is not { } values) return true;
        var read = ImmutableArray.CreateBuilder<Jid>();
        foreach (var value in values.Where(v => v.Length > 0))
        {
            if (!Jid.TryParse(value, out var jid)) return false;
            read.Add(jid.Bare);
        }
        jids = read.ToImmutable();
        return true;
    }
}
