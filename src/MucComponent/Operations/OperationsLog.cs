using Microsoft.Extensions.Logging;

namespace MucComponent.Operations;

/// <summary>What operations, and their faces, tell the operator.</summary>
internal static partial class OperationsLog
{
    [LoggerMessage(400, LogLevel.Information, "Done: {Operation}, asked for by {Who}")]
    public static partial void OperationDone(this ILogger log, string operation, string who);

    [LoggerMessage(401, LogLevel.Error, "A fault in this program kept the operation {Operation} from being done. Please report it.")]
    public static partial void OperationFailed(this ILogger log, Exception e, string operation);

    [LoggerMessage(402, LogLevel.Warning, "Commands for this service cannot be taken at {Path}: {Why}")]
    public static partial void NoControl(this ILogger log, string path, string why);

    [LoggerMessage(403, LogLevel.Error, "A fault in this program ended a command on the control socket. Please report it.")]
    public static partial void ControlFault(this ILogger log, Exception e);

    [LoggerMessage(404, LogLevel.Warning, "Declared room {Room}: {Why}")]
    public static partial void RoomNotDeclared(this ILogger log, string room, string why);

    [LoggerMessage(405, LogLevel.Information, "The declared rooms are there: {Made} made, {Changed} changed, {Same} as they were")]
    public static partial void RoomsDeclared(this ILogger log, int made, int changed, int same);
}
