using System.Diagnostics;
using MucComponent.Storage;

namespace MucComponent.Bench.Subject;

/// <summary>
/// Our component in this process, where .NET can be asked what it allocates. It still talks through a real socket. The
/// generator is one thread, so its own CPU time and its own objects are known exactly and taken off.
/// </summary>
public sealed class InProcess : ISubject
{
    private readonly MucService _service;

    private InProcess(MucService service) => _service = service;

    public static async Task<InProcess> StartAsync(MucOptions options) => new(await MucService.StartAsync(options, CancellationToken.None));

    /// <summary>To be called from the generator's thread, as all that follows.</summary>
    public Usage Usage()
    {
        using var self = Process.GetCurrentProcess();
        return new Usage(Linux.ProcessCpu(self.Id) - Linux.ThreadCpu(), null);
    }

    public Memory Memory() => new(ProcessTree.ResidentBytes(Environment.ProcessId), GC.GetTotalMemory(forceFullCollection: true));

    public Inside Inside() => new(
        GC.GetTotalAllocatedBytes(precise: true) - GC.GetAllocatedBytesForCurrentThread(),
        GC.CollectionCount(0) - GC.CollectionCount(1), GC.CollectionCount(1) - GC.CollectionCount(2), GC.CollectionCount(2),
        GC.GetTotalPauseDuration(), (_service.Store as SqlRoomStore)?.Commits ?? 0);

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
