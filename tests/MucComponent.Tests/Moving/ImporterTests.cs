using System.Text;
using MucComponent.Moving;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Moving;

[TestFixture(StorageKind.Memory)]
[TestFixture(StorageKind.Sqlite)]
[TestFixture(StorageKind.Postgres)]
public sealed class ImporterTests(StorageKind kind)
{
    private static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit");

    private MovableStore _from = null!;
    private MovableStore _to = null!;

    [SetUp]
    public async Task Open() => (_from, _to) = (await MovableStore.OpenAsync(StorageKind.Memory), await MovableStore.OpenAsync(kind));

    [TearDown]
    public async Task Close()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
    }

    [Test]
    public async Task An_import_that_breaks_off_is_completed_by_the_next_and_nothing_is_doubled([Values(1, 40, 300, 700, 1_100)] int after)
    {
        await ExportTests.FillAsync(_from.Store, 4);
        var export = await _from.ExportAsync();

        Assert.That(() => _to.ImportAsync(BreaksOffAsync(export, after)), Throws.TypeOf<IOException>());
        Assert.That(Text(await _to.ExportAsync()), Is.Not.EqualTo(Text(export)));
        await _to.ImportAsync(export);

        Assert.That(Text(await _to.ExportAsync()), Is.EqualTo(Text(export)));
    }

    [Test]
    public async Task A_room_of_which_only_a_part_is_there_is_closed()
    {
        var random = new RandomChanges(1);
        var record = random.Room() with { Locked = false, Listed = true };
        await KeepAsync(_from, [new RoomChanged(record), .. Enumerable.Range(0, 1_200).Select(_ => new MessageKept(random.Message(inHistory: false)))]);
        var export = await _from.ExportAsync();

        Assert.That(() => _to.ImportAsync(BreaksOffAsync(export, 900)), Throws.TypeOf<IOException>());
        var part = (await _to.Store.LoadAsync(Coven, default)).Stored.Room!;
        var report = await _to.ImportAsync(export);
        var whole = (await _to.Store.LoadAsync(Coven, default)).Stored.Room!;

        Assert.That((part.Locked, part.Listed, part.Extra.ContainsKey(Portion.Unfinished)), Is.EqualTo((true, false, true)));
        Assert.That((whole.Locked, whole.Listed, whole.Extra.ContainsKey(Portion.Unfinished)), Is.EqualTo((false, true, false)));
        Assert.That(report.MessagesThere, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_ban_for_a_time_still_ends_by_itself()
    {
        var room = Given.Coven.Open().Executes(Given.Coven.Crone1, "ban", "", ("who", "hag66@shakespeare.lit"), ("for", "1h")).Room;
        await KeepAsync(_from, [new RoomChanged(room.ToRecord("coven", listed: true))]);

        await _to.ImportAsync(await _from.ExportAsync());

        Assert.That((await _to.Store.LoadAsync(Coven, default)).Stored.Room!.Due, Is.Not.Null.And.EqualTo(room.Due));
    }

    [Test]
    public async Task A_room_that_somebody_makes_at_the_same_moment_is_left_alone_and_told()
    {
        var random = new RandomChanges(4);
        await KeepAsync(_from, [new RoomChanged(random.Room()), .. Enumerable.Range(0, 1_200).Select(_ => new MessageKept(random.Message(inHistory: false)))]);
        var (report, busy) = (new MovingReport(_ => { }), new Busy(_to.Store));

        await new Importer(busy, report).TakeAsync(MovableStore.Read(await _from.ExportAsync()), default);

        Assert.That(busy.Refused, Is.EqualTo(1), "what follows of it is not tried");
        Assert.That(report.Lines(), Has.One.StartsWith("not carried: all or the rest of a room that somebody made or destroyed at the same moment (1 time; coven@"));
    }

    [Test]
    public async Task A_room_that_is_there_already_stays_as_it_is()
    {
        var random = new RandomChanges(2);
        var (mine, theirs) = (random.Room() with { Name = "mine" }, random.Room() with { Name = "theirs" });
        await KeepAsync(_to, [new RoomChanged(mine)]);
        await KeepAsync(_from, [new RoomChanged(theirs), new MessageKept(random.Message(inHistory: true))]);

        var report = await _to.ImportAsync(await _from.ExportAsync());

        var stored = (await _to.Store.LoadAsync(Coven, default)).Stored;
        Assert.That((stored.Room!.Name, stored.History.Count, report.AlreadyThere), Is.EqualTo(("mine", 0, 1)));
    }

    [Test]
    public async Task A_room_that_is_there_already_is_brought_up_to_date_where_that_is_wanted()
    {
        var random = new RandomChanges(3);
        List<MessageKept> said = [.. Enumerable.Range(0, 30).Select(_ => new MessageKept(random.Message(inHistory: true)))];
        await KeepAsync(_from, [new RoomChanged(random.Room()), .. said[..20]]);
        await _to.ImportAsync(await _from.ExportAsync());
        await KeepAsync(_from, [new RoomChanged(random.Room()), .. said[20..]]);
        var export = await _from.ExportAsync();

        var report = await _to.ImportAsync(export, update: true);

        Assert.That(Text(await _to.ExportAsync()), Is.EqualTo(Text(export)));
        Assert.That(report.MessagesThere, Is.EqualTo(20));
    }

    [Test]
    public async Task A_dry_run_changes_nothing()
    {
        await ExportTests.FillAsync(_from.Store, 5);
        var empty = await _to.ExportAsync();

        var report = await _to.ImportAsync(await _from.ExportAsync(), dryRun: true);

        Assert.That(Text(await _to.ExportAsync()), Is.EqualTo(Text(empty)));
        Assert.That(report.Rooms, Is.GreaterThan(2));
    }

    private static async Task KeepAsync(MovableStore store, IReadOnlyList<Change> changes)
    {
        var (_, claim) = await store.Store.LoadAsync(Coven, default);
        await store.Store.SaveAsync(Coven, claim, changes, default);
        if (changes.OfType<MessageKept>().LastOrDefault() is { Message.Id: var last }) await store.Store.DeliveredAsync([new(Coven, last)], default);
    }

    private static async IAsyncEnumerable<Moved> BreaksOffAsync(byte[] export, int after)
    {
        await foreach (var piece in MovableStore.Read(export))
        {
            if (after-- == 0) throw new IOException("the disk went away");
            yield return piece;
        }
    }

    private static string Text(byte[] export) => Encoding.UTF8.GetString(export);

    /// <summary>Somebody else makes the room each time.</summary>
    private sealed class Busy(IWholeStore store) : IDestination
    {
        private readonly IntoStore _store = new(store);

        public int Refused { get; private set; }

        public bool TakesSessions => true;

        public Task<StoredRoom> SeeAsync(Jid room, CancellationToken stop) => _store.SeeAsync(room, stop);

        public Task<bool> PutAsync(Jid room, Portion portion, CancellationToken stop)
        {
            Refused++;
            return Task.FromResult(false);
        }

        public Task FinishAsync(Jid room, Guid upTo, CancellationToken stop) => throw new InvalidOperationException("it is not there");

        public Task<IReadOnlySet<Guid>> ListMessagesAsync(Jid room, Guid first, Guid last, CancellationToken stop) => _store.ListMessagesAsync(room, first, last, stop);

        public Task<bool> KeepDestroyedAsync(Jid room, DestroyedArchive archive, IReadOnlyList<MessageRecord> messages, CancellationToken stop) =>
            _store.KeepDestroyedAsync(room, archive, messages, stop);
    }
}
