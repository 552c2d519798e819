using Microsoft.Extensions.Logging.Abstractions;
using MucComponent.Component;
using MucComponent.Operations;
using MucComponent.Storage;

namespace MucComponent.Control;

/// <summary>
/// Looks whether the service could run: its settings, its store, its server. It changes nothing, and keeps away from what a
/// service that runs already has in hand.
/// </summary>
public static class Check
{
    /// <summary>Whether another instance has the lease is known at once or hardly ever.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(3);

    public static readonly ProgramCommand Command = new(
        "check", "check", "tries the settings, the store and the server, and says what is wrong",
        """
        Reads the settings from the environment and tries them: whether the store can be used and whether the server takes the
        name and the secret. It changes nothing. Where a service runs already it is asked how it is, and what it has in hand is
        left alone. The exit code is 0 if all is well, 1 if something is in the way, 2 if a setting is wrong.
        """,
        RunAsync);

    private static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        if (args.Length > 0)
        {
            await errors.WriteLineAsync("MucComponent: check takes no arguments.").ConfigureAwait(false);
            return CommandLine.Misused;
        }
        var settings = Settings.Read();
        foreach (var line in settings.Mistakes.Concat(settings.Warnings)) await errors.WriteLineAsync(line).ConfigureAwait(false);
        if (settings.Options is not { } options) return CommandLine.Misused;
        await output.WriteLineAsync($"Settings: good ({options}).").ConfigureAwait(false);

        if (options.ControlPath is { } path && await ControlClient.AskAsync(path, new ControlRequest("stats", []), _ => { }, stop).ConfigureAwait(false) is { } running)
            return await TellRunningAsync(running, output, errors).ConfigureAwait(false);
        return await TryStoreAsync(options, output, errors, stop).ConfigureAwait(false) && await TryServerAsync(options, output, errors, stop).ConfigureAwait(false)
            ? CommandLine.Done
            : CommandLine.Failed;
    }

    private static async Task<int> TellRunningAsync(ControlAnswer running, TextWriter output, TextWriter errors)
    {
        if (running.Result is null)
        {
            await output.WriteLineAsync($"A service runs here. {running.Error}").ConfigureAwait(false);
            return CommandLine.Done;
        }
        var isAttached = running.Result.Rows[0][running.Result.Columns.Select(c => c.Name).ToList().IndexOf("attached")] is ["1"];
        if (isAttached) await output.WriteLineAsync("A service runs here, uses its store, and is attached to its server.").ConfigureAwait(false);
        else await errors.WriteLineAsync("A service runs here and uses its store, but is not attached to its server; its log says why.").ConfigureAwait(false);
        return isAttached ? CommandLine.Done : CommandLine.Failed;
    }

    private static async Task<bool> TryStoreAsync(MucOptions options, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        try
        {
            await using var store = RoomStores.Create(options);
            await store.TryAsync(stop).ConfigureAwait(false);
            await output.WriteLineAsync("Store: it can be used.").ConfigureAwait(false);
            return true;
        }
        catch (StoreUnavailableException e)
        {
            await errors.WriteLineAsync(e.Message).ConfigureAwait(false);
            return false;
        }
    }

    private static async Task<bool> TryServerAsync(MucOptions options, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        // Whoever attaches under the name of an instance that serves takes its connection away, or half of what it is sent.
        await using var lease = Leases.Create(options, NullLoggerFactory.Instance);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(LeaseTime);
        try
        {
            await lease.AcquireAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await output.WriteLineAsync("Server: not tried, since another instance has the service; this one would stand by.").ConfigureAwait(false);
            return true;
        }
        using var outbox = new Outbox(options, NullLogger<Outbox>.Instance);
        using var link = new Link(options, outbox, _ => { }, NullLogger.Instance, TimeProvider.System);
        using var taken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var isTaken = false;
        var end = await link.RunAsync(
            () =>
            {
                isTaken = true;
                _ = taken.CancelAsync();
            },
            taken.Token).ConfigureAwait(false);
        if (isTaken) await output.WriteLineAsync($"Server: {options.ServerHost}:{options.ServerPort} takes {options.Domain} with this secret.").ConfigureAwait(false);
        else await errors.WriteLineAsync($"Server: {options.ServerHost}:{options.ServerPort} does not take {options.Domain}: {end.Why}").ConfigureAwait(false);
        return isTaken;
    }
}
