using System.Runtime.InteropServices;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>
/// What waits for one room. While much waits, nobody has more than a part of the places that are left: who floods fills only a part,
/// a thousand who flood together have one or two each, and whoever has nothing waiting still gets in. For one caller at a time.
/// </summary>
public sealed class Mailbox
{
    /// <summary>Stanzas that wait for one room. Beyond it a sender hears <c>resource-constraint</c>, and the reader is never held up.</summary>
    public const int Bound = 10_000;

    /// <summary>The most that one person gets of them.</summary>
    public const int Share = Bound / 11;

    /// <summary>In a large room each message is much work: about a second's, as copies, is what the shares are of.</summary>
    private const int Work = 1_000_000;

    private const int LeastPlaces = 1_000;

    /// <summary>Waiting for all rooms: as it comes near, there are fewer places in each, so that who floods a thousand rooms has no thousand shares.</summary>
    private const int BoundOfAll = 100_000;

    /// <summary>Beyond that there is still room for what cannot be refused: of somebody who goes the server tells us only once.</summary>
    public const int ReservedForGoodbyes = 10_000;

    private readonly Queue<Heard> _waiting = new();

    // How many are whose; null while there is no need to know.
    private Dictionary<Jid, int>? _shares;

    public int Count => _waiting.Count;

    /// <summary>False if there is no place for it.</summary>
    /// <param name="occupants">Of the room, to each of whom a message goes.</param>
    /// <param name="inAll">How many wait for all rooms.</param>
    public bool TryAdd(Heard heard, int occupants, int inAll)
    {
        if (_waiting.Count >= (heard.Stanza.MayBeRefused ? Bound : Bound + ReservedForGoodbyes)) return false;
        var places = Math.Clamp(Work / Math.Max(1, occupants), LeastPlaces, Bound);
        var share = Math.Max(1, Math.Min((places - _waiting.Count) / 10, (BoundOfAll - inAll) / 100));
        // As long as fewer wait, they may all be one person's.
        if ((_shares is not null || _waiting.Count >= share) && !TryShare(heard.Stanza, share)) return false;
        _waiting.Enqueue(heard);
        return true;
    }

    public bool TryTake(out Heard heard)
    {
        if (!_waiting.TryDequeue(out heard)) return false;
        if (_shares is null) return true;
        if (_waiting.Count == 0) _shares = null;
        else if (--ShareOf(_shares, heard.Stanza) == 0) _shares.Remove(heard.Stanza.From!.Bare);
        return true;
    }

    /// <summary>Lets go of the places that a busy time took.</summary>
    public void TrimExcess() => _waiting.TrimExcess();

    private bool TryShare(Stanza stanza, int most)
    {
        if (_shares is null)
        {
            _shares = [];
            foreach (var waiting in _waiting) ShareOf(_shares, waiting.Stanza)++;
        }
        ref var share = ref ShareOf(_shares, stanza);
        if (share >= most && stanza.MayBeRefused) return false;
        share++;
        return true;
    }

    private static ref int ShareOf(Dictionary<Jid, int> shares, Stanza stanza) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(shares, stanza.From!.Bare, out _);
}
