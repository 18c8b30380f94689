using Actors.Dispatch.Calls;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Runs;

/// <summary>One target in the hands of an actor, until it has settled or is superseded.</summary>
internal sealed class DomainRun : IRunObserver, IDisposable
{
    // A run that is over sooner costs the store one state write, not two.
    private static readonly TimeSpan FirstNews = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan NewsEvery = TimeSpan.FromSeconds(2);

    private readonly HostDomain _domain;
    private readonly RunContext _context;
    private readonly StateWriter _answers;
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<StepResult> _steps = [];
    private readonly long _serial;
    private string _actor;
    private int _step;
    private Kib _footprint;
    private readonly Func<CancellationToken, Task<Shadows>> _lookOn;
    private readonly Action _lookAgain;
    private volatile bool _heldUp;
    private Shadows _shadows = Shadows.None;
    private string _note = "";
    private string _superseded = "";
    private Task _news = Task.CompletedTask;

    public DomainRun(HostDomain domain, StateWriter answers, DispatchPlan plan, Func<CancellationToken, Task<Shadows>> lookOn, Action lookAgain)
    {
        (_domain, _answers, Plan, _lookOn, _lookAgain) = (domain, answers, plan, lookOn, lookAgain);
        (_serial, _actor) = (answers.NextSerial(), plan.Actor.Name);
        _context = new RunContext(domain, this) { PrimaryTimeout = plan.PrimaryTimeout };
        Finished = RunAsync();
    }

    public DispatchPlan Plan { get; }

    /// <summary>Done when nothing is left to do; never fails.</summary>
    public Task Finished { get; }

    /// <summary>Whether this is still what the domain's keys ask for; if not, its outcome goes to the journal alone.</summary>
    public bool Current { get; set; } = true;

    /// <summary>The outcome is told; what still goes on is settling.</summary>
    public bool Answered { get; private set; }

    public async Task SupersedeAsync(string why)
    {
        Current = false;
        _superseded = why;
        _cancel.Cancel();
        await Finished;
    }

    public void Progressed(Progress progress) => (_footprint, _note) = (progress.Footprint, progress.Note);

    public void Seen(DomainInfo info) => _heldUp |= info.State != DomainState.Running;

    public async ValueTask StepBeginsAsync(int step, string actor, CancellationToken cancellation)
    {
        // Another attempt, after the answer, is told by its own steps.
        if (Answered && step == 1)
            _steps.Clear();
        (_step, _actor, _note) = (step, actor, "");
        if (step > 1)
            await TellRunningAsync(cancellation);
    }

    public void StepEnded(StepResult result) => _steps.Add(result);

    public void Dispose() => _cancel.Dispose();

    private async Task RunAsync()
    {
        await Task.Yield();
        var time = _domain.Time;
        var begun = time.GetTimestamp();
        double Seconds() => time.GetElapsedTime(begun).TotalSeconds;
        Kib? from = null;
        try
        {
            from = _footprint = (await _context.InspectAsync(_cancel.Token)).Footprint;
            _shadows = await _lookOn(_cancel.Token);
            var outcome = await ReachTellingAsync();
            await EndAsync(outcome, from, Seconds());
            // An actor may have given up on a domain that was paused or saved, if only for a moment.
            if (_heldUp && outcome.Kind != OutcomeKind.Reached)
                _lookAgain();
            while (Plan.Actor is PolicyEntry { Policy: var policy } && await policy.FollowUpAsync(_context, Plan.Request, _cancel.Token) is { } settled)
                await EndAsync(settled, from, Seconds());
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
            Journal(Outcome.Failed(_footprint, error.Message), from, Seconds());
            _domain.Log.Warn($"the run of {Plan.Request.Target} failed: {error.Message}");
        }
    }

    private async Task<Outcome> ReachTellingAsync()
    {
        var entry = Plan.Actor;
        var held = _domain.Engaged.Has(entry.Name);
        if (!entry.IsPolicy)
            _domain.Engaged.Add(entry.Name);
        var news = _domain.Time.CreateTimer(static run => ((DomainRun)run!).News(), this, FirstNews, NewsEvery);
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
            // News that is on its way must not overtake the outcome.
            await news.DisposeAsync();
            await _news;
        }
    }

    private void News()
    {
        if (_news.IsCompleted)
            _news = TellOrNotAsync();
    }

    private async Task TellOrNotAsync()
    {
        try
        {
            await TellRunningAsync(_cancel.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or XenStoreException or XenStoreConnectionException)
        {
            // The next news will tell, or the outcome.
        }
    }

    private ValueTask TellRunningAsync(CancellationToken cancellation) => !Current
        ? default
        : _answers.StateAsync(new StateKey
        {
            Outcome = StateKey.Running,
            Actor = _actor,
            Step = _step,
            Target = Plan.Request.Target,
            Footprint = _footprint,
            Since = _domain.Time.GetUtcNow(),
            Serial = _serial,
            Via = Plan.Via,
            Reason = _note.Length == 0 ? $"{_actor} is at work" : $"{_actor} is at work: {_note}",
        }, cancellation);

    private async Task EndAsync(Outcome outcome, Kib? from, double seconds)
    {
        if (Current)
            await _answers.StateAsync(StateOf(outcome), CancellationToken.None);
        Answered = true;
        Journal(outcome, from, seconds);
    }

    private void Journal(Outcome outcome, Kib? from, double seconds)
    {
        _answers.Journal(StateOf(outcome), from, seconds, Plan.Why, _steps, _shadows);
        // They are compared once, with the answer; settling is no decision.
        _shadows = Shadows.None;
    }

    private StateKey StateOf(Outcome outcome) => _answers.Of(outcome, Plan.Request.Target, _serial, Plan.Via);
}
