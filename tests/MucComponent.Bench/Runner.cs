using System.Diagnostics;
using MucComponent.Bench.Load;
using MucComponent.Bench.Subject;

namespace MucComponent.Bench;

/// <summary>Runs one workload on a fresh component: warms it up, measures, checks.</summary>
internal sealed class Runner(Options options)
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(60);
    private static readonly string[] WarmUp = ["join r=1 n=50 w=8", "fanout n=20 m=3000 w=64"];

    /// <summary>On the generator's own thread, which is tied to its CPU.</summary>
    public Task<Measurement> RunAsync(Candidate component, Workload work, int run)
    {
        var done = new TaskCompletionSource<Measurement>();
        var generator = new Thread(() =>
        {
            try
            {
                if (options.GeneratorCpu is { } cpu) Linux.PinThread(cpu);
                done.SetResult(Run(component, work, run));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        generator.Start();
        return done.Task;
    }

    private Measurement Run(Candidate component, Workload work, int run)
    {
        using var stream = new ServerStream(Candidate.Domain, Candidate.Secret);
        var subject = Task.Run(() => component.StartAsync(stream.Port, options.ComponentCpu, options.InProcess)).GetAwaiter().GetResult();
        var measured = new Measurement { Workload = $"{work}", Component = component.Name, Run = run };
        try
        {
            stream.Accept(StartUp);
            return Measure(stream, subject, work, measured);
        }
        catch (IOException e)
        {
            var lastWords = (subject as ChildProcess)?.LastWords;
            return measured with { Why = string.IsNullOrEmpty(lastWords) ? e.Message : $"{e.Message}; it said: {lastWords}" };
        }
        finally
        {
            Task.Run(() => subject.DisposeAsync().AsTask()).GetAwaiter().GetResult();
            component.CleanUp();
        }
    }

    private Measurement Measure(ServerStream stream, ISubject subject, Workload work, Measurement measured)
    {
        var isRest = work.Kind is "rest" or "idle";
        for (var i = 0; !isRest && i < WarmUp.Length; i++)
        {
            var warm = New(Workload.Parse(WarmUp[i]), i);
            var failed = warm.Prepare() ?? warm.Measure();
            warm.Finish();
            if (failed is not null || warm.Checker.Faults.Any) return measured with { Why = $"warming up: {Reason(failed, warm.Checker.Faults)}" };
        }

        var driver = New(work, WarmUp.Length);
        if (isRest) stream.Listen(driver.Checker, TimeSpan.FromSeconds(1));
        var memory = isRest ? subject.Memory() : null;
        if (driver.Prepare() is { } why) return measured with { Why = Reason(why, driver.Checker.Faults) };

        var (sent, out0, bytes0) = (driver.Sent, driver.Checker.Stanzas, stream.BytesOut);
        var inside = subject.Inside();
        var before = subject.Usage();
        var (own, start) = (Linux.ThreadCpu(), Stopwatch.GetTimestamp());
        why = driver.Measure();
        var (seconds, busy) = (Stopwatch.GetElapsedTime(start).TotalSeconds, (Linux.ThreadCpu() - own).TotalSeconds);
        var after = subject.Usage();
        var insideAfter = subject.Inside();
        var (stanzas, bytes, stanzasIn) = (driver.Checker.Stanzas - out0, stream.BytesOut - bytes0, driver.Sent - sent);

        Memory? held = null;
        Usage? heldUsage = null;
        if (isRest)
        {
            stream.Listen(driver.Checker, TimeSpan.FromSeconds(work.Sizes["secs"]));
            heldUsage = subject.Usage();
            held = subject.Memory();
        }
        driver.Finish();

        var faults = driver.Checker.Faults;
        var latencies = driver.Latencies;
        return measured with
        {
            Exact = why is null && !faults.Any && driver.Checker.IsComplete,
            Why = why is null && !faults.Any ? null : Reason(why, faults),
            StanzasIn = stanzasIn, StanzasOut = stanzas, BytesOut = bytes, Seconds = seconds, GeneratorBusy = busy / seconds,
            CpuSeconds = (after.Cpu - before.Cpu).TotalSeconds, WaitedSeconds = (after.Waited - before.Waited)?.TotalSeconds,
            P50Ms = At(latencies, 0.50), P99Ms = At(latencies, 0.99), MaxMs = At(latencies, 1),
            ResidentBefore = memory?.Resident ?? 0, Resident = held?.Resident ?? 0, LiveBefore = memory?.Live, Live = held?.Live,
            Occupants = work.Kind == "rest" ? work["r"] * work["n"] : 0,
            HeldCpuSeconds = heldUsage is null ? 0 : (heldUsage.Cpu - after.Cpu).TotalSeconds,
            Allocated = insideAfter?.Allocated - inside?.Allocated, Gen0 = insideAfter?.Gen0 - inside?.Gen0, Gen1 = insideAfter?.Gen1 - inside?.Gen1,
            Gen2 = insideAfter?.Gen2 - inside?.Gen2, PauseMs = (insideAfter?.Pause - inside?.Pause)?.TotalMilliseconds,
            Commits = insideAfter?.Commits - inside?.Commits,
        };

        Driver New(Workload workload, int number) => new(stream, workload, Candidate.Domain, options.RoomConfig, number);
    }

    private static string Reason(string? why, Faults faults) => string.Join("; ", new[] { why, $"{faults}", faults.First }.Where(s => !string.IsNullOrEmpty(s)));

    private static double? At(ReadOnlySpan<long> sorted, double part) =>
        sorted.IsEmpty ? null : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))] * 1000.0 / Stopwatch.Frequency;
}
