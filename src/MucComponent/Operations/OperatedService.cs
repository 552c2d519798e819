using System.Globalization;
using Microsoft.Extensions.Logging;
using MucComponent.Hosting;
using MucComponent.Rooms;
using MucComponent.Storage;
using MucComponent.Xmpp;

namespace MucComponent.Operations;

/// <summary>The running service, as operations get to work on it. Rooms are changed by asking them, in their own turns.</summary>
/// <param name="Rooms">Asks rooms in the service's own name, to which they all belong.</param>
/// <param name="Store">To be read. Who loads or saves a room here takes it from those who host it.</param>
/// <param name="Figures">What only the process itself knows.</param>
public sealed record OperatedService(MucOptions Options, IWholeStore Store, RoomRequests Rooms, FeatureList Features, TimeProvider Clock, ILogger Log, Func<ProcessFigures> Figures)
{
    /// <summary>Operations at once, of all who ask: more would be in each other's way.</summary>
    private const int MaxRunning = 8;

    private int _running;

    /// <summary>One import at a time.</summary>
    public SemaphoreSlim Importing { get; } = new(1);

    /// <summary>A file in the data folder that is not there yet.</summary>
    internal string NewFile(string kind, string ending) => Path.Combine(
        Path.GetFullPath(Options.DataDir), $"{kind}-{Clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}{ending}");

    /// <summary>The room of this address or local part, or null if it can be none of ours.</summary>
    public Jid? RoomOf(string text) =>
        Jid.TryParse(text.Contains('@', StringComparison.Ordinal) ? text : $"{text}@{Options.Domain}", out var jid) && jid.HasLocal && jid.IsBare && jid.IsAt(Options.Domain) ? jid : null;

    /// <summary>Does it, whatever it is.</summary>
    /// <exception cref="RefusedException">It cannot be done; the message says why.</exception>
    public async Task<OperationResult> RunAsync(Operation operation, OperationRequest request, CancellationToken stop)
    {
        foreach (var argument in operation.Arguments)
            if (Fault(argument, request.Texts(argument.Name)) is { } fault) throw new RefusedException(fault);
        if (Interlocked.Increment(ref _running) > MaxRunning)
        {
            Interlocked.Decrement(ref _running);
            throw new RefusedException("Too much is being done at once; try again in a moment.");
        }
        try
        {
            var result = await operation.RunAsync(request, stop).ConfigureAwait(false);
            Log.OperationDone(operation.Name, request.By?.ToString() ?? "the operator");
            return result;
        }
        catch (StoreUnavailableException e)
        {
            throw new RefusedException($"The store cannot do its work now: {e.Message}");
        }
#pragma warning disable CA1031 // Our fault, and the one who asked is told.
        catch (Exception e) when (e is not RefusedException and not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.OperationFailed(e, operation.Name);
            throw new RefusedException("A fault in the service kept it from being done; its log says more.");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static string? Fault(Argument argument, IReadOnlyList<string> values) =>
        values.Count == 0 ? argument.Required ? $"{argument.Name} is missing: {argument.Meaning}." : null
        : values.Count > 1 && !argument.TakesSeveral ? $"{argument.Name} is given more than once."
        : argument.Choices.IsEmpty || argument.Choices.Contains(values[0]) ? null
        : $"{argument.Name}: \"{values[0]}\" is none of {string.Join(", ", argument.Choices)}.";
}

/// <summary>What the process knows of itself.</summary>
/// <param name="Since">When it began to serve, UTC.</param>
/// <param name="IsAttached">Whether the server has accepted it.</param>
/// <param name="LoadedRooms">Rooms in memory.</param>
/// <param name="Waiting">What waits for the socket, in bytes or so.</param>
/// <param name="Dropped">Answers that found no room there.</param>
public sealed record ProcessFigures(DateTimeOffset Since, bool IsAttached, int LoadedRooms, long Waiting, long Dropped);
