namespace Actors.Sdk.Testing;

/// <summary>
/// A domain for tests: what the hypervisor says of it is what the test sets, its balloon driver and its pager move it as real ones do,
/// and what an actor did to it can be looked at. Every mechanism of the contract is offered until it is withheld.
/// </summary>
public sealed class FakeDomain : IDomain
{
    private readonly Dictionary<Type, object> _mechanisms = [];
    private readonly List<Progress> _reports = [];
    private DomainInfo _info;
    private bool _gone;

    /// <summary>A running domain.</summary>
    /// <param name="clock">Its time.</param>
    /// <param name="memory">Its footprint; 1 GiB when left out.</param>
    /// <param name="kind">How it is virtualised. A PV one offers neither paging nor sharing, as with Xen.</param>
    /// <param name="domid">Its number.</param>
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
        (Sharing, Tmem) = (new FakeSharing(this), new FakeTmem(this));
        Offer<IMaxMem>(new FakeMaxMem(this));
        Offer<IPaging>(Pager);
        Offer<ISharing>(Sharing);
        Offer<ITmem>(Tmem);
        if (kind == DomainKind.Pv)
        {
            Withhold<IPaging>($"paging needs hardware-assisted paging (HAP): domain {domid} is PV");
            Withhold<ISharing>($"sharing needs hardware-assisted paging (HAP): domain {domid} is PV");
        }
    }

    /// <summary>What the hypervisor says of it. Set it to change the facts: <c>domain.Info = domain.Info with { … }</c>.</summary>
    /// <exception cref="DomainGoneException">It was destroyed.</exception>
    public DomainInfo Info
    {
        get => _gone ? throw new DomainGoneException(Identity.Domid) : _info;
        set => _info = value;
    }

    /// <summary>The balloon driver of its guest: follows <c>memory/target</c>.</summary>
    public FakeBalloonDriver Balloon { get; }

    /// <summary>Its pager: follows <c>memory/target-tot_pages</c> while it runs.</summary>
    public FakePaging Pager { get; }

    /// <summary>Sharing of its pages with others.</summary>
    public FakeSharing Sharing { get; }

    /// <summary>Its tmem pools; empty until a test fills them.</summary>
    public FakeTmem Tmem { get; }

    /// <summary>Its keys.</summary>
    public FakeDomainStore Store { get; } = new();

    /// <summary>The clock that it was made with.</summary>
    public FakeClock Clock { get; }

    /// <summary>What was written for an operator.</summary>
    public FakeLog Log { get; } = new();

    /// <summary>What was reported, in order.</summary>
    public IReadOnlyList<Progress> Reports => _reports;

    /// <inheritdoc/>
    public DomainIdentity Identity { get; }

    /// <inheritdoc/>
    public TimeProvider Time => Clock;

    IDomainStore IDomain.Store => Store;

    IActorLog IDomain.Log => Log;

    /// <summary>Offers a mechanism, instead of the one that was offered before: a fake of your own.</summary>
    public void Offer<TMechanism>(TMechanism mechanism) where TMechanism : class => _mechanisms[typeof(TMechanism)] = mechanism;

    /// <summary>Offers a mechanism no more, because …</summary>
    public void Withhold<TMechanism>(string whyNot) where TMechanism : class => _mechanisms[typeof(TMechanism)] = whyNot;

    /// <summary>Takes the domain away, keys and all.</summary>
    public void Destroy()
    {
        _gone = true;
        Store.Clear();
    }

    /// <inheritdoc/>
    public ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return _gone ? throw new DomainGoneException(Identity.Domid) : ValueTask.FromResult(_info);
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
            _ => Sdk.Offer.None<TMechanism>($"the fake domain does not know {typeof(TMechanism).Name}; give it one with Offer"),
        };
    }

    /// <inheritdoc/>
    public void Report(Progress progress) => _reports.Add(progress);

    internal bool Gone => _gone;

    /// <summary>Pages that its own mechanisms move: from the guest to nowhere (a balloon) or to a pager, and back.</summary>
    internal void Move(Pages held, Pages pagedOut) => _info = _info with { TotPages = held, PagedPages = pagedOut };
}
