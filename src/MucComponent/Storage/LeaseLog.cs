using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;

namespace MucComponent.Storage;

/// <summary>What the operator is told of who has the lease.</summary>
internal static partial class LeaseLog
{
    [LoggerMessage(300, LogLevel.Information, "Standing by: another instance has the service {Domain}.")]
    public static partial void StandingBy(this ILogger log, Jid domain);

    [LoggerMessage(301, LogLevel.Information, "Took over the service {Domain}: the other instance is gone.")]
    public static partial void TookOver(this ILogger log, Jid domain);

    [LoggerMessage(302, LogLevel.Warning, "PostgreSQL cannot be asked whose the service {Domain} is: {Reason} Trying again until it can.")]
    public static partial void CannotAsk(this ILogger log, Jid domain, string reason);

    [LoggerMessage(303, LogLevel.Information, "PostgreSQL answers again, and the service {Domain} is still this instance's.")]
    public static partial void StillOurs(this ILogger log, Jid domain);

    [LoggerMessage(304, LogLevel.Warning, "This instance has the service {Domain} no longer, and ends its connection to the server.")]
    public static partial void Lost(this ILogger log, Jid domain);
}
