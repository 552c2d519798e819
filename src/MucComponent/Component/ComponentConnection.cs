using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;
using Polly;
using Polly.Retry;

namespace MucComponent.Component;

/// <summary>
/// Keeps the service attached to its server for the life of the process (XEP-0114): waits for a server that is not up yet,
/// connects again for ever when a link ends, and tells the operator once, plainly, what is in the way.
/// </summary>
/// <param name="received">Gets every stanza, in order, always with <c>from</c> and <c>to</c>. It must not wait: nothing is read meanwhile.</param>
public sealed class ComponentConnection(
    MucOptions options, Outbox outbox, Action<Stanza> received, ILogger<ComponentConnection> log, TimeProvider clock)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelayForOperator = TimeSpan.FromSeconds(30);
    private const double Growth = 1.6;

    /// <summary>What has been said already is said again this often.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private volatile bool _isAuthenticated;
    private int _failures;
    private LinkEnd? _told;
    private long _toldAt;

    /// <summary>Stanzas flow.</summary>
    public bool IsAuthenticated => _isAuthenticated;

    /// <summary>Raised after each handshake, before any stanza of the new stream is received. Handlers must not wait.</summary>
    public event Action? Authenticated;

    /// <summary>Raised when the server has ended an authenticated stream because somebody else attached under our name.</summary>
    public event Action? Replaced;

    /// <summary>Runs until stopped; then what waits in the outbox is sent and the stream is closed. Does not throw.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Forever().ExecuteAsync(async token => await RunLinkAsync(token), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was waiting to try again.
        }
    }

    private ResiliencePipeline<LinkEnd> Forever() =>
        new ResiliencePipelineBuilder<LinkEnd> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<LinkEnd>
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = new PredicateBuilder<LinkEnd>().HandleResult(end => end.Stage != LinkStage.Stopped),
                DelayGenerator = retry => ValueTask.FromResult<TimeSpan?>(DelayAfter(retry.Outcome.Result!)),
                OnRetry = retry =>
                {
                    log.Retrying(retry.RetryDelay.TotalSeconds);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private async Task<LinkEnd> RunLinkAsync(CancellationToken stop)
    {
        LinkEnd end;
        try
        {
            using var link = new Link(options, outbox, received, log, clock);
            end = await link.RunAsync(OnAuthenticated, stop);
        }
#pragma warning disable CA1031 // Whatever went wrong with one link, the next may do.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.ConnectionFault(fault);
            end = new LinkEnd(LinkStage.Connecting, "a fault in this program.");
        }
        _isAuthenticated = false;
        Tell(end);
        if (end.Patience == Patience.Yielding) Replaced?.Invoke();
        return end;
    }

    private void OnAuthenticated()
    {
        _isAuthenticated = true;
        _failures = 0;
        _told = null;
        log.Connected(options.ServerHost, options.ServerPort, options.Domain);
        Authenticated?.Invoke();
    }

    private TimeSpan DelayAfter(LinkEnd end)
    {
        var longest = end.Patience == Patience.Normal ? LongestDelay : LongestDelayForOperator;
        var delay = end.Patience == Patience.Yielding ? longest : FirstDelay * Math.Pow(Growth, Math.Min(_failures++, 20));
        // Many components restarted together must not come back together.
        return (delay < longest ? delay : longest) * (0.8 + (0.2 * Random.Shared.NextDouble()));
    }

    /// <summary>Says what is new, and repeats what is not at a calm rate.</summary>
    private void Tell(LinkEnd end)
    {
        if (end == _told && clock.GetElapsedTime(_toldAt) < Reminder) return;
        (_told, _toldAt) = (end, clock.GetTimestamp());
        switch (end.Stage)
        {
            case LinkStage.Connecting:
                log.Waiting(options.ServerHost, options.ServerPort, end.Why);
                break;
            case LinkStage.Handshake:
                log.NotTaken(options.ServerHost, options.ServerPort, options.Domain, end.Why);
                break;
            case LinkStage.Authenticated:
                log.Lost(options.ServerHost, options.ServerPort, end.Why);
                break;
            default:
                log.Closed(options.ServerHost, options.ServerPort);
                break;
        }
    }
}
