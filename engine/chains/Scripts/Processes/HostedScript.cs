namespace Actors.Chains.Scripts.Processes;

/// <summary>A script as the processes that run it know it, and what is held against it.</summary>
/// <param name="number">Identifies it in every process.</param>
/// <param name="file">The name of the file, for messages.</param>
internal sealed class HostedScript(long number, string file)
{
    // A script that was near so many ends is not tried among others any more, whatever caused them.
    private const int MostSuspicions = 3;

    private int _suspicions;
    private volatile bool _suspected;
    private volatile string? _blamed;

    public long Number => number;

    public string File => file;

    /// <summary>Whether it may have ended a process, and so runs in one of its own.</summary>
    public bool RunsAlone => _suspected;

    /// <summary>What it did for certain; <see langword="null"/> if nothing.</summary>
    public string? Blamed => _blamed;

    public void Suspect()
    {
        Interlocked.Increment(ref _suspicions);
        _suspected = true;
    }

    /// <summary>It has run alone, and nothing happened.</summary>
    public void Clear()
    {
        if (Volatile.Read(ref _suspicions) < MostSuspicions)
            _suspected = false;
    }

    public void Blame(string what) => _blamed ??= $"{file}: {what}";
}
