using System.Text;
using MucComponent.Moving;
using MucComponent.Rooms;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Tests.Conversations;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Moving;

[TestFixture]
public sealed class ExportTests
{
    private static readonly Jid Coven = Jid.Parse("coven@chat.shakespeare.lit");

    [Test, Combinatorial]
    public async Task What_was_exported_and_imported_is_exported_the_same(
        [Values] StorageKind from, [Values] StorageKind to, [Values(1, 2)] int seed)
    {
        await using var here = await MovableStore.OpenAsync(from);
        await using var there = await MovableStore.OpenAsync(to);
        await FillAsync(here.Store, seed);
        var export = await here.ExportAsync();

        Assert.That(await MovableStore.Reader(export).CheckAsync(default), Is.EqualTo(MovableStore.Domain));
        var report = await there.ImportAsync(export);

        Assert.That(Text(await there.ExportAsync()), Is.EqualTo(Text(export)));
        Assert.That((report.Rooms, report.IsWhole), Is.EqualTo((Lines(export, ExportFile.Room), true)));
        Assert.That(report.Rooms, Is.GreaterThan(2), "there was something to move");
        Assert.That(report.Messages, Is.GreaterThan(800));
    }

    [TestCase(StorageKind.Sqlite)]
    [TestCase(StorageKind.Postgres)]
    public async Task The_archives_of_destroyed_rooms_are_carried_to_where_they_are_kept(StorageKind kind)
    {
        await using var here = await MovableStore.OpenAsync(kind);
        await using var there = await MovableStore.OpenAsync(kind);
        await using var memory = await MovableStore.OpenAsync(StorageKind.Memory);
        var random = new RandomChanges(5);
        var (_, claim) = await here.Store.LoadAsync(Coven, default);
        var said = Enumerable.Range(0, 250).Select(_ => random.Message(inHistory: false)).ToList();
        await here.Store.SaveAsync(Coven, claim, [new RoomChanged(random.Room()), .. said.Select(m => new MessageKept(m))], default);
        var archive = new DestroyedArchive(Guid.NewGuid(), "The Coven", said[^1].At, TimeSpan.FromDays(30));
        await here.Store.SaveAsync(Coven, claim, [new RoomDestroyed(null) { Archive = archive }], default);
        var export = await here.ExportAsync();
        Assert.That(Lines(export, ExportFile.Message), Is.EqualTo(250));

        await there.ImportAsync(export);
        var again = await there.ImportAsync(export);
        var left = await memory.ImportAsync(export);

        Assert.That(Text(await there.ExportAsync()), Is.EqualTo(Text(export)));
        Assert.That(again.IsWhole, Is.True);
        Assert.That(left.Lines(), Has.Some.StartsWith("not carried: the archive of a destroyed room"));
    }

    [Test]
    public async Task Half_of_an_export_is_refused_wherever_it_breaks_off()
    {
        await using var here = await MovableStore.OpenAsync(StorageKind.Memory);
        await FillAsync(here.Store, 3);
        var export = await here.ExportAsync();

        for (var length = 0; length < export.Length; length += 1 + (export.Length / 97))
            Assert.That(() => MovableStore.Reader(export[..length]).CheckAsync(default), Throws.TypeOf<FormatException>(), $"the first {length} bytes");
        Assert.That(() => MovableStore.Reader(export[..^1]).CheckAsync(default), Throws.Nothing, "the last line break is for those who look at it");
    }

    [TestCase("it breaks off after line 3: the export was not written to its end")]
    public async Task Where_it_breaks_off_is_said(string what)
    {
        await using var here = await MovableStore.OpenAsync(StorageKind.Memory);
        await FillAsync(here.Store, 3);
        var lines = Text(await here.ExportAsync()).Split('\n');

        Assert.That(
            () => MovableStore.Reader(Encoding.UTF8.GetBytes(string.Join('\n', lines.Take(3)) + "\n")).CheckAsync(default),
            Throws.TypeOf<FormatException>().With.Message.EqualTo(what));
    }

    [Test]
    public async Task An_export_that_was_changed_is_refused()
    {
        await using var here = await MovableStore.OpenAsync(StorageKind.Memory);
        await FillAsync(here.Store, 3);
        var export = await here.ExportAsync();
        var changed = Encoding.UTF8.GetBytes(Text(export).Replace("mew'd", "mew'e", StringComparison.Ordinal));
        Assert.That(changed, Is.Not.EqualTo(export));

        Assert.That(() => MovableStore.Reader(changed).CheckAsync(default), Throws.TypeOf<FormatException>().With.Message.Contains("the checksum is wrong"));
        Assert.That(() => MovableStore.Reader([.. export, .. export]).CheckAsync(default), Throws.TypeOf<FormatException>().With.Message.Contains("more after the end"));
    }

    [TestCase("", "the file is empty")]
    [TestCase("hello\n", "this is no export of rooms")]
    [TestCase("{}\n", "this is no export of rooms")]
    [TestCase("""{"record":"room","jid":"a@b"}""", "this is no export of rooms")]
    [TestCase("""{"record":"export","format":"muc-rooms","version":2,"domain":"chat.shakespeare.lit"}""", "it is of version 2, made by a newer release; this one knows up to 1")]
    public void What_is_no_export_is_refused(string text, string why) =>
        Assert.That(
            () => MovableStore.Reader(Encoding.UTF8.GetBytes(text)).CheckAsync(default), Throws.TypeOf<FormatException>().With.Message.Contains(why));

    [Test]
    public void A_line_without_an_end_is_not_read_into_memory()
    {
        var endless = new byte[40 << 20];
        Array.Fill(endless, (byte)' ');

        Assert.That(() => MovableStore.Reader(endless).CheckAsync(default), Throws.TypeOf<FormatException>().With.Message.EqualTo("line 1 is longer than any export's"));
    }

    [Test]
    public async Task An_export_written_by_hand_needs_to_say_no_more_than_it_must()
    {
        await using var here = await MovableStore.OpenAsync(StorageKind.Sqlite);
        var export = Encoding.UTF8.GetBytes("""
            {"record":"export","format":"muc-rooms","version":1,"domain":"chat.shakespeare.lit"}
            {"record":"room","jid":"coven@chat.shakespeare.lit","created":"2026-05-01T12:00:00Z","salt":"s","options":{"muc#roomconfig_roomname":["A Dark Cave"],"muc#roomconfig_archiveretention":["7"]}}
            {"record":"affiliation","jid":"crone1@shakespeare.lit","affiliation":"owner"}
            {"record":"end"}

            """.ReplaceLineEndings("\n"));

        await here.ImportAsync(MovableStore.Read(WithEnd(export)));

        var (stored, _) = await here.Store.LoadAsync(Coven, default);
        Assert.That((stored.Room?.Name, stored.Room?.Listed, stored.Room?.Retention), Is.EqualTo(("A Dark Cave", true, TimeSpan.FromDays(7))));
        Assert.That(stored.Affiliations.Values, Is.EqualTo(new[] { new AffiliationRecord(Jid.Parse("crone1@shakespeare.lit"), Affiliation.Owner, null, null) }));
    }

    [Test]
    public async Task The_example_in_the_description_of_the_format_is_an_export()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "EXPORT.md"));
        var start = page.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        var example = Encoding.UTF8.GetBytes(page[start..page.IndexOf("```", start, StringComparison.Ordinal)]);
        await using var here = await MovableStore.OpenAsync(StorageKind.Sqlite);

        Assert.That(await MovableStore.Reader(example).CheckAsync(default), Is.EqualTo(Jid.Parse("conference.example.org")));
        var report = await here.ImportAsync(example);

        Assert.That((report.Rooms, report.Affiliations, report.Messages), Is.EqualTo((1, 1, 1)));
        var said = (await here.Store.LoadAsync(Jid.Parse("coven@conference.example.org"), default)).Stored.History.Single();
        Assert.That((said.Id.Version, ArchiveQuery.Start(said.At).CompareTo(said.Id) <= 0), Is.EqualTo((7, true)));
    }

    /// <summary>Some rooms with all that a room may have, and a tombstone or two.</summary>
    internal static async Task FillAsync(IRoomStore store, int seed)
    {
        var random = new RandomChanges(seed);
        for (var i = 0; i < 4; i++)
        {
            var room = Jid.Parse($"room{i}@chat.shakespeare.lit");
            var (stored, claim) = await store.LoadAsync(room, default);
            for (var step = 0; step < 40; step++)
            {
                var changes = random.Step(stored.Room is not null);
                await store.SaveAsync(room, claim, changes, default);
                stored = changes.Aggregate(stored, (s, change) => s.With(change));
            }
            if (i == 3) continue;
            List<MessageRecord> messages = [.. Enumerable.Range(0, 300 + (i * 100)).Select(n => random.Message(inHistory: n % 4 > 0))];
            await store.SaveAsync(room, claim, [new RoomChanged(random.Room()), .. messages.Select(m => new MessageKept(m))], default);
            await store.DeliveredAsync([new Delivery(room, messages[^(i + 1)].Id)], default);
        }
        var gone = Jid.Parse("gone@chat.shakespeare.lit");
        var (_, free) = await store.LoadAsync(gone, default);
        await store.SaveAsync(gone, free, [new RoomDestroyed(new Tombstone("Macbeth doth come", Coven, DateTimeOffset.UnixEpoch.AddDays(30_000)))], default);
    }

    // As sha256sum would have it of the lines before.
    private static byte[] WithEnd(byte[] export)
    {
        var lines = Text(export).TrimEnd('\n').Split('\n')[..^1];
        var text = string.Join('\n', lines) + "\n";
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return Encoding.UTF8.GetBytes($"{text}{{\"record\":\"end\",\"sha256\":\"{hash}\"}}\n");
    }

    private static long Lines(byte[] export, string record) =>
        Text(export).Split('\n').Count(line => line.StartsWith($"{{\"record\":\"{record}\"", StringComparison.Ordinal));

    private static string Text(byte[] export) => Encoding.UTF8.GetString(export);
}
