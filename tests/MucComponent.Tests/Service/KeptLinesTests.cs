using MucComponent.Service;
using MucComponent.Tests.Storage;
using NUnit.Framework;

namespace MucComponent.Tests.Service;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KeptLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Delete();

    [Test]
    public async Task Nobody_waits_for_the_disk_and_of_many_changes_the_newest_is_kept()
    {
        using var begun = new SemaphoreSlim(0);
        using var disk = new SemaphoreSlim(0);
        var (newest, writes) = (0, 0);
        var lines = New(() =>
        {
            Interlocked.Increment(ref writes);
            begun.Release();
            disk.Wait();
            return [$"{newest}"];
        });
        lines.Changed();
        await begun.WaitAsync();
        for (; newest < 100; newest++)
        {
            lines.Changed();
            await Task.Yield();
        }
        disk.Release(101);
        await lines.DisposeAsync();
        Assert.That(lines.Read(10), Is.EqualTo(["100"]));
        Assert.That(writes, Is.EqualTo(2), "one under way, and one for all that came meanwhile");
    }

    [Test]
    public async Task What_cannot_be_written_leaves_what_was_kept()
    {
        string[] now = ["hag66"];
        var lines = New(() => now);
        lines.Changed();
        await lines.DisposeAsync();
        Directory.CreateDirectory(_folder.File("lists/kept.new"));
        now = ["crone1"];
        lines.Changed();
        await lines.DisposeAsync();
        Assert.That(lines.Read(10), Is.EqualTo(["hag66"]));
    }

    [Test]
    public void Nothing_is_read_where_nothing_was_kept() => Assert.That(New(() => []).Read(10), Is.Empty);

    private KeptLines New(Func<IReadOnlyCollection<string>> now) => new(_folder.File("lists/kept"), now);
}
