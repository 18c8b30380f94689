namespace Actors.Sdk.Testing;

/// <summary>A machine on which the rules are tried: the fakes of this kit, the simulated host, or one of yours.</summary>
public interface IRuleWorld
{
    /// <summary>Its time.</summary>
    TimeProvider Time { get; }

    /// <summary>Plays a story on the thread of the caller, with the world's time, to its end; throws on what it throws.</summary>
    /// <param name="story">What happens. All of it, and all that it awaits, stays on this thread.</param>
    /// <param name="limit">How long it may take by the world's time; longer is an error.</param>
    void Run(Func<Task> story, TimeSpan limit);

    /// <summary>Makes a running domain that holds 1 GiB, and can be brought to half of that by a balloon or a pager in some seconds.</summary>
    Task<IRuleDomain> CreateAsync(RuleGuest guest);
}

/// <summary>What sort of domain a rule wants.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Refuses">Whether its guest does not do what it is told.</param>
public sealed record RuleGuest(string Name, bool Refuses = false);

/// <summary>A domain on such a machine, and what can befall it.</summary>
public interface IRuleDomain
{
    /// <summary>As an actor sees it.</summary>
    IDomain Domain { get; }

    /// <summary>What the hypervisor says of it; <see langword="null"/> when it is gone.</summary>
    DomainInfo? Info { get; }

    /// <summary>All its keys, by their paths relative to it.</summary>
    Task<IReadOnlyDictionary<string, string>> ReadKeysAsync();

    /// <summary>The toolstack pauses it.</summary>
    Task PauseAsync();

    /// <summary>It is destroyed.</summary>
    Task DestroyAsync();

    /// <summary>Whatever helps a mechanism on it (a pager's process) dies.</summary>
    void KillHelpers();
}
