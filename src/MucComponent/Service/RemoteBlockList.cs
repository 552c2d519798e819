using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using MucComponent.Component;
using MucComponent.Rooms;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>
/// A block list that somebody else keeps (RTBL): a node (XEP-0060) whose items' ids are the SHA-256 of bare JIDs and domains, in
/// hexadecimal. The service subscribes to it, gets all of it (in pages where the node's service knows XEP-0059), and hears of changes
/// as they happen. If the node is missing, makes no sense or is enormous, that is said once and the last good list stays, also
/// over a restart; it is asked again, ever more seldom.
/// </summary>
internal sealed class RemoteBlockList : IAsyncDisposable
{
    /// <summary>More are not a list but an attack: some tens of MB.</summary>
    public const int MaxItems = 100_000;

    private const int PageSize = 1_000;
    private const int HashLength = 64;

    private static readonly XNamespace Event = "http://jabber.org/protocol/pubsub#event";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Jid _service;
    private readonly string _node;
    private readonly MucOptions _options;
    private readonly IOutbox _outbox;
    private readonly Action _changed;
    private readonly ILogger _log;
    private readonly KeptLines _kept;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    private HashSet<string> _items = [];
    private HashSet<string>? _coming;
    private string? _asked;
    private string? _told;
    private TimeSpan _pause = Patience;

    /// <param name="address">The service with the node as its resource.</param>
    /// <param name="changed">Called when somebody may be named who was not. Must not wait.</param>
    public RemoteBlockList(Jid address, MucOptions options, IOutbox outbox, Action changed, TimeProvider clock, ILogger log)
    {
        (_service, _node, Address, _options, _outbox, _changed, _log) = (address.Bare, address.Resource, address, options, outbox, changed, log);
        _kept = new KeptLines(Path.Combine(options.DataDir, $"block-list-{Uri.EscapeDataString(address.ToString())}"), Items);
        _timer = clock.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _items = [.. _kept.Read(MaxItems).Where(IsHash)];
    }

    public Jid Address { get; }

    public bool Names(string hash)
    {
        lock (_lock) return _items.Contains(hash);
    }

    /// <summary>Subscribes, and asks for all of it.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            _coming = [];
            Send("set", $"block-list-{Guid.NewGuid():N}", new XElement(Ns.PubSub + "subscribe", new XAttribute("node", _node), new XAttribute("jid", _options.Domain.ToString())));
            AskPage(null);
        }
    }

    /// <summary>Whether this is from the list's service; then it is done with.</summary>
    public bool Takes(Stanza stanza)
    {
        if (stanza.From?.Bare != _service) return false;
        if (stanza is { Kind: StanzaKind.Iq, Type: "result" or "error" } && stanza.Id is { } id && id.StartsWith("block-list-", StringComparison.Ordinal))
        {
            Answered(stanza, id);
            return true;
        }
        return stanza is { Kind: StanzaKind.Message } && stanza.Child(Event + "event") is { } news && Happened(news);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _kept.DisposeAsync().ConfigureAwait(false);
    }

    private string[] Items()
    {
        lock (_lock) return [.. _items];
    }

    private void Answered(Stanza answer, string id)
    {
        lock (_lock)
        {
            if (answer.IsError)
            {
                // Of the subscription, or of the items; either way it is not as it should be.
                Fail($"it answers {answer.ErrorCondition}");
                return;
            }
            if (id != _asked || _coming is null) return;
            if (answer.Child(Ns.PubSub + "pubsub") is not { } pubsub || pubsub.Element(Ns.PubSub + "items") is not { } items) Fail("its answer is no list");
            else TakePage(items, pubsub.Element(Ns.ResultSet + "set"));
        }
    }

    private void TakePage(XElement items, XElement? set)
    {
        var (all, before) = (0, _coming!.Count);
        foreach (var item in items.Elements(Ns.PubSub + "item"))
        {
            all++;
            if (item.Attribute("id")?.Value.ToLowerInvariant() is { } hash && IsHash(hash)) _coming.Add(hash);
        }
        if (_coming.Count > MaxItems) Fail($"it has more than {MaxItems} entries");
        else if (all > 0 && _coming.Count == 0) Fail("its entries are no SHA-256");
        else if (set?.Element(Ns.ResultSet + "last")?.Value is { Length: > 0 } last && int.TryParse((string?)set.Element(Ns.ResultSet + "count"), out var count)
                 && _coming.Count > before && _coming.Count < count) AskPage(last);
        else
        {
            (_items, _coming, _asked, _told, _pause) = (_coming, null, null, null, Patience);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _log.BlockListRead(Address.ToString(), _items.Count);
            _kept.Changed();
            _changed();
        }
    }

    private bool Happened(XElement news)
    {
        lock (_lock)
        {
            if (news.Element(Event + "delete") is { } deleted && deleted.Attribute("node")?.Value == _node) Fail("it was deleted");
            if (news.Element(Event + "purge") is { } purged && purged.Attribute("node")?.Value == _node) _items = [];
            if (news.Element(Event + "items") is { } items && items.Attribute("node")?.Value == _node)
                foreach (var item in items.Elements())
                    if (item.Attribute("id")?.Value.ToLowerInvariant() is { } hash && IsHash(hash)) Happened(hash, item.Name.LocalName == "item");
        }
        _kept.Changed();
        _changed();
        return true;
    }

    private void Happened(string hash, bool isIn)
    {
        foreach (var set in new[] { _items, _coming })
        {
            if (!isIn) set?.Remove(hash);
            else if (set?.Count < MaxItems) set.Add(hash);
        }
    }

    private void OnTime()
    {
        bool isLate;
        lock (_lock)
        {
            isLate = _coming is not null;
            if (isLate) Fail("it does not answer");
        }
        if (!isLate) Ask();
    }

    private void Fail(string why)
    {
        (_coming, _asked) = (null, null);
        if (_told != why) _log.BlockListNotRead(Address.ToString(), why, _items.Count);
        _told = why;
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    private void AskPage(string? after)
    {
        _asked = $"block-list-{Guid.NewGuid():N}";
        Send(
            "get", _asked, new XElement(Ns.PubSub + "items", new XAttribute("node", _node)),
            new XElement(Ns.ResultSet + "set", new XElement(Ns.ResultSet + "max", PageSize), after is null ? null : new XElement(Ns.ResultSet + "after", after)));
        _timer.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private void Send(string type, string id, params object[] payload) => _outbox.TrySend(new Outgoing(
        new Stanza(StanzaKind.Iq) { Type = type, Id = id, From = _options.Domain, Children = [new XElement(Ns.PubSub + "pubsub", payload)] }, [_service]));

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}
