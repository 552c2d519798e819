using System.Diagnostics;

namespace MucComponent.Tests.Storage;

/// <summary>Another program, run to its end.</summary>
internal static class Command
{
    /// <summary>Its exit code.</summary>
    public static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
