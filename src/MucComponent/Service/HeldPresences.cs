using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>
/// Changes of availability (XEP-0045 §7.7) that come too fast: the newest waits until it is time for it, and what it replaces is
/// forgotten. Nothing is refused, since nobody is waiting for an answer, and in the end everybody sees what is true.
/// </summary>
public sealed class HeldPresences(Rate? rate, IRooms rooms, TimeProvider clock) : IDisposable
{
    /// <summary>Beyond that many at once they are let through.</summary>
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Paces<(Jid, Jid)>? _paces = rate is null ? null : new(clock, rate);
    private readonly Dictionary<(Jid From, Jid Room), (Stanza Newest, ITimer Timer)> _held = [];
    private bool _isOver;

    /// <summary>Whether it waits; otherwise it goes on now.</summary>
    public bool Holds(Stanza presence)
    {
        if (_paces is null) return false;
        var key = KeyOf(presence);
        lock (_lock)
        {
            if (_held.TryGetValue(key, out var there) && there.Newest.To == presence.To)
            {
                _held[key] = there with { Newest = presence };
                return true;
            }
            // To another nick: that is another matter, and says by itself what is new.
            ForgetNow(key);
            if (_paces.TryTake(key, out var wait) || _held.Count >= Most || _isOver) return false;
            _held[key] = (presence, clock.CreateTimer(_ => Release(key), null, wait, Timeout.InfiniteTimeSpan));
            return true;
        }
    }

    /// <summary>The session goes, or comes anew: what it said before matters no more.</summary>
    public void Forget(Stanza presence)
    {
        if (_paces is null) return;
        lock (_lock) ForgetNow(KeyOf(presence));
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (var (_, timer) in _held.Values) timer.Dispose();
            _held.Clear();
        }
    }

    private static (Jid, Jid) KeyOf(Stanza presence) => (presence.From!, presence.To!.Bare);

    private void ForgetNow((Jid, Jid) key)
    {
        if (_held.Remove(key, out var held)) held.Timer.Dispose();
    }

    // Under the lock, so that a goodbye which comes now comes after it.
    private void Release((Jid From, Jid) key)
    {
        lock (_lock)
        {
            if (!_held.Remove(key, out var held)) return;
            held.Timer.Dispose();
            _paces!.TryTake(key);
            rooms.Post(held.Newest);
        }
    }
}
