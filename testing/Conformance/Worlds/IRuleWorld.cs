namespace Actors.Sdk.Testing;

/// <summary>A machine on which the rules are checked: the fakes of this kit, the simulated host, or your own.</summary>
public interface IRuleWorld
{
    /// <summary>The time of this machine.</summary>
    TimeProvider Time { get; }

    /// <summary>Whether the actor runs on this thread and uses <see cref="Time"/> itself. If not, the rules that check this do not apply.</summary>
    bool SharesThreadAndTime => true;

    /// <summary>Runs a test body to its end on the calling thread, with the time of this machine. An exception of the body is passed on.</summary>
    /// <param name="body">The test body. It and everything that it awaits must stay on this thread.</param>
    /// <param name="limit">The time that the body may take on this machine. A longer run is an error.</param>
    void Run(Func<Task> body, TimeSpan limit);

    /// <summary>Creates a running domain with 1 GiB. A balloon or a pager can reduce it to half of that within seconds.</summary>
    Task<IRuleDomain> CreateAsync(RuleGuest guest);
}

/// <summary>The domain that a rule needs.</summary>
/// <param name="Name">The name of the domain.</param>
/// <param name="Refuses">Whether the guest ignores its balloon target.</param>
public sealed record RuleGuest(string Name, bool Refuses = false);

/// <summary>A domain on such a machine, with the faults that a rule can cause.</summary>
public interface IRuleDomain
{
    /// <summary>The domain, as seen by an actor.</summary>
    IDomain Domain { get; }

    /// <summary>What the hypervisor reports; <see langword="null"/> if the domain no longer exists.</summary>
    DomainInfo? Info { get; }

    /// <summary>Reads all keys of the domain. The paths are relative to it.</summary>
    Task<IReadOnlyDictionary<string, string>> ReadKeysAsync();

    /// <summary>Pauses the domain, as a toolstack does.</summary>
    Task PauseAsync();

    /// <summary>Destroys the domain.</summary>
    Task DestroyAsync();

    /// <summary>Kills the processes that a mechanism uses for this domain, such as a pager.</summary>
    void KillHelpers();
}
