using Actors.Dispatch.Calls;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Retries;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Runs;

/// <summary>One run: an actor works on a target, until the run has ended or is superseded.</summary>
internal sealed class DomainRun : IRunObserver, IDisposable
{
    // A run that ends sooner costs one write of the state, not two.
    private static readonly TimeSpan FirstReport = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly HostDomain _domain;
    private readonly RunContext _context;
    private readonly StateWriter _state;
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<StepResult> _steps = [];
    private readonly long _serial;
    private string _actor;
    private int _step;
    private Kib _footprint;
    private readonly ActorDirectory _directory;
    private readonly Func<CancellationToken, Task<Shadows>> _decideShadows;
    private readonly RetryCause _cause;
    private volatile bool _wasStopped;
    private Shadows _shadows = Shadows.None;
    private string _note = "";
    private string _superseded = "";
    private LearnedLimit? _learned;
    private Task _report = Task.CompletedTask;

    public DomainRun(
        HostDomain domain, StateWriter state, ActorDirectory directory, DispatchPlan plan, Func<CancellationToken, Task<Shadows>> decideShadows, Retry? retry,
        bool storeIsLocal)
    {
        (_domain, _state, _directory, Plan, _decideShadows, _cause) = (domain, state, directory, plan, decideShadows, retry?.Cause ?? RetryCause.None);
        if (retry is not null)
        {
            Plan = plan with { Why = $"{plan.Why}; requested again because {retry.Why}" };
            domain.Log.Info($"the target {plan.Request.Target} is requested again because {retry.Why}");
        }
        (_serial, _actor) = (state.NextSerial(), plan.Actor.Name);
        domain.Store.BalloonTarget.Target = plan.Request.Target;
        _context = new RunContext(domain, this) { PrimaryTimeout = plan.PrimaryTimeout };
        Finished = RunAsync(storeIsLocal);
    }

    public DispatchPlan Plan { get; }

    /// <summary>Completes when nothing is left to do. It never fails.</summary>
    public Task Finished { get; }

    /// <summary>Whether the domain's keys still request this run. If not, its outcome goes to the journal only.</summary>
    public bool Current { get; set; } = true;

    /// <summary>Whether the outcome has been written. What continues after that is follow-up work.</summary>
    public bool Answered { get; private set; }

    public async Task SupersedeAsync(string why)
    {
        Current = false;
        _superseded = why;
        _cancel.Cancel();
        await Finished;
    }

    public void Progressed(Progress progress) => (_footprint, _note) = (progress.Footprint, progress.Note);

    public void Inspected(DomainInfo info) => _wasStopped |= info.State != DomainState.Running;

    public async ValueTask StepStartingAsync(int step, string actor, CancellationToken cancellation)
    {
        // After the outcome, another attempt reports its own steps.
        if (Answered && step == 1)
            _steps.Clear();
        (_step, _actor, _note) = (step, actor, "");
        if (step > 1)
            await ReportRunningAsync(cancellation);
    }

    public void StepEnded(StepResult result)
    {
        _steps.Add(result);
        _learned = result.Outcome.Learned ?? _learned;
    }

    public void Dispose() => _cancel.Dispose();

    private async Task RunAsync(bool storeIsLocal)
    {
        // A store in this process replies before it delivers the events of what was written before.
        if (storeIsLocal)
            await Task.Yield();
        var time = _domain.Time;
        var begun = time.GetTimestamp();
        double Seconds() => time.GetElapsedTime(begun).TotalSeconds;
        Kib? from = null;
        try
        {
            from = _footprint = (await _context.InspectAsync(_cancel.Token)).Footprint;
            _shadows = await _decideShadows(_cancel.Token);
            var outcome = await ReachReportingAsync();
            await EndAsync(WithDomainState(outcome), from, Seconds());
            while (Plan.Actor is PolicyEntry { Policy: var policy } && await policy.FollowUpAsync(_context, Plan.Request, _cancel.Token) is { } later)
                await EndAsync(later, from, Seconds());
        }
        catch (OperationCanceledException)
        {
            if (!Answered)
                Journal(Outcome.Superseded(_footprint, _superseded) with { Actor = _actor, Step = _step }, from, Seconds());
        }
        catch (DomainGoneException error)
        {
            Journal(Outcome.Failed(_footprint, error.Message), from, Seconds());
        }
        catch (Exception error)
        {
            _domain.Log.Warn($"the run of {Plan.Request.Target} failed: {error}");
            await FailAsync(Outcome.Failed(_footprint, error.Message), from, Seconds());
        }
    }

    private async Task<Outcome> ReachReportingAsync()
    {
        var entry = Plan.Actor;
        var held = _domain.Engaged.Has(entry.Name);
        if (!entry.IsPolicy)
            _domain.Engaged.Add(entry.Name, Plan.Request.Target);
        var reports = _domain.Time.CreateTimer(static run => ((DomainRun)run!).Report(), this, FirstReport, ReportEvery);
        try
        {
            var limits = entry.IsPolicy ? TimeLimits.None : new TimeLimits(Plan.PrimaryTimeout, null);
            var outcome = await ActorCall.ReachAsync(entry, _context, Plan.Request with { Serial = _serial }, limits, _cancel.Token);
            if (outcome.Kind == OutcomeKind.Unable || (outcome.Kind == OutcomeKind.Quarantined && !held))
                _domain.Engaged.Remove(entry.Name);
            return outcome.Actor.Length == 0 ? outcome with { Actor = entry.Name } : outcome;
        }
        finally
        {
            // A report in flight must not overtake the outcome.
            await reports.DisposeAsync();
            await _report;
        }
    }

    private void Report()
    {
        if (_report.IsCompleted)
            _report = TryReportRunningAsync();
    }

    private async Task TryReportRunningAsync()
    {
        try
        {
            await ReportRunningAsync(_cancel.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or XenStoreException or XenStoreConnectionException)
        {
            // The next report or the outcome will be written.
        }
    }

    private ValueTask ReportRunningAsync(CancellationToken cancellation) => !Current
        ? default
        : _state.WriteAsync(new StateKey
        {
            Outcome = StateKey.Running,
            Actor = _actor,
            Step = _step,
            Target = Plan.Request.Target,
            Footprint = _footprint,
            Since = _domain.Time.GetUtcNow(),
            Serial = _serial,
            Via = Plan.Via,
            Reason = _note.Length == 0 ? $"{_actor} is working" : $"{_actor} is working: {_note}",
        }, cancellation);

    // The actor may have given up only because the domain was paused or saved for a moment.
    private Outcome WithDomainState(Outcome outcome) =>
        _wasStopped ? outcome with { Lacks = Lack.Combine(outcome.Lacks, new Lack(LackKinds.DomainState)) } : outcome;

    private async Task EndAsync(Outcome outcome, Kib? from, double seconds)
    {
        if (Current)
        {
            var every = (Plan.Actor as PolicyEntry)?.RetryAfter;
            var waiting = RetryRules.Next(_state.Waiting, outcome, Plan.Request.Target, _cause, every, _domain.Time.GetUtcNow());
            outcome = outcome with { Reason = WaitingReason.Add(outcome.Reason, waiting, outcome.Footprint) };
            if (!await TryStoreAsync(() => _state.WriteOutcomeAsync(StateOf(outcome), waiting, _cancel.Token)))
                outcome = outcome with { Reason = $"{outcome.Reason}; its state was not written, because xenstored is away" };
        }
        Answered = true;
        Journal(outcome, from, seconds);
        if ((outcome.Learned ?? _learned) is { } learned)
            await TryStoreAsync(() => _domain.LearnAsync(learned, _cancel.Token));
        _learned = null;
    }

    // A run that is superseded or whose host stops does not wait for a store that is away.
    private async ValueTask<bool> TryStoreAsync(Func<ValueTask> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (Exception error) when (_cancel.IsCancellationRequested && error is OperationCanceledException or XenStoreConnectionException)
        {
            return false;
        }
    }

    // The target needs an outcome whatever went wrong. If the store failed, the journal has the outcome.
    private async Task FailAsync(Outcome outcome, Kib? from, double seconds)
    {
        try
        {
            await EndAsync(outcome, from, seconds);
        }
        catch (Exception error) when (error is XenStoreException or XenStoreConnectionException or XenStoreProtocolException)
        {
            Journal(outcome with { Reason = $"{outcome.Reason}; its state could not be written: {error.Message}" }, from, seconds);
        }
    }

    private void Journal(Outcome outcome, Kib? from, double seconds)
    {
        _state.Journal(StateOf(outcome), from, seconds, Plan.Why, _steps, _shadows);
        // Shadows are compared once, with the outcome. Follow-up work is not a decision.
        _shadows = Shadows.None;
    }

    private StateKey StateOf(Outcome outcome) =>
        _state.Of(outcome with { Reason = BrokenFileNote.Update(outcome.Reason, Plan.Actor, _directory.FindLeaf(outcome.Actor)) }, Plan.Request.Target, _serial, Plan.Via);
}
