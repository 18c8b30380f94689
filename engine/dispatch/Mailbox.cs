using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Monitoring;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Retries;
using Actors.Dispatch.Runs;
using Actors.Dispatch.Settings;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch;

/// <summary>The mailbox of one domain: one run at a time, and the newest target wins.</summary>
internal sealed class Mailbox : IMonitoredDomain, IAsyncDisposable
{
    private const KeyChange Keys = KeyChange.Target | KeyChange.Settings | KeyChange.Domain;
    private const string Superseded = "a newer target or actor replaced it";

    private readonly CancellationTokenSource _stop = new();
    private readonly HostDomain _domain;
    private readonly ActorDirectory _directory;
    private readonly DomainPager _pager;
    private readonly SnapshotSource _snapshots;
    private readonly StateWriter _state;
    private readonly StateReports _reports;
    private readonly SecondWriter _secondWriter;
    private readonly DomainMonitor _monitor;
    private readonly DomainRetry _retry;
    private readonly PokeQueue _pokes;
    private readonly Task _loop;
    private DomainRun? _run;
    private Decision _last = new Decision.Idle();
    private int _directoryVersion;
    private DomainClasses? _classes;
    private bool _isFirst = true;
    private DispatchPlan? _plan;

    public Mailbox(
        HostDomain domain, HostServices services, ActorDirectory directory, StoredSettings stored, StateWriter state, SecondWriter secondWriter)
    {
        (_domain, _directory, _state, _secondWriter) = (domain, directory, state, secondWriter);
        (_pager, _snapshots) = (new DomainPager(domain, directory), new SnapshotSource(domain, services, stored));
        (_reports, _monitor) = (new StateReports(domain, state), new DomainMonitor(services.Time));
        _retry = new DomainRetry(state, directory, services.Time);
        _pokes = new PokeQueue(services.Time);
        _loop = CheckLoop.RunAsync(domain, _pokes, CheckAsync, _stop.Token);
    }

    public HostDomain Domain => _domain;

    public int Domid => _domain.Identity.Domid;

    public bool IsRestless => IsRunning || _monitor.IsRestless || _retry.IsRestless || (IsOurs && _secondWriter.MustCompare);

    private bool IsRunning => _run is { Answered: false };

    // Only then may another program's value be a conflict.
    private bool IsOurs => _last is Decision.Act or Decision.LeaveAlone;

    /// <summary>Requests a check, because something may have changed.</summary>
    public void Poke(KeyChange change)
    {
        if (change.HasFlag(KeyChange.Driver))
            _retry.ReportDriver();
        if (change.HasFlag(KeyChange.Target))
            _secondWriter.ReportTargetWritten();
        if (change.HasFlag(KeyChange.BalloonTarget))
        {
            _secondWriter.ReportBalloonTargetChanged();
            if (_secondWriter.EventIsProbablyOwn)
                change &= ~KeyChange.BalloonTarget;
        }
        // The monitor looks at the domains that wait for a driver.
        if ((change & ~KeyChange.Driver) != KeyChange.None)
            _pokes.Poke(change & ~KeyChange.Driver);
    }

    public void Check(DomainInfo info)
    {
        if (IsOurs && _secondWriter.MustCompare)
            _pokes.Poke(KeyChange.BalloonTarget);
        var run = _run;
        var current = _state.Last is { Final: true } state && run is not { Answered: false }
            ? Watched.Of(state, _plan) with { LeftAlone = _secondWriter.LeftTo is not null, IsFollowedUp = run is { Finished.IsCompleted: false } }
            : null;
        if (_monitor.Check(current, info, _pager.LostPagesOf(info) is not null, _pager.PageInsOf(info)))
            _pokes.Poke(KeyChange.Finding);
    }

    public WaitingDomain? WaitingAt(DomainInfo info) => IsRunning ? null : _retry.At(info);

    public Kib GrowthFrom(Kib footprint) => _run is { Answered: false, Plan: var plan } ? Kib.Max(Kib.Zero, plan.Request.Target - footprint) : Kib.Zero;

    public void Retry(Retry retry)
    {
        _retry.Grant(retry);
        Poke(KeyChange.Retry);
    }

    /// <summary>Reports that what an actor holds has changed. After a failure the outcome already says so.</summary>
    public void HoldingsChanged()
    {
        if (_state.Last?.Outcome != StateKey.Failed)
            Poke(KeyChange.Retry);
    }

    /// <summary>Writes everything again that the host and its actors have written, because xenstore has lost it.</summary>
    public async ValueTask RepublishAsync(CancellationToken cancellation)
    {
        await _domain.Store.RepublishAsync(withBalloonTarget: _secondWriter.LeftTo is null, cancellation);
        await _state.RepublishAsync(cancellation);
    }

    /// <summary>Stops at once. Actors keep what they hold on the domain, and the next daemon takes it over.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await EndRunAsync("the host was stopped; the next one resumes the target");
        _stop.Dispose();
    }

    private async Task CheckAsync(bool poked)
    {
        var changes = poked ? _pokes.TakeChanges() : KeyChange.None;
        changes = changes.HasFlag(KeyChange.Finding) ? await HandleFindingAsync(changes) : changes;
        if (poked && changes == KeyChange.None)
            return;
        if (changes == KeyChange.BalloonTarget && !await MustLeaveAloneAsync())
            return;
        // Classes set what the domain's own keys do not.
        var sameKeys = changes == KeyChange.Directory && _classes == _directory.Classes;
        if (_run is { Finished.IsCompleted: true })
            await EndRunAsync(Superseded);
        // A run ends with the plugin and the policy with which it began.
        if (sameKeys && _run is { Answered: false })
            return;
        var decision = await DecideAsync();
        if (sameKeys && decision is Decision.Act { Plan: var same } && _state.Last is { Outcome: StateKey.Reached or StateKey.Drifted } last
            && (last.Via, last.Target) == (same.Via, same.Request.Target))
        {
            // The outcome stands, but the file of the policy may have been broken or repaired since.
            await _state.WriteAsync(last with { Reason = BrokenFileNote.Update(last.Reason, same.Actor, _directory.FindLeaf(last.Actor)) }, _stop.Token);
            return;
        }
        if (_run is { Answered: false } && decision is Decision.Act again && again.Plan.IsSameRequest(_run.Plan))
        {
            _run.Current = true;
            return;
        }
        // An actor that writes very many keys does not get its target again because of them.
        if (!_isFirst && (changes & Keys) == KeyChange.Domain && !changes.HasFlag(KeyChange.Retry) && decision is Decision.Act unchanged && _plan?.IsSameRequest(unchanged.Plan) == true)
            return;
        if (decision is Decision.Act waiting && (MustWait(changes, waiting.Plan) || (changes == KeyChange.Directory && !sameKeys && _plan?.IsSameRequest(waiting.Plan) == true)))
        {
            (_plan, _last, _isFirst) = (waiting.Plan, decision, false);
            return;
        }
        if (_run is not null && decision is (Decision.Act or Decision.External))
        {
            var answered = _run.Answered;
            await EndRunAsync(Superseded);
            if (!answered)
            {
                await _pokes.WaitForQuietAsync(_stop.Token);
                decision = await DecideAsync();
            }
        }
        var retry = _retry.Begin(_directoryVersion);
        await CarryOutAsync(decision, changes, (changes & Keys) == 0 ? retry : null);
        (_last, _isFirst) = (decision, false);
    }

    // After a start, every watch fires once, although nothing has changed.
    private bool MustWait(KeyChange changes, DispatchPlan plan) =>
        (changes & (_isFirst ? KeyChange.Target : Keys)) == 0 && !changes.HasFlag(KeyChange.Retry) && _retry.MustWait(plan, _isFirst ? null : _plan, _snapshots.Last!.Info!);

    // Our own writes cause most of these events, so the other keys are not read first.
    private async ValueTask<bool> MustLeaveAloneAsync() => IsOurs && _plan is { } plan
        && await _secondWriter.FindAsync(plan.Request.Target, _stop.Token) is not null && !_secondWriter.IsReported;

    // Returns the changes that remain after the finding is handled.
    private async ValueTask<KeyChange> HandleFindingAsync(KeyChange changes)
    {
        var (rest, found) = (changes & ~KeyChange.Finding, _monitor.Take(_state.Last));
        if (found is Finding.Due)
            return rest | KeyChange.Retry;
        if (found is null || _run is { Answered: false })
            return rest;
        // If another program wrote the target, that is the cause, and not the guest's own movement.
        if (found is Finding.Changed && await MustLeaveAloneAsync())
            return rest | KeyChange.Retry;
        if (found is Finding.Changed { Outcome: StateKey.Drifted })
            await EndRunAsync("the domain left its target");
        await _reports.FoundAsync(found, _stop.Token);
        return rest;
    }

    private async Task CarryOutAsync(Decision decision, KeyChange changes, Retry? retry)
    {
        switch (decision)
        {
            case Decision.Act act:
                await ReleaseOthersAsync(act.Plan.Via);
                _plan = act.Plan;
                _run = new DomainRun(_domain, _state, _directory, act.Plan, ShadowsOf(act), retry, _snapshots.StoreIsLocal);
                break;
            case Decision.LeaveAlone left:
                _plan = left.Plan;
                await LeaveAloneAsync(left);
                break;
            case Decision.Idle when await TargetWasRemovedAsync():
                await RemoveTargetAsync();
                break;
            case Decision.External external when _last is not Decision.External before || before.Actor != external.Actor || !EngagedAsWritten():
                await ReleaseOthersAsync(external.Actor);
                await _reports.ExternalAsync(external.Actor, _stop.Token);
                break;
            case Decision.Refuse refuse when (changes & Keys) != 0 || !refuse.Equals(_last):
                await RefuseAsync(refuse, retry?.Cause ?? RetryCause.None);
                break;
        }
    }

    private async ValueTask<Decision> DecideAsync()
    {
        // The versions come first, so that the next check sees a change that happens during the read.
        (_directoryVersion, _classes) = (_directory.Version, _directory.Classes);
        var read = _snapshots.ReadAsync(_pokes.SettingsVersion, _stop.Token).AsTask();
        await Task.WhenAll(read, _secondWriter.ReadAheadAsync(_stop.Token));
        var snapshot = await read;
        var decision = Decider.Decide(snapshot, _directory);
        if (decision is not Decision.Act { Plan: var plan })
            return decision;
        if (_pager.LostPagesOf(snapshot.Info!) is { } lost)
            return new Decision.Refuse(plan.Request.Target, lost, Kind: OutcomeKind.Failed);
        return await _secondWriter.FindAsync(plan.Request.Target, _stop.Token) is { } foreign ? new Decision.LeaveAlone(foreign, plan) : decision;
    }

    // The shadows decide on the snapshot that this decision is based on.
    private Func<CancellationToken, Task<Shadows>> ShadowsOf(Decision decision)
    {
        var snapshot = _snapshots.Last!;
        return cancellation => Shadows.DecideAsync(_directory, snapshot, decision, _domain, cancellation);
    }

    private async Task EndRunAsync(string why)
    {
        if (_run is null)
            return;
        await _run.SupersedeAsync(why);
        _run.Dispose();
        _run = null;
    }

    // The actor key has changed: every engaged actor releases the domain first.
    private async Task ReleaseOthersAsync(string via)
    {
        if (_state.Last is not { Via: { Length: > 0 } before } || before == via)
            return;
        await DomainRelease.ReleaseAsync(_domain, _directory, _stop.Token);
        await _domain.Store.BalloonTarget.ForgetAsync(_stop.Token);
    }

    // Returns false once a removed plugin has released the domain.
    private bool EngagedAsWritten() => _state.Last is { } last && last.Engaged.SequenceEqual(_domain.Engaged.Actors);

    private async Task RefuseAsync(Decision.Refuse refuse, RetryCause cause)
    {
        if (_run is not null && refuse.Kind == OutcomeKind.Unable)
            _run.Current = false;
        else
            await EndRunAsync(refuse.Reason);
        await _reports.RefusedAsync(refuse, cause, await ShadowsOf(refuse)(_stop.Token), _stop.Token);
    }

    // A domain without any key is being destroyed, or the store was emptied.
    private async ValueTask<bool> TargetWasRemovedAsync() => _snapshots.Last is { Info.State: not DomainState.Dying }
        && (_run is not null || _domain.Engaged.Actors.Count > 0 || _state.Last?.Target is not null)
        && await _snapshots.HasFolderAsync(_stop.Token);

    private async Task RemoveTargetAsync()
    {
        await EndRunAsync("its target was removed");
        var released = _domain.Engaged.Actors;
        await DomainRelease.ReleaseAsync(_domain, _directory, _stop.Token);
        await _secondWriter.ForgetAsync(_stop.Token);
        await _reports.TargetRemovedAsync(released, _stop.Token);
    }

    private async Task LeaveAloneAsync(Decision.LeaveAlone left)
    {
        if (_run is not null)
        {
            await EndRunAsync("another program wrote memory/target");
            await _secondWriter.RestoreAsync(_stop.Token);
        }
        if (!_secondWriter.IsReported || _state.Last is not { Outcome: StateKey.Drifted })
            await _reports.LeftAloneAsync(left, _stop.Token);
        _secondWriter.IsReported = true;
    }
}
