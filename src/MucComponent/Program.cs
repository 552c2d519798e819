using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MucComponent;
using MucComponent.Control;
using MucComponent.Storage;
using MucComponent.Telemetry;

const int Stopped = 0;
const int CannotRun = 1;
const int BadConfiguration = 2;

if (args is not ([] or ["--health"] or ["--alive"])) return await CommandLine.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);

var settings = Settings.Read();
foreach (var line in settings.Mistakes.Concat(settings.Warnings)) Console.Error.WriteLine(line);
if (settings.Options is not { } options) return BadConfiguration;
if (args is ["--health"]) return Health.IsReady(options) ? 0 : 1;
if (args is ["--alive"]) return Health.IsAlive(options) ? 0 : 1;

var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning);
builder.Logging.AddConsole(options.LogFormat);

using var host = builder.Build();
var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
// First, since it is the host that hears SIGTERM: a store that takes long to open can be stopped too.
await host.StartAsync();
try
{
    var logs = host.Services.GetRequiredService<ILoggerFactory>();
    using var exporter = options.Otlp is null ? null : new Exporter(options, logs.CreateLogger<Exporter>());
    await using var service = await MucService.StartAsync(options, lifetime.ApplicationStopping, logs);
    await using var control = ControlSocket.Open(options, () => service.Operated, logs.CreateLogger<ControlSocket>());
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
