using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using MucComponent;
using MucComponent.Moving;
using MucComponent.Storage;

const int Stopped = 0;
const int CannotRun = 1;
const int BadConfiguration = 2;

if (args is not ([] or ["--health"]) && !MovingCommand.Knows(args))
{
    Console.Error.WriteLine($"MucComponent: \"{string.Join(' ', args)}\" is not known. Started without arguments it runs the service; --health tells whether it is attached or stands by; export and import move rooms.");
    return BadConfiguration;
}

var settings = Settings.Read();
foreach (var line in settings.Mistakes.Concat(settings.Warnings)) Console.Error.WriteLine(line);
if (settings.Options is not { } options) return BadConfiguration;
if (args is ["--health"]) return Health.Check(options) ? 0 : 1;
if (MovingCommand.Knows(args)) return await MovingCommand.RunAsync(args, options, Console.Out, Console.Error, CancellationToken.None);

var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning);
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.UseUtcTimestamp = true;
    console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
    console.ColorBehavior = LoggerColorBehavior.Disabled;
});

using var host = builder.Build();
var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
// First, since it is the host that hears SIGTERM: a store that takes long to open can be stopped too.
await host.StartAsync();
try
{
    await using var service = await MucService.StartAsync(options, lifetime.ApplicationStopping, host.Services.GetRequiredService<ILoggerFactory>());
    var health = Health.ShowAsync(options, service, lifetime.ApplicationStopping);
    await host.WaitForShutdownAsync();
    await health;
    return Stopped;
}
catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
{
    return Stopped;
}
catch (StoreUnavailableException e)
{
    Console.Error.WriteLine($"MucComponent: {e.Message}");
    return CannotRun;
}
