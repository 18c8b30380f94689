namespace Actors.Sdk.Testing;

/// <summary>A machine for the rules that consists of the fakes in this kit.</summary>
/// <param name="prepare">Called for each domain before an actor sees it, for example to add a mechanism of your own.</param>
public sealed class FakeWorld(Action<FakeDomain>? prepare = null) : IRuleWorld
{
    private readonly FakeClock _clock = new();
    private int _domids;

    /// <inheritdoc/>
    public TimeProvider Time => _clock;

    /// <inheritdoc/>
    public void Run(Func<Task> body, TimeSpan limit) => _clock.Run(body, limit);

    /// <inheritdoc/>
    public Task<IRuleDomain> CreateAsync(RuleGuest guest)
    {
        ArgumentNullException.ThrowIfNull(guest);
        var domain = new FakeDomain(_clock, domid: ++_domids);
        domain.Balloon.Refuses = guest.Refuses;
        domain.Store.Put(DomainKeys.SharingGroup, "rules");
        // Above the balloon target, so that the two cannot be confused.
        domain.Store.Put(DomainKeys.StaticMax, Kib.FromGiB(2));
        prepare?.Invoke(domain);
        return Task.FromResult<IRuleDomain>(new FakeRuleDomain(domain));
    }

    private sealed class FakeRuleDomain(FakeDomain domain) : IRuleDomain
    {
        public IDomain Domain => domain;

        public DomainInfo? Info => domain.Gone ? null : domain.Info;

        public Task<IReadOnlyDictionary<string, string>> ReadKeysAsync() => Task.FromResult(domain.Store.Keys);

        public Task PauseAsync()
        {
            domain.Info = domain.Info with { State = DomainState.Paused };
            return Task.CompletedTask;
        }

        public Task DestroyAsync()
        {
            domain.Destroy();
            return Task.CompletedTask;
        }

        public void KillHelpers() => domain.Pager.Die();
    }
}
