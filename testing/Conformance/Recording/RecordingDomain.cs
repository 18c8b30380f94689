using System.Globalization;

namespace Actors.Sdk.Testing;

/// <summary>
/// A domain that records all calls of an actor and injects faults. It wraps the domain of any machine, so the rules are the same for all
/// machines.
/// </summary>
internal sealed class RecordingDomain : IDomain
{
    private const int MaxCallsWithoutTime = 20_000;

    private readonly IRuleDomain _ruleDomain;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string> _trace = [];
    private long _moment = -1;
    private int _calls;

    public RecordingDomain(IRuleDomain ruleDomain)
    {
        _ruleDomain = ruleDomain;
        Identity = ruleDomain.Domain.Identity;
        RecordingTime = new RecordingTime(ruleDomain.Domain.Time);
        Store = RecordingStore = new RecordingStore(ruleDomain.Domain.Store, this);
    }

    public DomainIdentity Identity { get; }

    public IDomainStore Store { get; }

    public RecordingStore RecordingStore { get; }

    public RecordingTime RecordingTime { get; }

    public TimeProvider Time => RecordingTime;

    public IActorLog Log => _ruleDomain.Domain.Log;

    public IRuleDomain RuleDomain => _ruleDomain;

    /// <summary>All calls of the actor, each with its timestamp.</summary>
    public IReadOnlyList<string> Trace => _trace;

    public List<Progress> Reports { get; } = [];

    /// <summary>The changes to the balloon target and to max_mem, in order.</summary>
    public List<BalloonStep> BalloonSteps { get; } = [];

    /// <summary>The number of calls to a mechanism.</summary>
    public int MechanismCalls { get; private set; }

    /// <summary>Whether the actor requested a mechanism.</summary>
    public bool RequestedMechanism { get; private set; }

    /// <summary>The number of calls that have not returned yet.</summary>
    public int Waiting { get; private set; }

    /// <summary>Why no mechanism is offered; <see langword="null"/> if all are offered.</summary>
    public string? Withheld { get; set; }

    /// <summary>Why every call to a mechanism fails; <see langword="null"/> if the mechanisms work.</summary>
    public string? MechanismFailure { get; set; }

    /// <summary>Whether a call came from another thread than the one that runs the rule.</summary>
    public bool CalledFromAnotherThread { get; private set; }

    public ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation = default)
    {
        Record("inspect");
        return WaitAsync(_ruleDomain.Domain.InspectAsync(cancellation));
    }

    public ValueTask<HostMemory?> InspectHostAsync(CancellationToken cancellation = default)
    {
        Record("inspect the host");
        return WaitAsync(_ruleDomain.Domain.InspectHostAsync(cancellation));
    }

    public ValueTask<HostGrant?> RequestHostMemoryAsync(Kib amount, CancellationToken cancellation = default)
    {
        Record("request host memory");
        return WaitAsync(_ruleDomain.Domain.RequestHostMemoryAsync(amount, cancellation));
    }

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class
    {
        Record($"request {typeof(TMechanism).Name}");
        RequestedMechanism = true;
        if (Withheld is not null)
            return Offer.None<TMechanism>(Withheld);
        var offer = _ruleDomain.Domain.GetMechanism<TMechanism>();
        return offer.Available && typeof(TMechanism).IsInterface ? Offer.Of(RecordingMechanism.Around(offer.Mechanism, this)) : offer;
    }

    public void Report(Progress progress)
    {
        Record($"report {progress.Footprint}");
        Reports.Add(progress);
        _ruleDomain.Domain.Report(progress);
    }

    public void MechanismCalled(string call)
    {
        Record(call);
        MechanismCalls++;
        if (MechanismFailure is not null)
            throw new MechanismException(MechanismFailure);
    }

    /// <summary>Records a change to the balloon target or to max_mem that is about to happen.</summary>
    public void RecordBalloonStep(BalloonStepKind kind, Kib amount)
    {
        if (_ruleDomain.Info is { } info)
            BalloonSteps.Add(new BalloonStep(kind, amount, info.Footprint, info.MaxMem));
    }

    /// <summary>Records a call of the actor.</summary>
    public void Record(string what)
    {
        var now = Time.GetTimestamp();
        CalledFromAnotherThread |= Environment.CurrentManagedThreadId != _thread;
        lock (_trace)
        {
            _calls = now == _moment ? _calls + 1 : 0;
            _moment = now;
            if (_calls > MaxCallsWithoutTime)
                throw new RuleBrokenException("it calls the domain in a loop without letting time pass; wait with Task.Delay(…, domain.Time, cancellation)");
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
