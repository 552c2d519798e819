using System.Runtime.InteropServices;

namespace MucComponent.Bench;

/// <summary>What only the kernel knows. A benchmark of this kind needs Linux.</summary>
internal static unsafe partial class Linux
{
    private const int ThreadCpuClock = 3;
    private const short PollIn = 1, PollOut = 4;

    /// <summary>Ties the calling thread to one CPU.</summary>
    public static void PinThread(int cpu)
    {
        var set = stackalloc ulong[16];
        set[cpu / 64] = 1UL << (cpu % 64);
        _ = SetAffinity(0, 16 * sizeof(ulong), set);
    }

    /// <summary>CPU time of the calling thread.</summary>
    public static TimeSpan ThreadCpu() => Clock(ThreadCpuClock);

    /// <summary>CPU time of another process, to the nanosecond; zero if it is gone.</summary>
    public static TimeSpan ProcessCpu(int process) => Clock((~process << 3) | 2);

    /// <summary>Waits until the socket can be read, or written if that is wanted too, or until the time is over.</summary>
    public static void Wait(int socket, bool write, TimeSpan time)
    {
        var poll = new PollFd { File = socket, Events = (short)(PollIn | (write ? PollOut : 0)) };
        var spec = new TimeSpec { Seconds = (long)time.TotalSeconds, Nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * 100 };
        _ = Poll(&poll, 1, &spec, null);
    }

    private static TimeSpan Clock(int clock)
    {
        TimeSpec time;
        return GetTime(clock, &time) == 0 ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)) : TimeSpan.Zero;
    }

    private struct PollFd
    {
        public int File;
        public short Events, Happened;
    }

    private struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nint size, ulong* set);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(PollFd* files, nint count, TimeSpec* time, void* signals);
}
