using System.Diagnostics;
using MucComponent.Hosting;
using MucComponent.Xmpp;

namespace MucComponent.Telemetry;

/// <summary>
/// The way of the stanzas that a room handles together: waited, decided, kept, sent. It is noted as it happens, and told
/// at its end, as times and as traces; there is none where nobody wants to know.
/// </summary>
public sealed class Passage
{
    private readonly IReadOnlyList<Heard> _arrivals;
    private readonly Jid _room;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private long _decided;
    private long _kept;

    private Passage(Jid room, IReadOnlyList<Heard> arrivals) => (_room, _arrivals) = (room, arrivals);

    internal static bool IsWatched => Meters.InToOut.Enabled || Meters.Traces.HasListeners();

    /// <summary>Begins to decide on these.</summary>
    internal static Passage? Begin(Jid room, IReadOnlyList<Heard> arrivals) => IsWatched ? new Passage(room, arrivals) : null;

    internal void Decided() => _decided = Stopwatch.GetTimestamp();

    internal void Kept() => _kept = Stopwatch.GetTimestamp();

    /// <summary>All that was said to them has been written.</summary>
    internal void Sent()
    {
        var sent = Stopwatch.GetTimestamp();
        foreach (var heard in _arrivals)
        {
            // It came before anybody wanted to know.
            if (heard.At == 0) continue;
            Meters.InToOut.Record(Stopwatch.GetElapsedTime(heard.At, sent).TotalSeconds);
            if (Meters.Traces.HasListeners()) Trace(heard.Stanza, heard.At, sent);
        }
    }

    private void Trace(Stanza stanza, long at, long sent)
    {
        var (now, nowAt) = (DateTime.UtcNow, Stopwatch.GetTimestamp());
        DateTime TimeOf(long timestamp) => now - Stopwatch.GetElapsedTime(timestamp, nowAt);

        using var whole = Meters.Traces.StartActivity(Stanza.Name(stanza.Kind), ActivityKind.Server, default(ActivityContext), startTime: TimeOf(at));
        if (whole is null) return; // This one is not among those that are traced.
        whole.SetTag("muc.room", _room.ToString());
        whole.SetTag("muc.stanza.type", stanza.Type);
        whole.SetTag("muc.stanza.id", stanza.Id);
        whole.SetTag("muc.together", _arrivals.Count);
        Part("wait", at, _begun);
        Part("decide", _begun, _decided);
        Part("save", _decided, _kept);
        Part("send", _kept, sent);
        whole.SetEndTime(TimeOf(sent));

        void Part(string name, long from, long to)
        {
            using var part = Meters.Traces.StartActivity(name, ActivityKind.Internal, whole.Context, startTime: TimeOf(from));
            part?.SetEndTime(TimeOf(to));
        }
    }
}
