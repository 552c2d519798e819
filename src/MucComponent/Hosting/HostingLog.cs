using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;

namespace MucComponent.Hosting;

/// <summary>What the hosting of rooms tells the operator.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(200, LogLevel.Error, "Room {Room}: a rule failed on stanza {StanzaId}; the room is as it was before it.")]
    public static partial void RuleFailed(this ILogger log, Exception e, Jid room, string? stanzaId);

    [LoggerMessage(201, LogLevel.Error, "Room {Room}: what happened could not be kept, and nobody was told of it: {Reason} ({Unsaid} more such since this was last said.)")]
    public static partial void NotKept(this ILogger log, Jid room, string reason, int unsaid);

    [LoggerMessage(202, LogLevel.Error, "Room {Room}: what happened could not be kept, and nobody was told of it. This is a fault here: please report it.")]
    public static partial void HostFailed(this ILogger log, Exception e, Jid room);

    [LoggerMessage(203, LogLevel.Warning, "The list of rooms could not be read: {Reason}")]
    public static partial void ListFailed(this ILogger log, string reason);

    [LoggerMessage(204, LogLevel.Warning, "Stopped before {Rooms} rooms had done what was asked of them: the store or the server took too long.")]
    public static partial void StoppedEarly(this ILogger log, int rooms);

    [LoggerMessage(205, LogLevel.Warning, "The store did not close in time; what was told to anybody is kept.")]
    public static partial void StoreLeft(this ILogger log);

    [LoggerMessage(206, LogLevel.Error, "A fault in this program kept the list of rooms from being read. Please report it.")]
    public static partial void ListFault(this ILogger log, Exception e);

    [LoggerMessage(210, LogLevel.Warning, "Who is still there cannot be found out now: {Reason}")]
    public static partial void NotVerified(this ILogger log, string reason);

    [LoggerMessage(211, LogLevel.Warning, "What is over cannot be removed now: {Reason}")]
    public static partial void NotTidied(this ILogger log, string reason);

    [LoggerMessage(212, LogLevel.Error, "A fault in this program kept what is over from being removed. Please report it.")]
    public static partial void TidyingFailed(this ILogger log, Exception e);

    [LoggerMessage(213, LogLevel.Information, "The service stops. {Sessions} sessions in its rooms were told, and are out.")]
    public static partial void Farewell(this ILogger log, int sessions);

    [LoggerMessage(214, LogLevel.Warning, "There was no time to tell everybody that the service stops; who was not told is still in when it starts again.")]
    public static partial void FarewellEarly(this ILogger log);

    [LoggerMessage(215, LogLevel.Warning, "Who is in the rooms cannot be told that the service stops, and is still in when it starts again: {Reason}")]
    public static partial void NoFarewell(this ILogger log, string reason);

    [LoggerMessage(209, LogLevel.Error, "Room {Room}: what happened is kept, but could not be sent. This is a fault here: please report it.")]
    public static partial void NotSent(this ILogger log, Exception e, Jid room);

    [LoggerMessage(216, LogLevel.Warning, "What has reached the server cannot be noted now: {Reason}")]
    public static partial void DeliveriesNotNoted(this ILogger log, string reason);

    [LoggerMessage(217, LogLevel.Error, "A fault in this program kept it from noting what has reached the server. Please report it.")]
    public static partial void DeliveriesFault(this ILogger log, Exception e);

    [LoggerMessage(207, LogLevel.Warning, "Room {Room}: its archive could not be read: {Reason}")]
    public static partial void ArchiveNotRead(this ILogger log, Jid room, string reason);

    [LoggerMessage(208, LogLevel.Error, "Room {Room}: reading its archive failed.")]
    public static partial void ReadFailed(this ILogger log, Exception e, Jid room);
}
