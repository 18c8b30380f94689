using System.Globalization;

namespace Actors.Sdk.Testing;

/// <summary>
/// Stands between an actor and its domain: writes down all that the actor does, and brings the faults. So the rules are the same on
/// every machine that can show them a domain.
/// </summary>
internal sealed class WatchedDomain : IDomain
{
    private const int CallsInOneMoment = 20_000;

    private readonly IRuleDomain _ground;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string> _trace = [];
    private long _moment = -1;
    private int _calls;

    public WatchedDomain(IRuleDomain ground)
    {
        _ground = ground;
        Identity = ground.Domain.Identity;
        WatchedTime = new WatchedTime(ground.Domain.Time);
        Store = WatchedStore = new WatchedStore(ground.Domain.Store, this);
    }

    public DomainIdentity Identity { get; }

    public IDomainStore Store { get; }

    public WatchedStore WatchedStore { get; }

    public WatchedTime WatchedTime { get; }

    public TimeProvider Time => WatchedTime;

    public IActorLog Log => _ground.Domain.Log;

    public IRuleDomain Ground => _ground;

    /// <summary>Each thing that the actor did, with its moment.</summary>
    public IReadOnlyList<string> Trace => _trace;

    public List<Progress> Reports { get; } = [];

    /// <summary>How many calls to a mechanism were made.</summary>
    public int MechanismCalls { get; private set; }

    /// <summary>Whether it asked for a mechanism at all.</summary>
    public bool AskedForMechanism { get; private set; }

    /// <summary>How many calls it has made that have not come back.</summary>
    public int Waiting { get; private set; }

    /// <summary>Why no mechanism is offered; <see langword="null"/> when they are.</summary>
    public string? Withheld { get; set; }

    /// <summary>Why every call to a mechanism fails; <see langword="null"/> when they work.</summary>
    public string? MechanismsDead { get; set; }

    /// <summary>Whether it was called from a thread that is not its own.</summary>
    public bool CalledFromElsewhere { get; private set; }

    public ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation = default)
    {
        Note("inspect");
        return WaitAsync(_ground.Domain.InspectAsync(cancellation));
    }

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class
    {
        Note($"ask for {typeof(TMechanism).Name}");
        AskedForMechanism = true;
        if (Withheld is not null)
            return Offer.None<TMechanism>(Withheld);
        var offer = _ground.Domain.GetMechanism<TMechanism>();
        return offer.Available && typeof(TMechanism).IsInterface ? Offer.Of(WatchedMechanism.Around(offer.Mechanism, this)) : offer;
    }

    public void Report(Progress progress)
    {
        Note($"report {progress.Footprint}");
        Reports.Add(progress);
        _ground.Domain.Report(progress);
    }

    public void MechanismCalled(string call)
    {
        Note(call);
        MechanismCalls++;
        if (MechanismsDead is not null)
            throw new MechanismException(MechanismsDead);
    }

    /// <summary>Writes down what the actor does.</summary>
    public void Note(string what)
    {
        var now = Time.GetTimestamp();
        CalledFromElsewhere |= Environment.CurrentManagedThreadId != _thread;
        lock (_trace)
        {
            _calls = now == _moment ? _calls + 1 : 0;
            _moment = now;
            if (_calls > CallsInOneMoment)
                throw new RuleBrokenException("it calls the domain again and again without letting time pass: wait with Task.Delay(…, domain.Time, cancellation)");
            _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{now} {what}"));
        }
    }

    public async ValueTask<T> WaitAsync<T>(ValueTask<T> call)
    {
        Waiting++;
        try
        {
            return await call;
        }
        finally
        {
            Waiting--;
        }
    }
}
