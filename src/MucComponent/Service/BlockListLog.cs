using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>What the lists of people shut out tell the operator.</summary>
internal static partial class BlockListLog
{
    [LoggerMessage(500, LogLevel.Information, "The block list {List} has {Entries} entries.")]
    public static partial void BlockListRead(this ILogger log, string list, int entries);

    [LoggerMessage(501, LogLevel.Warning, "The block list {List} cannot be read: {Why}. The last good one stays, with {Entries} entries.")]
    public static partial void BlockListNotRead(this ILogger log, string list, string why, int entries);

    [LoggerMessage(502, LogLevel.Information, "The block list {List} names somebody who would be shut out: {Entry}.")]
    public static partial void WouldShutOut(this ILogger log, string list, string entry);

    [LoggerMessage(505, LogLevel.Debug, "{Entry} is {Person}.")]
    public static partial void EntryIs(this ILogger log, string entry, Jid person);

    [LoggerMessage(503, LogLevel.Information, "The bans in {File} are read.")]
    public static partial void BansRead(this ILogger log, string file);

    [LoggerMessage(504, LogLevel.Warning, "The bans in {File} cannot be read: {Why}. What was read before stays.")]
    public static partial void BansNotRead(this ILogger log, string file, string why);
}
