using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Xml.Linq;
using MucComponent.Rooms;
using MucComponent.Rooms.Features;
using MucComponent.Xmpp;

namespace MucComponent.Moving;

/// <summary>
/// A room of another server on its way to become one of ours: checked by the rules that hold here, and with a word in the
/// report for each thing that cannot be kept.
/// </summary>
/// <param name="jid">Its address here.</param>
/// <param name="there">Its address where it comes from.</param>
internal sealed class ForeignRoom(Jid jid, Jid there, MovingReport report)
{
    private readonly Dictionary<Jid, AffiliationRecord> _affiliations = [];
    private readonly HashSet<string> _nicks = [];
    private RoomConfig _config = RoomConfig.Default;
    private ImmutableSortedDictionary<string, string> _extra = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private string? _salt;
    private Subject? _subject;

    public Jid Jid => jid;

    public Jid There => there;

    public RoomConfig Config => _config;

    public IEnumerable<AffiliationRecord> Affiliations => _affiliations.Values.OrderBy(a => a.Jid.ToString(), StringComparer.Ordinal);

    /// <summary>UTC.</summary>
    public DateTimeOffset Created { get; set; }

    public bool Locked { get; set; }

    /// <summary>What cannot be carried.</summary>
    public void LeftBehind(string what) => report.LeftBehind(jid.ToString(), what);

    public void Set(Option option, bool value) => Set(option, Toggle.Word(value));

    /// <summary>Sets an option as if by a form; no value is as good as not set.</summary>
    public void Set(Option option, params ImmutableArray<string> values)
    {
        if (option.TryRead(values, out var value)) _config = _config.With(option, value);
        else LeftBehind($"a value of {option.Name} that is not possible here");
    }

    public void SetSalt(string salt, string scheme)
    {
        _salt = salt;
        _extra = _extra.SetItem(OccupantIdScheme.Name, scheme);
    }

    /// <param name="from">Whoever set it: an occupant JID there, a nick, or null.</param>
    public void SetSubject(string text, string? from, DateTimeOffset at)
    {
        var author = from is null ? null : Address(from) ?? Nick(from) switch { { } nick => jid.WithResource(nick), _ => null };
        _subject = new Subject([new XElement(Ns.Client + "subject", text)], author, at);
    }

    /// <summary>The room's picture (XEP-0486).</summary>
    public void SetCard(XElement card)
    {
        if (Avatar.Keep(_extra, card, new ServicePolicy().MaxVCardLength) is { } with) _extra = with;
        else LeftBehind("a picture that is too large or damaged");
    }

    public void Affiliate(string address, string? word, string? nick, string? reason)
    {
        if (!Jid.TryParse(address, out var who) || !who.IsBare) LeftBehind("an affiliation of what is no address");
        else if (Ladders.AffiliationOf(word) is not { } affiliation) LeftBehind($"an affiliation \"{word}\", which there is none");
        else _affiliations[who] = new AffiliationRecord(who, affiliation, nick is null ? null : Reserve(nick), string.IsNullOrEmpty(reason) ? null : reason);
    }

    /// <summary>Reserves a nick for somebody who has an affiliation and no nick yet. False for anybody else.</summary>
    public bool TryReserve(Jid who, string nick)
    {
        if (!_affiliations.TryGetValue(who, out var record) || record.Affiliation < Rooms.Affiliation.Member || record.Nick is not null) return false;
        if (Reserve(nick) is not { } reserved) return false;
        _affiliations[who] = record with { Nick = reserved };
        return true;
    }

    /// <summary>The entry of this bare JID, or null.</summary>
    public AffiliationRecord? Affiliation(Jid who) => _affiliations.GetValueOrDefault(who);

    /// <summary>An address in the room as it is here; null if it is none in the room.</summary>
    public Jid? Address(string text) =>
        Jid.TryParse(text, out var address) && address.Bare == there ? (address.IsBare ? jid : jid.WithResource(address.Resource)) : null;

    /// <summary>The room itself, and its affiliations.</summary>
    public IEnumerable<Moved> Pieces()
    {
        var room = new Room(jid, _salt ?? RandomNumberGenerator.GetHexString(32, lowercase: true))
        {
            Exists = true,
            Locked = Locked,
            Created = Created,
            Config = _config,
            Subject = _subject,
            Extra = _extra,
        };
        yield return new MovedRoom(jid, room.ToRecord(About.NameOf(room), PublicRoom.Listed(room)), null);
        foreach (var affiliation in Affiliations) yield return new MovedAffiliation(affiliation);
    }

    /// <summary>Whose occupant id this is, among those on the list; null if it is nobody's of these.</summary>
    public IReadOnlyDictionary<string, AffiliationRecord> ByOccupantId() => _salt is null
        ? ImmutableDictionary<string, AffiliationRecord>.Empty
        : Affiliations.Where(a => !a.Jid.IsDomain).ToDictionary(a => OccupantIdScheme.IdOf(a.Jid, _salt, _extra));

    private string? Nick(string text) => Jid.TryParse($"{jid}/{text}", out var occupant) ? occupant.Resource : null;

    private string? Reserve(string text)
    {
        if (Nick(text) is { } nick && _nicks.Add(nick)) return nick;
        LeftBehind("a reserved nick that is not possible here, or reserved twice");
        return null;
    }
}
