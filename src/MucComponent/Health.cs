namespace MucComponent;

/// <summary>
/// Tells the container how the service is. <c>--health</c>: whether it is ready, that is attached to its server, or standing
/// by to take over from the instance that is, and can reach its store. <c>--alive</c>: whether it runs at all. For each a
/// file in the data folder is touched every few seconds while it is so, and the question is whether that happened lately.
/// Files, since the image has no shell and the service needs no port of its own.
/// </summary>
public static class Health
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long the store may take to answer.</summary>
    private static readonly TimeSpan StoreTime = TimeSpan.FromSeconds(2);

    /// <summary>Three missed touches.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(15);

    /// <summary>Whether a service with these options is ready now.</summary>
    public static bool IsReady(MucOptions options) => IsFresh(Ready(options));

    /// <summary>Whether one runs.</summary>
    public static bool IsAlive(MucOptions options) => IsFresh(Alive(options));

    /// <summary>Keeps the files fresh while they are true, and takes them away otherwise and at the end.</summary>
    public static async Task ShowAsync(MucOptions options, MucService service, CancellationToken stop)
    {
        void TouchReady() => Touch(Ready(options));

        service.Attached += TouchReady;
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                Touch(Alive(options));
                if (service.IsReady && await service.ReachesStoreAsync(StoreTime, stop).ConfigureAwait(false)) TouchReady();
                else Remove(Ready(options));
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            service.Attached -= TouchReady;
            Remove(Ready(options));
            Remove(Alive(options));
        }
    }

    private static string Ready(MucOptions options) => Path.Combine(options.DataDir, "health");

    private static string Alive(MucOptions options) => Path.Combine(options.DataDir, "alive");

    private static bool IsFresh(string file) => File.Exists(file) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < Lately;

    private static void Touch(string file) => Try(() =>
    {
        // Only SQLite makes the folder for itself.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllBytes(file, []);
    });

    private static void Remove(string file) => Try(() => File.Delete(file));

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
