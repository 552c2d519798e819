namespace MucComponent;

/// <summary>
/// Tells the container whether the service is attached to its server, or stands by to take over from the instance that is:
/// while it does either, a file in the data folder is touched every few seconds, and <c>--health</c> looks whether that
/// happened lately. A file, since the image has no shell and the service needs no port of its own.
/// </summary>
public static class Health
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Three missed touches.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(15);

    /// <summary>Whether a service with these options is attached or stands by now.</summary>
    public static bool Check(MucOptions options)
    {
        var file = new FileInfo(FileOf(options));
        return file.Exists && DateTime.UtcNow - file.LastWriteTimeUtc < Lately;
    }

    /// <summary>Keeps the file fresh while the service is ready, and takes it away otherwise and at the end.</summary>
    public static async Task ShowAsync(MucOptions options, MucService service, CancellationToken stop)
    {
        void Touch() => Try(() =>
        {
            // Only SQLite makes the folder for itself.
            Directory.CreateDirectory(options.DataDir);
            File.WriteAllBytes(FileOf(options), []);
        });
        void Remove() => Try(() => File.Delete(FileOf(options)));

        service.Attached += Touch;
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                if (service.IsReady) Touch();
                else Remove();
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            service.Attached -= Touch;
            Remove();
        }
    }

    private static string FileOf(MucOptions options) => Path.Combine(options.DataDir, "health");

    // Without the file it is not healthy, which is what a full or missing disk is.
    private static void Try(Action touch)
    {
        try
        {
            touch();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
