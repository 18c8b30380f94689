using Actors.Sdk;

namespace Actors.Chains.Policies;

/// <summary>Counts the faults of one version of a policy. After too many in a row, or after one runaway script, the policy is out of service until its file changes.</summary>
internal sealed class PolicyHealth(string file)
{
    private const int MostInARow = 3;

    private int _inARow;
    private volatile string? _quarantined;

    /// <summary>Why the policy is out of service; <see langword="null"/> while it serves.</summary>
    public string? Quarantined => _quarantined;

    public void Succeeded() => Interlocked.Exchange(ref _inARow, 0);

    /// <summary>Counts a fault.</summary>
    /// <returns>Whether the policy is out of service now.</returns>
    public bool Fault(string reason, bool runaway)
    {
        var inARow = Interlocked.Increment(ref _inARow);
        if (runaway || inARow >= MostInARow)
        {
            var times = runaway ? "" : $" ({inARow} faults in a row)";
            _quarantined ??= $"{reason}{times}; the policy is out of service until {file} changes";
        }
        return _quarantined is not null;
    }

    public Outcome OutOfService(Kib footprint) => Outcome.Quarantined(footprint, _quarantined ?? "") with { Lacks = new Lack(LackKinds.Actor) };
}
