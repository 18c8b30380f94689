namespace Actors.Sdk.Testing;

/// <summary>The fakes of this kit as a machine on which the rules are tried.</summary>
/// <param name="prepare">Told of each domain before an actor sees it: to add a mechanism or an agent of your own.</param>
public sealed class FakeWorld(Action<FakeDomain>? prepare = null) : IRuleWorld
{
    private readonly FakeClock _clock = new();
    private int _domids;

    /// <inheritdoc/>
    public TimeProvider Time => _clock;

    /// <inheritdoc/>
    public void Run(Func<Task> story, TimeSpan limit) => _clock.Run(story, limit);

    /// <inheritdoc/>
    public Task<IRuleDomain> CreateAsync(RuleGuest guest)
    {
        ArgumentNullException.ThrowIfNull(guest);
        var domain = new FakeDomain(_clock, domid: ++_domids);
        domain.Balloon.Refuses = guest.Refuses;
        domain.Store.Put(DomainKeys.SharingGroup, "rules");
        prepare?.Invoke(domain);
        return Task.FromResult<IRuleDomain>(new Ground(domain));
    }

    private sealed class Ground(FakeDomain domain) : IRuleDomain
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
