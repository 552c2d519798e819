namespace MucComponent.Service;

/// <summary>
/// Lines that are kept in a file for the next start. Whoever changes them does not wait for the disk: one write happens at a time, of
/// what holds then, so of many changes the newest wins. What is on the disk only helps after a restart: if it cannot be read or
/// written, nobody hears of it.
/// </summary>
/// <param name="now">The lines as they are. Called from another thread.</param>
public sealed class KeptLines(string path, Func<IReadOnlyCollection<string>> now) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _hasChanged;

    /// <summary>What was kept when the process began; nothing if nothing was.</summary>
    public IReadOnlyList<string> Read(int max)
    {
        List<string> lines = [];
        Try(() => lines.AddRange(File.ReadLines(path).Take(max)));
        return lines;
    }

    /// <summary>They have changed. Does not wait.</summary>
    public void Changed()
    {
        lock (_lock)
        {
            _hasChanged = true;
            if (_isWriting) return;
            _isWriting = true;
            _writing = Task.Run(Write);
        }
    }

    /// <summary>Waits until the last change is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        Task writing;
        lock (_lock) writing = _writing;
        await writing.ConfigureAwait(false);
    }

    private void Write()
    {
        while (true)
        {
            lock (_lock)
            {
                _isWriting = _hasChanged;
                _hasChanged = false;
                if (!_isWriting) return;
            }
            Try(() =>
            {
                if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
                // In one step, so that a crash leaves the one or the other whole.
                var next = path + ".new";
                File.WriteAllLines(next, now());
                File.Move(next, path, overwrite: true);
            });
        }
    }

    private static void Try(Action access)
    {
        try
        {
            access();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
