using MucComponent.Component;

namespace MucComponent;

/// <summary>
/// Tells the container whether the service is attached to its server: while it is, a file in the data folder is touched every
/// few seconds, and <c>--health</c> looks whether that happened lately. A file, since the image has no shell and the service
/// needs no port of its own.
/// </summary>
public static class Health
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Three missed touches.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(15);

    /// <summary>Whether a service with these options is attached now.</summary>
    public static bool Check(MucOptions options)
    {
        var file = new FileInfo(FileOf(options));
        return file.Exists && DateTime.UtcNow - file.LastWriteTimeUtc < Lately;
    }

    /// <summary>Keeps the file fresh until stopped, and takes it away then.</summary>
    public static async Task ShowAsync(MucOptions options, ComponentConnection connection, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                if (connection.IsAuthenticated) Try(() => File.WriteAllBytes(FileOf(options), []));
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Try(() => File.Delete(FileOf(options)));
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
