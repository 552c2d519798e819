using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>What the hosting of rooms tells the operator.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(200, LogLevel.Error, "Room {Room}: a rule failed on stanza {StanzaId}; the room is as it was before it.")]
    public static partial void RuleFailed(this ILogger log, Exception e, Jid room, string? stanzaId);

    [LoggerMessage(201, LogLevel.Error, "Room {Room}: what happened could not be kept, and nobody was told of it: {Reason}")]
    public static partial void NotKept(this ILogger log, Jid room, string reason);

    [LoggerMessage(202, LogLevel.Error, "Room {Room}: hosting it failed, it will be loaded anew.")]
    public static partial void HostFailed(this ILogger log, Exception e, Jid room);

    [LoggerMessage(203, LogLevel.Warning, "The list of rooms could not be read: {Reason}")]
    public static partial void ListFailed(this ILogger log, string reason);
}
