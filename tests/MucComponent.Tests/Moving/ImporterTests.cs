using System.Text;
using MucComponent.Moving;
using MucComponent.Rooms;
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
}
