using Microsoft.Extensions.Logging;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>What the lists of people shut out tell the operator.</summary>
internal static partial class BlockListLog
{
    [LoggerMessage(400, LogLevel.Information, "The block list {List} has {Entries} entries.")]
    public static partial void BlockListRead(this ILogger log, Jid list, int entries);

    [LoggerMessage(401, LogLevel.Warning, "The block list {List} cannot be read: {Why}. The last good one stays, with {Entries} entries.")]
    public static partial void BlockListNotRead(this ILogger log, Jid list, string why, int entries);

    [LoggerMessage(402, LogLevel.Information, "{Person} is named by the block list {List}, and would be shut out.")]
    public static partial void WouldShutOut(this ILogger log, Jid person, Jid list);

    [LoggerMessage(403, LogLevel.Information, "The bans in {File} are read.")]
    public static partial void BansRead(this ILogger log, string file);

    [LoggerMessage(404, LogLevel.Warning, "The bans in {File} cannot be read: {Why}. What was read before stays.")]
    public static partial void BansNotRead(this ILogger log, string file, string why);
}
