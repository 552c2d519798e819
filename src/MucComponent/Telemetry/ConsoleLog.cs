using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace MucComponent.Telemetry;

/// <summary>The log on standard output, a line for each event: a sentence, or a JSON object with its parts by name.</summary>
internal static class ConsoleLog
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static ILoggingBuilder AddConsole(this ILoggingBuilder logging, LogFormat format) => format switch
    {
        LogFormat.Json => logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = Time;
        }),
        _ => logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = Time + " ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }),
    };
}
