using NUnit.Framework;

namespace MucComponent.Tests.Storage;

/// <summary>A disk of one megabyte in memory, to fill up or to make read-only. Only root can mount one.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Or ignores the test, where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync(string path)
    {
        Directory.CreateDirectory(path);
        if (!Environment.IsPrivilegedProcess || await Command.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path) != 0)
            Assert.Ignore("needs the right to mount a disk: run as root");
        return new SmallDisk(path);
    }

    public Task MakeReadOnlyAsync() => Command.RunAsync("mount", "-o", "remount,ro", Path);

    public async ValueTask DisposeAsync() => await Command.RunAsync("umount", Path);
}
