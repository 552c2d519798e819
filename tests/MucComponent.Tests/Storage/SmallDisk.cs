using NUnit.Framework;

namespace MucComponent.Tests.Storage;

/// <summary>A disk of one megabyte in memory, to fill up or to make read-only. Only root can mount one.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>
    /// Who is not root cannot run the test, which then says so, and `tests/run.sh` counts it as skipped in its last line: a
    /// developer without root is to be able to run the rest. Root, as CI is, is expected to be able to.
    /// </summary>
    public static async Task<SmallDisk> MountAsync(string path)
    {
        Directory.CreateDirectory(path);
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("NOT TESTED: mounting a small disk takes root; run the tests as root");
        if (await Command.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path) != 0)
            Assert.Fail("this root may not mount a disk; a container needs CAP_SYS_ADMIN for it");
        return new SmallDisk(path);
    }

    public Task MakeReadOnlyAsync() => Command.RunAsync("mount", "-o", "remount,ro", Path);

    /// <summary>Leaves no room for anything.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[512]);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync() => await Command.RunAsync("umount", Path);
}
