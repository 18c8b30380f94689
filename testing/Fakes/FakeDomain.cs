namespace Actors.Sdk.Testing;

/// <summary>
/// A domain for tests. The test sets what the hypervisor reports. The balloon driver and the pager move the domain like real ones, and the
/// test can check what an actor did. Every mechanism of the contract is offered until it is withheld.
/// </summary>
public sealed class FakeDomain : IDomain
{
    private readonly Dictionary<Type, object> _mechanisms = [];
    private readonly Dictionary<Type, (FakePluginContext Plugin, object Mechanism)> _own = [];
    private readonly List<Progress> _reports = [];
    private DomainInfo _info;
    private bool _gone;

    /// <summary>Creates a running domain.</summary>
    /// <param name="clock">The clock of the domain.</param>
    /// <param name="memory">The footprint; 1 GiB if omitted.</param>
    /// <param name="kind">How the domain is virtualised. As on Xen, a PV domain offers neither paging nor sharing.</param>
    /// <param name="domid">The number of the domain.</param>
    public FakeDomain(FakeClock clock, Kib? memory = null, DomainKind kind = DomainKind.Pvh, int domid = 1)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var size = memory ?? Kib.FromGiB(1);
        Clock = clock;
        Identity = new DomainIdentity(domid, new Guid(domid, 0, 0, new byte[8]), $"fake-{domid}");
        _info = new DomainInfo
        {
            Domid = domid,
            Uuid = Identity.Uuid,
            Kind = kind,
            State = DomainState.Running,
            TotPages = size.ToPages(),
            MaxPages = (size + Kib.FromMiB(1)).ToPages(),
        };
        Store.Put(DomainKeys.StaticMax, size);
        Store.Put(DomainKeys.BalloonTarget, size);
        Balloon = new FakeBalloonDriver(this);
        Pager = new FakePaging(this);
        (Sharing, Tmem, Hinting) = (new FakeSharing(this), new FakeTmem(this), new FakeHinting(this));
        Offer<IMaxMem>(new FakeMaxMem(this));
        Offer<IPaging>(Pager);
        Offer<ISharing>(Sharing);
        Offer<ITmem>(Tmem);
        Offer<IHinting>(Hinting);
        if (kind == DomainKind.Pv)
        {
            Withhold<IPaging>($"paging needs hardware-assisted paging (HAP): domain {domid} is PV");
            Withhold<ISharing>($"sharing needs hardware-assisted paging (HAP): domain {domid} is PV");
        }
    }

    /// <summary>
    /// The plugin whose own mechanisms the domain has, as its actors get them from a host; <see langword="null"/> for none. A mechanism that was
    /// given with <see cref="Offer"/> replaces the plugin's, so that a test can use a fake.
    /// </summary>
    public FakePluginContext? Plugin { get; set; }

    /// <summary>What the hypervisor reports about the domain. Set it to change the state: <c>domain.Info = domain.Info with { … }</c>.</summary>
    /// <exception cref="DomainGoneException">The domain was destroyed.</exception>
    public DomainInfo Info
    {
        get => _gone ? throw new DomainGoneException(Identity.Domid) : _info;
        set => _info = value;
    }

    /// <summary>The memory of the host; <see langword="null"/> if the test leaves it unknown.</summary>
    public HostMemory? Host { get; set; }

    /// <summary>The balloon driver of the guest. It follows <c>memory/target</c>.</summary>
    public FakeBalloonDriver Balloon { get; }

    /// <summary>The pager. It follows <c>memory/target-tot_pages</c> while it is running.</summary>
    public FakePaging Pager { get; }

    /// <summary>The pages that the domain shares with others.</summary>
    public FakeSharing Sharing { get; }

    /// <summary>The tmem pools. They are empty until a test fills them.</summary>
    public FakeTmem Tmem { get; }

    /// <summary>What the guest has volunteered: nothing until a test sets it.</summary>
    public FakeHinting Hinting { get; }

    /// <summary>The keys of the domain.</summary>
    public FakeDomainStore Store { get; } = new();

    /// <summary>The clock of the domain.</summary>
    public FakeClock Clock { get; }

    /// <summary>The log of the actor.</summary>
    public FakeLog Log { get; } = new();

    /// <summary>The progress reports of the actor, in order.</summary>
    public IReadOnlyList<Progress> Reports => _reports;

    /// <inheritdoc/>
    public DomainIdentity Identity { get; }

    /// <inheritdoc/>
    public TimeProvider Time => Clock;

    IDomainStore IDomain.Store => Store;

    IActorLog IDomain.Log => Log;

    /// <summary>Offers a mechanism of your own. It replaces the one that was offered before.</summary>
    public void Offer<TMechanism>(TMechanism mechanism) where TMechanism : class => _mechanisms[typeof(TMechanism)] = mechanism;

    /// <summary>Stops offering a mechanism, with the reason.</summary>
    public void Withhold<TMechanism>(string whyNot) where TMechanism : class => _mechanisms[typeof(TMechanism)] = whyNot;

    /// <summary>Destroys the domain and its keys, and disposes of the plugin's own mechanisms for it.</summary>
    public void Destroy()
    {
        _gone = true;
        Store.Clear();
        var own = _own.Values.ToList();
        _own.Clear();
        foreach (var (_, mechanism) in own)
        {
            if (mechanism is IAsyncDisposable asynchronous)
                _ = asynchronous.DisposeAsync().AsTask();
            else
                (mechanism as IDisposable)?.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return _gone ? throw new DomainGoneException(Identity.Domid) : ValueTask.FromResult(_info);
    }

    /// <inheritdoc/>
    public ValueTask<HostMemory?> InspectHostAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Host);
    }

    /// <inheritdoc/>
    public ValueTask<HostGrant?> RequestHostMemoryAsync(Kib amount, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Host is { } host ? new HostGrant(Kib.Max(Kib.Zero, Kib.Min(amount, host.Available)), host) : null);
    }

    /// <inheritdoc/>
    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class
    {
        if (_gone)
            return Sdk.Offer.None<TMechanism>($"domain {Identity.Domid} does not exist (any more)");
        return _mechanisms.GetValueOrDefault(typeof(TMechanism)) switch
        {
            TMechanism mechanism => Sdk.Offer.Of(mechanism),
            string whyNot => Sdk.Offer.None<TMechanism>(whyNot),
            _ => CreateOwn<TMechanism>(),
        };
    }

    /// <inheritdoc/>
    public void Report(Progress progress) => _reports.Add(progress);

    internal bool Gone => _gone;

    // What is available is created once.
    private Offer<TMechanism> CreateOwn<TMechanism>() where TMechanism : class
    {
        if (_own.TryGetValue(typeof(TMechanism), out var created) && created.Plugin == Plugin)
            return Sdk.Offer.Of((TMechanism)created.Mechanism);
        var offer = Plugin?.Create<TMechanism>(Identity)
            ?? Sdk.Offer.None<TMechanism>($"the fake domain does not know {typeof(TMechanism).Name}; give it one with Offer, or set Plugin");
        if (offer.Available)
            _own[typeof(TMechanism)] = (Plugin!, offer.Mechanism);
        return offer;
    }

    /// <summary>Moves pages for the balloon and the pager.</summary>
    internal void Move(Pages held, Pages pagedOut) => _info = _info with { TotPages = held, PagedPages = pagedOut };
}
