namespace Actors.Sim.Costs;

/// <summary>What a domain has lost.</summary>
/// <param name="Name">Its name; a domain that reboots stays the same.</param>
/// <param name="Seconds">How long it was running, or dead.</param>
/// <param name="Lost">The seconds of work that it lost, by cause.</param>
/// <param name="P95">The slow-down that it exceeded in one of twenty seconds, as a part of one.</param>
internal sealed record DomainCost(string Name, double Seconds, LostWork Lost, double P95)
{
    /// <summary>The part of its useful work that it lost.</summary>
    public double SlowDown => Seconds == 0 ? 0 : Lost.Sum / Seconds;
}

/// <summary>What all domains have lost.</summary>
internal sealed record HostCost(IReadOnlyList<DomainCost> Domains)
{
    /// <summary>The part of the useful work of all domains that was lost.</summary>
    public double SlowDown => Domains.Sum(domain => domain.Seconds) is > 0 and var seconds ? Domains.Sum(domain => domain.Lost.Sum) / seconds : 0;
}
