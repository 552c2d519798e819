using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MucComponent.Telemetry;

/// <summary>
/// Sends metrics, and traces if wanted, to a collector by OTLP. Nothing of OpenTelemetry is loaded before it is made, and
/// nothing else waits for it: where no collector is, everything but this goes on.
/// </summary>
internal sealed class Exporter : IDisposable
{
    /// <summary>How long a stop waits for the last numbers to be taken.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(0.5);

    private readonly Complaints _complaints;
    private readonly List<IDisposable> _providers = [];

    /// <param name="options">With <see cref="MucOptions.Otlp"/>.</param>
    public Exporter(MucOptions options, ILogger<Exporter> log)
    {
        _complaints = new Complaints(options.Otlp!, log);
        _providers.Add(Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            // The run-time's memory and collections and the database's sessions, in their own words.
            .AddMeter(Meters.Name, "System.Runtime", "Npgsql")
            .AddOtlpExporter(otlp => Address(otlp, "v1/metrics"))
            .Build());
        if (options.Traces > 0)
            _providers.Add(Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource(Meters.Name)
                .SetSampler(new TraceIdRatioBasedSampler(options.Traces))
                .AddOtlpExporter(otlp => Address(otlp, "v1/traces"))
                .Build());

        void Describe(ResourceBuilder resource) => resource
            .AddService("MucComponent", serviceVersion: typeof(Exporter).Assembly.GetName().Version?.ToString(3), serviceInstanceId: Environment.MachineName)
            .AddAttributes([new("muc.domain", options.Domain.ToString())]);

        void Address(OtlpExporterOptions otlp, string path)
        {
            var isHttp = options.OtlpProtocol == OtlpProtocol.Http;
            otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            otlp.Endpoint = isHttp ? new Uri($"{options.Otlp!.AbsoluteUri.TrimEnd('/')}/{path}") : options.Otlp!;
        }
    }

    public void Dispose()
    {
        // A collector that does not answer does not hold up a stop.
        Task.WhenAll(_providers.Select(provider => Task.Run(provider.Dispose))).Wait(LastWords);
        _complaints.Dispose();
    }

    /// <summary>The exporter swallows what goes wrong and tells it to whoever listens; the operator is told at a calm rate.</summary>
    private sealed class Complaints(Uri collector, ILogger log) : EventListener
    {
        private static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);
        private readonly Lock _lock = new();
        private long? _toldAt;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "OpenTelemetry-Exporter-OpenTelemetryProtocol") EnableEvents(eventSource, EventLevel.Warning);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            lock (_lock)
            {
                if (_toldAt is { } at && TimeProvider.System.GetElapsedTime(at) < Calm) return;
                _toldAt = TimeProvider.System.GetTimestamp();
            }
            var what = string.Format(System.Globalization.CultureInfo.InvariantCulture, eventData.Message ?? "", eventData.Payload?.ToArray() ?? []);
            log.NotExported(collector.Authority, what.ReplaceLineEndings("\n").Split('\n')[0]);
        }
    }
}
