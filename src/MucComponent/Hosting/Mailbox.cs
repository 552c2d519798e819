using System.Runtime.InteropServices;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// What waits for one room. While much waits, nobody has more than a tenth of the places: who floods fills only those, and the
/// others still get in. For one caller at a time.
/// </summary>
public sealed class Mailbox
{
    /// <summary>Stanzas that wait for one room. Beyond it a sender hears <c>resource-constraint</c>, and the reader is never held up.</summary>
    public const int Bound = 10_000;

    /// <summary>Of one sender (by bare JID).</summary>
    public const int Share = 1_000;

    /// <summary>Beyond that there is still room for what cannot be refused: of somebody who goes the server tells us only once.</summary>
    public const int ReservedForGoodbyes = 10_000;

    private readonly Queue<Stanza> _waiting = new();

    // How many are whose; null while there is no need to know.
    private Dictionary<Jid, int>? _shares;

    public int Count => _waiting.Count;

    /// <summary>False if there is no place for it.</summary>
    public bool TryAdd(Stanza stanza)
    {
        if (_waiting.Count >= (stanza.MayBeRefused ? Bound : Bound + ReservedForGoodbyes)) return false;
        if ((_shares is not null || _waiting.Count >= Share) && !TryShare(stanza)) return false;
        _waiting.Enqueue(stanza);
        return true;
    }

    public bool TryTake(out Stanza? stanza)
    {
        if (!_waiting.TryDequeue(out stanza)) return false;
        if (_shares is null) return true;
        if (_waiting.Count == 0) _shares = null;
        else if (--ShareOf(_shares, stanza) == 0) _shares.Remove(stanza.From!.Bare);
        return true;
    }

    /// <summary>Gives back the memory that nothing is in.</summary>
    public void Rest() => _waiting.TrimExcess();

    private bool TryShare(Stanza stanza)
    {
        if (_shares is null)
        {
            _shares = [];
            foreach (var waiting in _waiting) ShareOf(_shares, waiting)++;
        }
        ref var share = ref ShareOf(_shares, stanza);
        if (share >= Share && stanza.MayBeRefused) return false;
        share++;
        return true;
    }

    private static ref int ShareOf(Dictionary<Jid, int> shares, Stanza stanza) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(shares, stanza.From!.Bare, out _);
}
