using System.Diagnostics;
using System.Text.Json;
using BenchmarkDotNet.Running;
using MucComponent.Bench;
using MucComponent.Bench.Abuse;
using MucComponent.Bench.Micro;

const int Exact = 0;
const int NotExact = 1;
const int BadArguments = 2;
const string Pinned = "MUC_BENCH_PINNED";

if (args is ["--help"])
{
    Console.WriteLine(Options.Help);
    return Exact;
}
#if DEBUG
Console.Error.WriteLine("bench: built for debugging; figures mean nothing without -c Release");
#endif
if (args is ["--micro", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(["--filter", .. args is ["--micro"] ? ["*"] : args[1..]], new MicroConfig());
    return Exact;
}

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"bench: {e.Message}\n\n{Options.Help}");
    return BadArguments;
}

if (options.Abuse)
{
    try
    {
        return await AbuseRunner.RunAsync(options, Console.Out) ? Exact : NotExact;
    }
    finally
    {
        foreach (var component in options.Components) await component.DisposeAsync();
    }
}

// In process the component has this whole process but for the generator's thread, and a process is pinned before it starts.
if (options is { InProcess: true, ComponentCpu.Length: > 0 } && Environment.GetEnvironmentVariable(Pinned) is null)
{
    var again = new ProcessStartInfo("taskset", ["-c", options.ComponentCpu, Environment.ProcessPath!, .. Environment.GetCommandLineArgs() is [var dll, ..] && Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [dll] : Array.Empty<string>(), .. args]);
    again.Environment[Pinned] = "1";
    using var pinned = Process.Start(again)!;
    await pinned.WaitForExitAsync();
    return pinned.ExitCode;
}

var runner = new Runner(options);
var measured = new List<Measurement>();
await using var json = options.Json is null ? null : new StreamWriter(options.Json) { AutoFlush = true };
try
{
    foreach (var work in options.Workloads)
        for (var run = 1; run <= options.Runs; run++)
            foreach (var component in options.Components)
            {
                var one = await runner.RunAsync(component, work, run);
                measured.Add(one);
                json?.WriteLine(JsonSerializer.Serialize(one));
                Console.Error.WriteLine($"{one.Workload}, {one.Component}: {(one.Exact ? $"{one.OutPerSecond:N0} out/s, {one.CpuPerOut:N2} µs CPU each" : $"NOT EXACT: {one.Why}")}");
            }
}
finally
{
    foreach (var component in options.Components) await component.DisposeAsync();
}
Table.Write(measured, Console.Out);
return measured.TrueForAll(m => m.Exact) ? Exact : NotExact;
