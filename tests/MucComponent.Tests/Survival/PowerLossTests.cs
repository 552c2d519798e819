using System.Globalization;
using System.Text;
using MucComponent.Conversations;
using MucComponent.Rooms.Reading;
using MucComponent.Storage;
using MucComponent.Tests.Storage;
using MucComponent.Xmpp;
using NUnit.Framework;

namespace MucComponent.Tests.Survival;

/// <summary>
/// Power is lost at the moment at which somebody is told something. A killed process leaves all that it wrote; a machine without
/// power leaves what was synced, and of the rest anything or nothing. Both are made from the calls that the real service made.
/// </summary>
[TestFixture]
public sealed class PowerLossTests() : OnRealServer(Stage.Prosody)
{
    // Enough that SQLite moves its log into the database on the way (a checkpoint: 1000 pages).
    private const int Messages = 40;

    private const int Length = 100_000;

    private static readonly string[] Files = ["rooms.db", "rooms.db-wal"];

    [Test]
    public async Task What_anybody_was_told_is_there_when_all_is_lost_that_was_not_synced()
    {
        var component = await AttachAsync();
        var romeo = await ConnectAsync("romeo");
        await romeo.EnterAsync(Room, options: "muc#roomconfig_enablelogging");
        // Watched first, so that no write is missed: one that is seen and read means the same.
        var watch = Ended(await SystemCalls.WatchAsync(component.Id, "pwrite64,ftruncate,fsync,fdatasync,sendto,sendmsg"));
        var disks = Files.ToDictionary(name => Path.Combine(DataFolder, name), name => new Disk(File.ReadAllBytes(Path.Combine(DataFolder, name))));
        for (var n = 1; n <= Messages; n++)
        {
            await romeo.SayAsync(Room, Words(n) + new string('x', Length));
            await romeo.HearsAsync(s => Person.BodyOf(s)?.StartsWith(Words(n), StringComparison.Ordinal) is true);
        }
        var calls = await watch.EndAsync();

        var random = new Random(4);
        var told = 0;
        var syncs = 0;
        foreach (var (at, call) in calls.SelectMany(c => new[] { (c.Began, c), (c.Ended, c with { Name = $"end of {c.Name}" }) }).OrderBy(c => c.Item1))
        {
            disks.TryGetValue(call.On, out var disk);
            switch (call.Name)
            {
                case "pwrite64":
                    disk?.Write(call.At, call.Bytes);
                    break;
                case "ftruncate":
                    disk?.Truncate(call.At);
                    break;
                case "end of fdatasync" or "end of fsync" when at < int.MaxValue:
                    disk?.Sync();
                    if (disk is not null) syncs++;
                    break;
                case "sendto" or "sendmsg" when told < Messages && call.Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Words(told + 1))) >= 0:
                    told++;
                    await IsThereAsync(told, disks, () => false);
                    await IsThereAsync(told, disks, () => random.Next(2) == 0);
                    break;
            }
        }
        Assert.That(told, Is.EqualTo(Messages), "all that was sent was looked at");
        Assert.That(calls, Has.Some.Matches<SystemCalls.Call>(c => c.Name == "pwrite64" && c.On.EndsWith("rooms.db", StringComparison.Ordinal)), "there was a checkpoint");
        await TestContext.Out.WriteLineAsync($"{Messages} messages, {syncs} syncs; the power was lost {2 * told} times");
    }

    private static string Words(int n) => $"told {n:0000};";

    private static int Number(string xml) => int.Parse(xml.AsSpan(xml.IndexOf("told ", StringComparison.Ordinal) + 5, 4), CultureInfo.InvariantCulture);

    /// <summary>All messages up to this one are in the archive that a machine without power finds.</summary>
    /// <param name="survives">Whether a write that was not synced has reached the disk.</param>
    private static async Task IsThereAsync(int told, Dictionary<string, Disk> disks, Func<bool> survives)
    {
        var folder = new TemporaryFolder();
        try
        {
            foreach (var (path, disk) in disks) await File.WriteAllBytesAsync(folder.File(Path.GetFileName(path)), disk.AfterPowerLoss(survives));
            await using var store = new SqliteRoomStore(folder.Path);
            await store.OpenAsync(default);
            var kept = new List<int>();
            var query = new ArchiveQuery { Max = ArchiveQuery.MaxPage };
            while (await store.ReadArchiveAsync(Jid.Parse(Room), query, default) is { Messages: [.., var last] messages })
            {
                kept.AddRange(messages.Select(m => Number(m.Xml)));
                query = query with { After = last.Id };
            }
            Assert.That(kept.Take(told), Is.EqualTo(Enumerable.Range(1, told)));
        }
        finally
        {
            folder.Delete();
        }
    }

    /// <summary>One file: what is on the disk for certain, and what was written since.</summary>
    private sealed class Disk(byte[] synced)
    {
        private readonly List<Action> _pending = [];
        private byte[] _synced = synced;

        public void Write(long at, byte[] bytes) => _pending.Add(() =>
        {
            if (_synced.Length < at + bytes.Length) Array.Resize(ref _synced, (int)at + bytes.Length);
            bytes.CopyTo(_synced, at);
        });

        public void Truncate(long length) => _pending.Add(() => Array.Resize(ref _synced, (int)length));

        public void Sync()
        {
            foreach (var change in _pending) change();
            _pending.Clear();
        }

        public byte[] AfterPowerLoss(Func<bool> survives)
        {
            var synced = (byte[])_synced.Clone();
            foreach (var change in _pending)
                if (survives()) change();
            var found = _synced;
            _synced = synced;
            return found;
        }
    }
}
