namespace Actors.Isolation.Processes;

/// <summary>How a child ended, and what it last wrote to stderr.</summary>
/// <param name="ExitCode">Its exit code; 128 and the number of the signal, if a signal ended it.</param>
/// <param name="LastLines">The last lines of its stderr.</param>
/// <param name="Killed">Why the daemon killed it; <see langword="null"/> if it did not.</param>
internal sealed record EndOfProcess(int ExitCode, IReadOnlyList<string> LastLines, string? Killed)
{
    private const int Abort = 134, SegmentationFault = 139, BusError = 135, IllegalInstruction = 132, FloatingPoint = 136, KilledBySignal = 137, Terminated = 143, ProcessorTime = 152, FileSize = 153, BadCall = 159;
    private const int MaxSignal = 64;

    /// <summary>Whether the memory of its cgroup was used up.</summary>
    public bool GroupRanOutOfMemory { get; init; }

    /// <summary>
    /// Whether somebody else ended it: neither it nor the daemon did, nor one of its limits. SIGKILL and SIGTERM are what people, programs and the
    /// kernel use for that. A process that sends one to itself looks the same.
    /// </summary>
    public bool ByOthers => Killed is null && (ExitCode == Terminated || (ExitCode == KilledBySignal && !GroupRanOutOfMemory));

    /// <summary>Whether it ended because it needed more memory than it may have.</summary>
    public bool RanOutOfMemory => Killed is null && (GroupRanOutOfMemory || (ExitCode == Abort && (Find("Out of memory") ?? Find(nameof(OutOfMemoryException))) is not null));

    /// <summary>Whether something outside of it ended it: the daemon, the kernel when memory was short, or a person.</summary>
    public bool FromOutside => Killed is not null || ExitCode is KilledBySignal or Terminated;

    /// <summary>What happened, as the end of a sentence about the process: <c>ended in a stack overflow (Acme.Walk)</c>. Pure.</summary>
    public string Describe() => Killed is { } why ? $"was killed: {why}" : ExitCode switch
    {
        KilledBySignal when GroupRanOutOfMemory => "was killed by the kernel: the memory of its cgroup is used up",
        Abort => DescribeAbort(),
        SegmentationFault => "crashed in native code (SIGSEGV)",
        BusError => "crashed in native code (SIGBUS)",
        IllegalInstruction => "crashed in native code (SIGILL)",
        FloatingPoint => "crashed in native code (SIGFPE)",
        BadCall => "used a system call that the kernel does not allow it (SIGSYS)",
        ProcessorTime => "used more processor time than its limit (SIGXCPU)",
        FileSize => "wrote a file that is larger than its limit (SIGXFSZ)",
        KilledBySignal => "was killed from outside by SIGKILL, as the kernel does when memory is short",
        Terminated => "was ended from outside by SIGTERM",
        > 128 and <= 128 + MaxSignal => $"was ended by signal {ExitCode - 128}",
        _ => $"ended on its own with exit code {ExitCode}",
    };

    // The runtime explains itself on stderr before it aborts.
    private string DescribeAbort()
    {
        if (RanOutOfMemory)
            return "ran out of memory: its limit is reached";
        if (Find("Stack overflow") is not null)
            return $"ended in a stack overflow{Frame()}";
        if (Find("Unhandled exception") is { } unhandled)
            return $"ended with an exception that nothing caught: {unhandled["Unhandled exception.".Length..].Trim()}";
        if (Find("Fatal error") is not null || Find("AccessViolationException") is not null)
            return $"crashed: it accessed memory that is not its own{Frame()}";
        if (Find("Process terminated") is not null)
            return $"ended itself{(After("Process terminated") is { } message ? $": {message}" : "")}";
        return "aborted (SIGABRT)";
    }

    private string? Find(string start) => LastLines.FirstOrDefault(line => line.Contains(start, StringComparison.Ordinal)) is { } line
        ? line[line.IndexOf(start, StringComparison.Ordinal)..] : null;

    private string? After(string start) => LastLines.SkipWhile(line => !line.Contains(start, StringComparison.Ordinal)).Skip(1).FirstOrDefault() is { } next
        && !next.TrimStart().StartsWith("at ", StringComparison.Ordinal) ? next.Trim() : null;

    // The first frame that is not the runtime's own.
    private string Frame() => LastLines.Select(line => line.TrimStart()).FirstOrDefault(line => line.StartsWith("at ", StringComparison.Ordinal)
        && !line.StartsWith("at System.", StringComparison.Ordinal)) is { } frame ? $" ({frame[3..].Split('(')[0]})" : "";
}
