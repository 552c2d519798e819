using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MucComponent.Xmpp;

/// <summary>
/// An XMPP address, canonical from birth (RFC 7622): every part is prepared when the value is made, so two equal
/// addresses are equal as text and nothing later needs to normalise again.
/// </summary>
public sealed class Jid : IEquatable<Jid>
{
    /// <summary>The longest a part may be, in UTF-8 bytes (RFC 7622 §3.1).</summary>
    public const int MaxPartBytes = 1023;

    /// <summary>Longer ones are rare, and would cost more memory than they save time.</summary>
    private const int LongestKnown = 256;

    // The same people come again and again. Of fixed size: who is new takes the place of who is old.
    private static readonly Jid?[] Known = new Jid?[8192];

    private readonly string _text;
    private readonly int _hash;
    private readonly ushort _localLength;
    private readonly ushort _domainLength;
    private Jid? _bare;
    private byte[]? _attribute;

    private Jid(string local, string domain, string resource)
    {
        _text = (local.Length, resource.Length) switch
        {
            (0, 0) => domain,
            (0, _) => $"{domain}/{resource}",
            (_, 0) => $"{local}@{domain}",
            _ => $"{local}@{domain}/{resource}",
        };
        _localLength = (ushort)local.Length;
        _domainLength = (ushort)domain.Length;
        _hash = string.GetHashCode(_text, StringComparison.Ordinal);
    }

    /// <summary>The part before the @, or empty.</summary>
    public string Local => _text[.._localLength];

    /// <summary>The domain; never empty.</summary>
    public string Domain => _text.Substring(DomainStart, _domainLength);

    /// <summary>The part after the slash, or empty. In a room's addresses this is the nick.</summary>
    public string Resource => IsBare ? "" : _text[(BareLength + 1)..];

    /// <summary>True when there is no resource.</summary>
    public bool IsBare => BareLength == _text.Length;

    /// <summary>True when there is neither local part nor resource.</summary>
    public bool IsDomain => _localLength == 0 && IsBare;

    /// <summary>The address without its resource, as text.</summary>
    public string BareText => IsBare ? _text : _text[..BareLength];

    /// <summary>This address without its resource.</summary>
    public Jid Bare => IsBare ? this : _bare ??= new Jid(Local, Domain, "");

    /// <summary>The domain alone, as an address.</summary>
    public Jid DomainJid => IsDomain ? this : new Jid("", Domain, "");

    /// <summary>The address as UTF-8, escaped for use between the quotes of an XML attribute. Made once.</summary>
    public ReadOnlySpan<byte> Attribute => _attribute ??= Encoding.UTF8.GetBytes(XmlText.Escape(_text));

    /// <summary>Whether this is an address in that domain.</summary>
    public bool IsAt(Jid domain) => _text.AsSpan(DomainStart, _domainLength).SequenceEqual(domain._text.AsSpan(domain.DomainStart, domain._domainLength));

    /// <summary>Whether this is the domain of that address, and nobody in it.</summary>
    public bool IsDomainOf(Jid jid) => IsDomain && jid.IsAt(this);

    /// <summary>Whether this is that bare address, or one with a resource.</summary>
    public bool IsOf(Jid bare) => _text.AsSpan(0, BareLength).SequenceEqual(bare._text);

    /// <summary>Lets go of what can be made again. Nothing changes by it.</summary>
    public void Rest() => (_bare, _attribute) = (null, null);

    /// <summary>True when there is a local part: a person or a room, and not a server or service.</summary>
    public bool HasLocal => _localLength > 0;

    private int DomainStart => _localLength == 0 ? 0 : _localLength + 1;

    private int BareLength => DomainStart + _domainLength;

    /// <summary>This bare address with a nick or resource that is already prepared (it came out of a <see cref="Jid"/>).</summary>
    public Jid WithResource(string prepared) => new(Local, Domain, prepared);

    /// <summary>Reads an address, preparing each part. False when a part fails preparation or is too long.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        if (string.IsNullOrEmpty(text)) return false;
        if (text.Length > LongestKnown) return TryPrepare(text, out jid);
        ref var known = ref Known[(uint)string.GetHashCode(text, StringComparison.Ordinal) % (uint)Known.Length];
        if (known is { } there && there._text == text)
        {
            jid = there;
            return true;
        }
        if (!TryPrepare(text, out jid)) return false;
        if (jid._text == text) known = jid;
        return true;
    }

    private static bool TryPrepare(string text, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        var slash = text.IndexOf('/');
        var resource = slash < 0 ? "" : text[(slash + 1)..];
        var bare = slash < 0 ? text : text[..slash];
        var at = bare.IndexOf('@');
        var local = at < 0 ? "" : bare[..at];
        if ((slash >= 0 && resource.Length == 0) || (at >= 0 && local.Length == 0)) return false;

        if (local.Length > 0)
        {
            if (!Precis.TryLocalpart(local, out var prepared)) return false;
            local = prepared;
        }
        if (!Precis.TryDomain(bare[(at + 1)..], out var domain)) return false;
        if (resource.Length > 0)
        {
            if (!Precis.TryResource(resource, out var prepared)) return false;
            resource = prepared;
        }
        jid = new Jid(local, domain, resource);
        return true;
    }

    /// <summary>Reads an address that is known to be good.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static Jid Parse(string text) =>
        TryParse(text, out var jid) ? jid : throw new FormatException($"'{text}' is not an XMPP address");

    public bool Equals(Jid? other) =>
        other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _text == other._text));

    public override bool Equals(object? obj) => Equals(obj as Jid);

    public override int GetHashCode() => _hash;

    public override string ToString() => _text;

    public static bool operator ==(Jid? left, Jid? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Jid? left, Jid? right) => !(left == right);
}
