using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using MucComponent.Xmpp;

namespace MucComponent.Telemetry;

/// <summary>
/// What is counted and timed, in one list. Whoever looks gets it (OTLP: <see cref="Exporter"/>); while nobody does, each of them
/// costs a look at a flag. None is labelled with a room or a person: their number has no bound, and it is nobody's business.
/// What is a number already is asked for instead: <see cref="Gauges"/>.
/// </summary>
internal static class Meters
{
    /// <summary>The name to look for, of the meter and of the traces.</summary>
    public const string Name = "MucComponent";

    private static readonly Meter Meter = new(Name);

    /// <summary>The traces of stanzas on their way through: <see cref="Passage"/>.</summary>
    public static readonly ActivitySource Traces = new(Name);

    // --- the stream -------------------------------------------------------------------------------------

    public static readonly Counter<long> Received = Meter.CreateCounter<long>("muc.stanzas.received", "{stanza}", "Stanzas from the server, by kind.");

    public static readonly Counter<long> Sent = Meter.CreateCounter<long>("muc.stanzas.sent", "{stanza}", "Stanzas to the server, one for each address, by kind.");

    // --- rooms ------------------------------------------------------------------------------------------

    public static readonly Counter<long> Joins = Meter.CreateCounter<long>("muc.joins", "{join}", "Attempts to enter, by outcome: entered, or the condition of the error.");

    public static readonly Counter<long> Reflected = Meter.CreateCounter<long>("muc.messages.reflected", "{message}", "Messages and subjects that a room sent to all.");

    public static readonly Counter<long> Removed = Meter.CreateCounter<long>("muc.occupants.removed", "{occupant}", "Occupants who were taken out of a room, by status code (307 kicked, 301 banned …).");

    public static readonly Counter<long> Expired = Meter.CreateCounter<long>("muc.sessions.expired", "{session}", "Sessions that were found to be gone: their server returned what was sent to them.");

    public static readonly Counter<long> Recovered = Meter.CreateCounter<long>("muc.sessions.recovered", "{session}", "Sessions that were still in a room when this process loaded it.");

    public static readonly Counter<long> Overloads = Meter.CreateCounter<long>("muc.rooms.overloads", "{stanza}", "Stanzas that were refused since a room's mailbox was full.");

    public static readonly Histogram<double> InToOut = Meter.CreateHistogram("muc.stanzas.duration", "s", "From a stanza's arrival to what the room said to it being written, kept in between.", advice: Seconds);

    // --- the store --------------------------------------------------------------------------------------

    public static readonly Histogram<double> SaveTime = Meter.CreateHistogram("muc.save.duration", "s", "How long a room waited until its changes were kept.", advice: Seconds);

    public static readonly Histogram<long> SaveBatch = Meter.CreateHistogram(
        "muc.save.batch", "{save}", "How many pieces of work shared a transaction.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500] });

    public static readonly Counter<long> SaveFailures = Meter.CreateCounter<long>("muc.save.failures", "{stanza}", "Stanzas of which nothing came, since it could not be kept.");

    public static readonly Histogram<double> ArchiveTime = Meter.CreateHistogram("muc.archive.duration", "s", "How long the archive queries took, without waiting for their turn.", advice: Seconds);

    private static readonly KeyValuePair<string, object?>[] Kinds = [.. Enum.GetValues<StanzaKind>().Select(kind => KeyValuePair.Create("kind", (object?)Stanza.Name(kind)))];

    private static InstrumentAdvice<double> Seconds => new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    public static void Count(this Counter<long> counter, StanzaKind kind, long number = 1) => counter.Add(number, Kinds[(int)kind]);

    public static void CountJoin(string outcome) => Joins.Add(1, KeyValuePair.Create("outcome", (object?)outcome));

    public static void CountRemoved(int status) => Removed.Add(1, KeyValuePair.Create("status", (object?)status.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Now, for <see cref="RecordSince"/>; 0 where nobody wants to know.</summary>
    public static long Begin(this Instrument histogram) => histogram.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void RecordSince(this Histogram<double> histogram, long begin)
    {
        if (begin != 0) histogram.Record(Stopwatch.GetElapsedTime(begin).TotalSeconds);
    }
}
