using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;

namespace MucComponent.Component;

/// <summary>What the stream to the server tells the operator. Never the secret, never what people write.</summary>
internal static partial class ComponentLog
{
    [LoggerMessage(1, LogLevel.Information, "The stream is up: {Domain} is attached to {Host}:{Port}.")]
    public static partial void Connected(this ILogger log, string host, int port, Jid domain);

    [LoggerMessage(2, LogLevel.Warning, "Waiting for the server at {Host}:{Port}: {Why}")]
    public static partial void Waiting(this ILogger log, string host, int port, string why);

    [LoggerMessage(3, LogLevel.Error, "The server at {Host}:{Port} does not take {Domain}: {Why}")]
    public static partial void NotTaken(this ILogger log, string host, int port, Jid domain, string why);

    [LoggerMessage(4, LogLevel.Warning, "The connection to {Host}:{Port} is lost: {Why} Connecting again.")]
    public static partial void Lost(this ILogger log, string host, int port, string why);

    [LoggerMessage(5, LogLevel.Information, "The connection to {Host}:{Port} is closed.")]
    public static partial void Closed(this ILogger log, string host, int port);

    [LoggerMessage(6, LogLevel.Warning, "Closed the connection to {Host}:{Port} with stanzas left to send: the server did not take them in {Seconds} s.")]
    public static partial void ClosedEarly(this ILogger log, string host, int port, double seconds);

    [LoggerMessage(7, LogLevel.Debug, "Trying again in {Seconds:0.0} s.")]
    public static partial void Retrying(this ILogger log, double seconds);

    [LoggerMessage(8, LogLevel.Error, "A fault in this program ended the connection. Please report it.")]
    public static partial void ConnectionFault(this ILogger log, Exception fault);

    [LoggerMessage(20, LogLevel.Warning, "Dropped {Bytes} bytes from the server that are no well-formed stanza.")]
    public static partial void DroppedUnreadable(this ILogger log, long bytes);

    [LoggerMessage(21, LogLevel.Warning, "Dropped a {Kind} without a 'from'.")]
    public static partial void DroppedFromNobody(this ILogger log, string kind);

    [LoggerMessage(22, LogLevel.Debug, "Refused a stanza from '{From}' to '{To}': {Reason}.")]
    public static partial void Refused(this ILogger log, string? from, string? to, string reason);

    [LoggerMessage(23, LogLevel.Debug, "Ignored an element {Name}.")]
    public static partial void Ignored(this ILogger log, string name);

    [LoggerMessage(24, LogLevel.Error, "A fault in this program lost the {Kind} {Id} to {Room}. Please report it.")]
    public static partial void HandlingFault(this ILogger log, Exception fault, string kind, string? id, Jid? room);

    [LoggerMessage(30, LogLevel.Error, "Dropped the {Kind} {Id}, which was not from this component's domain. This is a fault here: please report it.")]
    public static partial void DroppedForeignFrom(this ILogger log, string kind, string? id);

    [LoggerMessage(32, LogLevel.Warning, "{Stanzas} stanzas went out twice on connections that broke, and are not sent again.")]
    public static partial void SentTwiceInVain(this ILogger log, int stanzas);

    [LoggerMessage(33, LogLevel.Information, "What goes to many at {Domain} goes by {Service}, to {Addresses} in one stanza (XEP-0033).")]
    public static partial void MulticastUsed(this ILogger log, Jid service, int addresses, Jid domain);

    [LoggerMessage(34, LogLevel.Warning, "{Service} is used no more on this connection: {Why}. What it may have lost is sent again.")]
    public static partial void MulticastFailed(this ILogger log, Jid service, string why);

    [LoggerMessage(35, LogLevel.Warning, "{Service} is not used: {Why}.")]
    public static partial void MulticastUnfit(this ILogger log, Jid service, string why);

    [LoggerMessage(31, LogLevel.Error, "Room {Room}: dropped the {Kind} {Id}: its {Bytes} bytes are more than a server takes.")]
    public static partial void DroppedTooBig(this ILogger log, string kind, string? id, Jid? room, int bytes);
}
