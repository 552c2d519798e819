using Microsoft.Extensions.Logging;

namespace MucComponent.Telemetry;

/// <summary>What is told of seeing itself.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(600, LogLevel.Warning, "Metrics cannot be sent to {Collector}: {Reason}")]
    public static partial void NotExported(this ILogger log, string collector, string reason);
}
