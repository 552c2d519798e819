using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Component;
using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Telemetry;
using MucComponent.Tests.Component;
using MucComponent.Tests.Given;
using MucComponent.Xmpp;

namespace MucComponent.Tests.Hosting;

/// <summary>
/// Rooms between a store and an outbox that a test can watch, hold up and break. All that is kept and all that is sent goes
/// into one journal, in the order it happens.
/// </summary>
public sealed class HostedRooms : IDisposable
{
    public const string Crone1 = "crone1@shakespeare.lit/desktop";
    public const string Hag66 = "hag66@shakespeare.lit/pda";
    public const string Coven = "coven@chat.shakespeare.lit";

    /// <summary>Against tests that would never end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<string> _journal = [];
    private readonly List<(string To, XElement Stanza)> _sent = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostedRooms(IRoomStore? kept = null, ServicePolicy? policy = null)
    {
        Kept = kept ?? new MemoryRoomStore();
        Delivering = delivery => Kept.DeliveredAsync([delivery], default);
        Store = new Watched(this);
        policy ??= new ServicePolicy();
        Rooms = new LocalRooms(new RoomEngine(FeatureList.Standard(policy), policy), Store, new Box(this), Clock, Log);
    }

    public LocalRooms Rooms { get; }

    public IRoomStore Kept { get; }

    /// <summary>The same, as the rooms see it.</summary>
    public IRoomStore Store { get; }

    /// <summary>Asked before rooms are listed: it may throw.</summary>
    public Action Listing { get; set; } = () => { };

    public FakeClock Clock { get; } = new();

    public LogBook<LocalRooms> Log { get; } = new();

    /// <summary>Asked before anything is kept: it may wait or throw.</summary>
    public Func<Jid, IReadOnlyList<Change>, Task> Saving { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Asked before an archive is read: it may wait or throw.</summary>
    public Func<Jid, Task> Reading { get; set; } = _ => Task.CompletedTask;

    /// <summary>Asked before anything a room waits for is sent: it may wait.</summary>
    public Func<ImmutableArray<Outgoing>, Task> Sending { get; set; } = _ => Task.CompletedTask;

    /// <summary>Told when all of a turn was sent; the server gets it at once, if it is not told otherwise.</summary>
    public Func<Delivery, Task> Delivering { get; set; }

    /// <summary>What was kept and sent, in order: <c>kept MessageKept</c>, <c>sent groupchat to hag66@shakespeare.lit/pda</c>.</summary>
    public IReadOnlyList<string> Journal
    {
        get { lock (_gate) return [.. _journal]; }
    }

    public void Dispose() => Rooms.Dispose();

    /// <summary>A room hears a stanza, written as in the XEP.</summary>
    public void Hears(string xml)
    {
        var element = XElement.Parse($"<x xmlns='{Ns.Client}'>{xml}</x>").Elements().Single();
        if (!Stanza.TryFrom(element, out var stanza)) throw new ArgumentException("not a stanza: " + xml, nameof(xml));
        Rooms.Post(stanza);
    }

    public void Join(string who, string nick, string room = Coven) =>
        Hears($"<presence from='{who}' to='{room}/{nick}' id='join'><x xmlns='http://jabber.org/protocol/muc'/></presence>");

    public void Leave(string who, string nick, string room = Coven) => Hears($"<presence from='{who}' to='{room}/{nick}' type='unavailable'/>");

    public void Say(string who, string id, string room = Coven) =>
        Hears($"<message from='{who}' to='{room}' type='groupchat' id='{id}'><body>{id}</body></message>");

    /// <summary>The owner opens the room with these settings (<c>muc#roomconfig_…</c> without its prefix).</summary>
    public void Configure(string room = Coven, params (string Name, string Value)[] fields) => Hears($"""
        <iq from='{Crone1}' to='{room}' type='set' id='config'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>
          <field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
          {string.Concat(fields.Select(f => $"<field var='muc#roomconfig_{f.Name}'><value>{f.Value}</value></field>"))}
        </x></query></iq>
        """);

    /// <summary>A room that is open, with <c>crone1</c> in it as <c>firstwitch</c>, and <c>hag66</c> as <c>thirdwitch</c>.</summary>
    public async Task OpenAsync(string room = Coven)
    {
        Join(Crone1, "firstwitch", room);
        Configure(room);
        Join(Hag66, "thirdwitch", room);
        await ToldAsync(Hag66, s => s.Name.LocalName == "message" && (string?)s.Attribute("from") is { } from && from.StartsWith(room, StringComparison.Ordinal));
    }

    /// <summary>A room that is open, with its creator in it.</summary>
    public async Task OpenByAsync(string room, string creator)
    {
        Join(creator, "firstwitch", room);
        Hears($"<iq from='{creator}' to='{room}' type='set' id='open'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>");
        await ToldAsync(creator, s => (string?)s.Attribute("id") == "open" && (string?)s.Attribute("from") == room);
    }

    /// <summary>All that this address was told so far.</summary>
    public IReadOnlyList<XElement> Told(string to)
    {
        lock (_gate) return [.. _sent.Where(s => s.To == to).Select(s => s.Stanza)];
    }

    /// <summary>Waits until this address was told something like this.</summary>
    public async Task<XElement> ToldAsync(string to, Func<XElement, bool> what)
    {
        await UntilAsync(() => Told(to).Any(what), $"{to} was told: {string.Join('\n', Told(to))}");
        return Told(to).First(what);
    }

    /// <summary>Waits until this address was told the stanza with this id.</summary>
    public Task<XElement> ToldAsync(string to, string id) => ToldAsync(to, s => (string?)s.Attribute("id") == id);

    /// <summary>Looks again whenever something was kept or sent, or a little later.</summary>
    public async Task UntilAsync(Func<bool> done, string otherwise = "")
    {
        for (var end = DateTime.UtcNow + Patience; !done();)
        {
            if (DateTime.UtcNow > end) throw new TimeoutException($"{otherwise}\njournal:\n{string.Join('\n', Journal)}\nlog:\n{string.Join('\n', Log.Lines)}");
            Task changed;
            lock (_gate) changed = _changed.Task;
            await Task.WhenAny(changed, Task.Delay(50));
        }
    }

    /// <summary>The condition of an error, or null.</summary>
    public static string? ErrorOf(XElement stanza) => stanza.Element(Ns.Client + "error")?.Elements().First().Name.LocalName;

    private void Note(string line, IEnumerable<Outgoing> sent)
    {
        lock (_gate)
        {
            _journal.Add(line);
            foreach (var (stanza, to) in sent)
                foreach (var address in to) _sent.Add((address.ToString(), (stanza with { To = address }).ToXml()));
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static string Short(Outgoing outgoing) =>
        $"{outgoing.Stanza.Type ?? Stanza.Name(outgoing.Stanza.Kind)} to {string.Join(" and ", outgoing.To.Select(to => to.ToString()).Order(StringComparer.Ordinal))}";

    private sealed class Watched(HostedRooms around) : IRoomStore
    {
        public Task OpenAsync(CancellationToken stop) => Task.CompletedTask;

        public Task<LoadedRoom> LoadAsync(Jid room, CancellationToken stop) => around.Kept.LoadAsync(room, stop);

        public async Task SaveAsync(Jid room, Claim claim, IReadOnlyList<Change> changes, CancellationToken stop)
        {
            await around.Saving(room, changes).WaitAsync(stop);
            await around.Kept.SaveAsync(room, claim, changes, stop);
            around.Note($"kept {string.Join(", ", changes.Select(c => c.GetType().Name))}", []);
        }

        public Task DeliveredAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop) => around.Kept.DeliveredAsync(deliveries, stop);

        public Task<IReadOnlyList<Jid>> ListTracesAsync(Jid person, Jid? after, int max, CancellationToken stop) => around.Kept.ListTracesAsync(person, after, max, stop);

        public Task<IReadOnlyList<RemovalRecord>> ListRemovalsAsync(int max, CancellationToken stop) => around.Kept.ListRemovalsAsync(max, stop);

        public Task<IReadOnlyList<RemovedMessage>> ReadRemovalAsync(Guid removal, RemovedMessage? after, int max, CancellationToken stop) =>
            around.Kept.ReadRemovalAsync(removal, after, max, stop);

        public Task RemoveAsideAsync(DateTimeOffset now, CancellationToken stop) => around.Kept.RemoveAsideAsync(now, stop);

        public Task<IReadOnlyList<DestroyedMessage>> ReadDestroyedAsync(Jid person, DestroyedMessage? after, int max, CancellationToken stop) =>
            around.Kept.ReadDestroyedAsync(person, after, max, stop);

        public Task RemoveDestroyedAsync(Jid person, CancellationToken stop) => around.Kept.RemoveDestroyedAsync(person, stop);

        public Task<int> RemoveExpiredAsync(DateTimeOffset now, TimeSpan? atMost, int max, CancellationToken stop) =>
            around.Kept.RemoveExpiredAsync(now, atMost, max, stop);

        public Task<IReadOnlyList<Jid>> ListEmptiedAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop)
        {
            around.Listing();
            return around.Kept.ListEmptiedAsync(by, after, max, stop);
        }

        public Task<IReadOnlyList<Jid>> ListDueAsync(DateTimeOffset by, Jid? after, int max, CancellationToken stop)
        {
            around.Listing();
            return around.Kept.ListDueAsync(by, after, max, stop);
        }

        public Task<IReadOnlyList<Jid>> ListOccupiedAsync(Jid? after, int max, CancellationToken stop)
        {
            around.Listing();
            return around.Kept.ListOccupiedAsync(after, max, stop);
        }

        public async Task<ArchivePage?> ReadArchiveAsync(Jid room, ArchiveQuery query, CancellationToken stop)
        {
            await around.Reading(room).WaitAsync(stop);
            return await around.Kept.ReadArchiveAsync(room, query, stop);
        }

        public Task<RoomList> ListAsync(Jid? after, Jid? before, bool backwards, int max, CancellationToken stop) =>
            around.Kept.ListAsync(after, before, backwards, max, stop);

        public Task TryAsync(CancellationToken stop) => around.Kept.TryAsync(stop);

        public Task<IReadOnlyList<RoomSummary>> SurveyAsync(Jid? after, int max, bool hidden, CancellationToken stop) => around.Kept.SurveyAsync(after, max, hidden, stop);

        public Task<StoreFigures> CountAsync(CancellationToken stop) => around.Kept.CountAsync(stop);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Box(HostedRooms around) : IOutbox
    {
        public async ValueTask SendAsync(ImmutableArray<Outgoing> outgoing, CancellationToken stop, Delivery? delivery = null, Passage? passage = null)
        {
            await around.Sending(outgoing).WaitAsync(stop);
            if (delivery is { } arrived) await around.Delivering(arrived);
            if (outgoing.IsEmpty) return;
            around.Note($"sent {string.Join(", ", outgoing.Select(Short))}", outgoing);
        }

        public bool TrySend(Outgoing outgoing)
        {
            around.Note($"sent {Short(outgoing)}", [outgoing]);
            return true;
        }
    }
}
