using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>The room's affiliation list with the nicks reserved in it (XEP-0045 §5.2, §7.10). A value: each change makes a new one.</summary>
public sealed class Affiliations
{
    public static readonly Affiliations Empty =
        new(ImmutableDictionary<Jid, AffiliationRecord>.Empty, ImmutableDictionary.Create<string, Jid>(StringComparer.Ordinal), 0);

    private readonly ImmutableDictionary<Jid, AffiliationRecord> _byJid;
    private readonly ImmutableDictionary<string, Jid> _byNick;
    private readonly int _domains; // how many of the entries are for whole domains: mostly none

    private Affiliations(ImmutableDictionary<Jid, AffiliationRecord> byJid, ImmutableDictionary<string, Jid> byNick, int domains) =>
        (_byJid, _byNick, _domains) = (byJid, byNick, domains);

    public static Affiliations Of(IEnumerable<AffiliationRecord> records) => records.Aggregate(Empty, (list, record) => list.With(record));

    public int Count => _byJid.Count;

    public IEnumerable<AffiliationRecord> All => _byJid.Values;

    public IEnumerable<AffiliationRecord> Of(Affiliation affiliation) => _byJid.Values.Where(r => r.Affiliation == affiliation);

    /// <summary>The entry of exactly this bare JID or domain, or null.</summary>
    public AffiliationRecord? Entry(Jid jid) => _byJid.GetValueOrDefault(jid);

    /// <summary>The entry that counts for this bare JID: its own, else its domain's (§9.2 gives the order).</summary>
    public AffiliationRecord? For(Jid bare) => Entry(bare) ?? (_domains == 0 || bare.IsDomain ? null : Entry(bare.DomainJid));

    public Affiliation Get(Jid bare) => For(bare)?.Affiliation ?? Affiliation.None;

    /// <summary>Whose nick this is, or null if it is nobody's.</summary>
    public Jid? ReservedBy(string nick) => _byNick.GetValueOrDefault(nick);

    public Affiliations With(AffiliationRecord record)
    {
        var before = Entry(record.Jid);
        var nicks = before?.Nick is { } old ? _byNick.Remove(old) : _byNick;
        if (record.Nick is not null) nicks = nicks.SetItem(record.Nick, record.Jid);
        return new(_byJid.SetItem(record.Jid, record), nicks, _domains + (before is null && record.Jid.IsDomain ? 1 : 0));
    }

    public Affiliations Without(Jid jid) => Entry(jid) is not { } before
        ? this
        : new(_byJid.Remove(jid), before.Nick is { } nick ? _byNick.Remove(nick) : _byNick, _domains - (jid.IsDomain ? 1 : 0));
}
