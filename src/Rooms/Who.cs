using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Rooms;

/// <summary>Some people: everybody, or certain bare JIDs and all of certain domains. The service's admins are always among them.</summary>
public sealed class Who
{
    public static readonly Who Anyone = new([]) { IsAnyone = true };

    /// <summary>Nobody but the service's admins.</summary>
    public static readonly Who Admins = new([]);

    /// <summary>The same, where it is nobody that is named.</summary>
    public static Who Nobody => Admins;

    private readonly ImmutableHashSet<Jid> _jids;

    private Who(ImmutableHashSet<Jid> jids) => _jids = jids;

    private bool IsAnyone { get; init; }

    /// <param name="jids">Bare JIDs and domains; a domain does not stand for those below it.</param>
    public static Who Of(IEnumerable<Jid> jids) => new([.. jids]);

    /// <param name="jid">Bare.</param>
    public bool Includes(Jid jid, IReadOnlySet<Jid> admins) => IsAnyone || Names(jid) || admins.Contains(jid);

    /// <summary>Whether the list itself names this bare JID or its domain.</summary>
    public bool Names(Jid jid) => _jids.Count > 0 && (_jids.Contains(jid) || _jids.Contains(jid.DomainJid));

    /// <summary>Whether anybody is named.</summary>
    public bool IsEmpty => _jids.IsEmpty && !IsAnyone;

    public override string ToString() => IsAnyone ? "anyone" : string.Join(',', _jids.Select(j => j.ToString()).Order(StringComparer.Ordinal));

    public override bool Equals(object? obj) => obj is Who other && IsAnyone == other.IsAnyone && _jids.SetEquals(other._jids);

    public override int GetHashCode() => _jids.Count;
}
