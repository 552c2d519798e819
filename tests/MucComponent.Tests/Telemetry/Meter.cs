using System.Diagnostics.Metrics;

namespace MucComponent.Tests.Telemetry;

/// <summary>Somebody who looks at the service's instruments, and sums up what they show: <c>muc.joins entered</c> → 1.</summary>
public sealed class Meter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _sums = [];

    /// <summary>The instruments there are.</summary>
    public HashSet<string> Names { get; } = [];

    public Meter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "MucComponent") return;
            lock (_sums) Names.Add(instrument.Name);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What an instrument showed so far, or 0.</summary>
    public double this[string name]
    {
        get { lock (_sums) return _sums.GetValueOrDefault(name); }
    }

    /// <summary>All that was seen.</summary>
    public IReadOnlyList<string> Seen
    {
        get { lock (_sums) return [.. _sums.Select(s => $"{s.Key}: {s.Value}").Order(StringComparer.Ordinal)]; }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
        lock (_sums) _sums[name] = _sums.GetValueOrDefault(name) + value;
    }
}
