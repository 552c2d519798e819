using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>
/// Whom the operator shuts out of the service, rooms and all: by settings, by the file of bans, by the block lists of others
/// (<see cref="RemoteBlockList"/>). Who is in a room when a list comes to name them is removed.
/// </summary>
public sealed class BlockLists : IAsyncDisposable
{
    /// <summary>How often the file is looked at, and the rooms are gone through for who came in meanwhile.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    /// <summary>Verdicts that are remembered: SHA-256 is dear for each stanza.</summary>
    private const int MostKnown = 10_000;

    private readonly MucOptions _options;
    private readonly Action<Func<Jid, bool>> _shutOut;
    private readonly ILogger _log;
    private readonly bool _hasOwn;
    private readonly BansFile? _file;
    private readonly RemoteBlockList[] _remote;
    private readonly Lock _lock = new();
    private readonly Dictionary<Jid, bool> _known = [];
    private readonly ITimer? _timer;
    private bool _hasChanged;

    /// <param name="shutOut">Has all rooms remove whoever is named.</param>
    public BlockLists(MucOptions options, IOutbox outbox, Action<Func<Jid, bool>> shutOut, TimeProvider clock, ILogger log)
    {
        (_options, _shutOut, _log) = (options, shutOut, log);
        _hasOwn = !options.Allowed.Equals(Who.Anyone) || !options.Denied.IsEmpty;
        if (options.BansFile is { } path) _file = new BansFile(path, log);
        _remote = [.. options.BlockLists.Select(address => new RemoteBlockList(address, options, outbox, Changed, clock, log))];
        if (_hasOwn || _file is not null || _remote.Length > 0) _timer = clock.CreateTimer(_ => Look(), null, Round, Round);
    }

    /// <summary>The link is up: the lists of others are asked for anew.</summary>
    public void Start()
    {
        foreach (var list in _remote) list.Ask();
    }

    /// <summary>Whether a stanza to the service is from one of the lists; then it is done with.</summary>
    public bool Takes(Stanza stanza)
    {
        foreach (var list in _remote)
            if (list.Takes(stanza)) return true;
        return false;
    }

    /// <param name="person">Bare.</param>
    public bool ShutsOut(Jid person)
    {
        if (!_hasOwn && _file is null && _remote.Length == 0) return false;
        if (_options.Admins.Contains(person) || person == _options.Domain) return false;
        if (_hasOwn && (!_options.Allowed.Includes(person, _options.Admins) || _options.Denied.Names(person))) return true;
        if (_file?.Bans.Names(person) == true) return true;
        return _remote.Length > 0 && IsListed(person);
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null) await _timer.DisposeAsync().ConfigureAwait(false);
        foreach (var list in _remote) await list.DisposeAsync().ConfigureAwait(false);
    }

    private bool IsListed(Jid person)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(person, out var isListed)) return isListed;
        }
        string[] entries = [Hash(person.ToString()), Hash(person.Domain)];
        var listed = _remote.FirstOrDefault(list => entries.Any(list.Names));
        if (listed is not null && _options.IsBlockListsDryRun)
        {
            var entry = entries.First(listed.Names);
            _log.WouldShutOut(listed.Address.ToString(), entry);
            _log.EntryIs(entry, person);
        }
        lock (_lock)
        {
            if (_known.Count >= MostKnown) _known.Clear();
            return _known[person] = listed is not null && !_options.IsBlockListsDryRun;
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Called while a stanza is being read, which must not wait: the rooms are gone through soon, by the timer's thread.
    private void Changed()
    {
        lock (_lock)
        {
            _known.Clear();
            if (_hasChanged) return;
            _hasChanged = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(_ => Sweep(), null);
    }

    private void Look()
    {
        _file?.Look();
        Sweep();
    }

    private void Sweep()
    {
        lock (_lock) _hasChanged = false;
        _shutOut(ShutsOut);
    }
}
