namespace MucComponent.Bench.Subject;

/// <summary>A component that is being measured.</summary>
public interface ISubject : IAsyncDisposable
{
    /// <summary>What it has used so far.</summary>
    Usage Usage();

    /// <summary>What it holds when nothing happens, after a while of nothing happening.</summary>
    Memory Memory();

    /// <summary>What is known of .NET and of the store; null where the component runs in a process of its own.</summary>
    Inside? Inside();
}

/// <param name="Cpu">CPU time of all its threads.</param>
/// <param name="Waited">How long its threads were ready to run while something else had the CPU; null if not known.</param>
public sealed record Usage(TimeSpan Cpu, TimeSpan? Waited);

/// <param name="Resident">Resident bytes.</param>
/// <param name="Live">Bytes of live objects, after a full collection; null if not known.</param>
public sealed record Memory(long Resident, long? Live);

/// <param name="Allocated">Bytes of objects made so far, without the generator's.</param>
/// <param name="Pause">How long collections stopped everything, in all.</param>
/// <param name="Commits">Transactions of the store; 0 for the store in memory.</param>
public sealed record Inside(long Allocated, int Gen0, int Gen1, int Gen2, TimeSpan Pause, long Commits);
