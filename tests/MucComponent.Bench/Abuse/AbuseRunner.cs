using System.Globalization;
using MucComponent.Bench.Load;
using MucComponent.Bench.Subject;

namespace MucComponent.Bench.Abuse;

/// <summary>Every flood on a fresh component, with the default settings and with those recommended against strangers; a table of the harm.</summary>
internal static class AbuseRunner
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Flooded = TimeSpan.FromSeconds(8);

    /// <returns>Whether all could be played to the end.</returns>
    public static async Task<bool> RunAsync(Options options, TextWriter output)
    {
        var harms = new List<(string Component, Harm Harm)>();
        foreach (var component in options.Components)
            foreach (var flood in Flood.All)
                foreach (var (name, settings) in new (string, IReadOnlyDictionary<string, string>)[] { ("default", new Dictionary<string, string>()), ("limits", Flood.Recommended) })
                {
                    // Others do not know our settings.
                    if (settings.Count > 0 && component.Command is not null) continue;
                    var harm = await PlayAsync(options, component, flood, name, settings);
                    harms.Add((component.Name, harm));
                    Console.Error.WriteLine($"{flood.Name}, {component.Name}, {name}: {harm.Why ?? $"elsewhere {harm.Elsewhere} ms"}");
                }
        Write(harms, output);
        return harms.TrueForAll(h => h.Harm.Why is null);
    }

    private static async Task<Harm> PlayAsync(Options options, Candidate component, Flood flood, string name, IReadOnlyDictionary<string, string> settings)
    {
        using var stream = new ServerStream(Candidate.Domain, Candidate.Secret);
        var subject = await component.StartAsync(stream.Port, options.ComponentCpu, inProcess: false, settings);
        try
        {
            stream.Accept(StartUp);
            return await OnItsOwnThread(options.GeneratorCpu, () => new Nuisance(stream, flood, () => subject.Memory().Resident).Play(name, Calm, Flooded));
        }
        catch (IOException e)
        {
            return new Harm(flood, name) { Why = $"{e.Message}; {(subject as ChildProcess)?.LastWords}" };
        }
        finally
        {
            await subject.DisposeAsync();
            component.CleanUp();
        }
    }

    private static Task<Harm> OnItsOwnThread(int? cpu, Func<Harm> play)
    {
        var done = new TaskCompletionSource<Harm>();
        new Thread(() =>
        {
            try
            {
                if (cpu is { } one) Linux.PinThread(one);
                done.SetResult(play());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }).Start();
        return done.Task;
    }

    private static void Write(List<(string Component, Harm Harm)> harms, TextWriter output)
    {
        output.WriteLine("\nLatency of the others' messages, p50 / p99 / max in ms.\n");
        output.WriteLine("| flood | component | settings | another room, before | another room, flooded | same room, before | same room, flooded | flood in/s | out/s | refusals told | resident MB, before | most |");
        output.WriteLine("|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (component, harm) in harms)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {harm.Flood.Name} | {component} | {harm.Settings} | {(harm.Why is null ? $"{harm.ElsewhereBefore} | {harm.Elsewhere} | {harm.SameRoomBefore} | {harm.SameRoom} | {harm.In / harm.Seconds:N0} | {harm.Out / harm.Seconds:N0} | {harm.Refusals:N0} | {harm.ResidentBefore / 1e6:0} | {harm.ResidentMost / 1e6:0}" : $"failed: {harm.Why} | | | | | | | |")} |"));
    }
}
