using System.Threading.Channels;
using Actors.Dispatch.Calls;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Runs;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>
/// One domain's letterbox: one run at a time, and the newest wish wins. What is read from the store after a poke is what counts,
/// never the number of pokes.
/// </summary>
internal sealed class Mailbox : IAsyncDisposable
{
    // A burst of writes costs one run: after one was superseded, the next waits until the writer pauses, but not for ever.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuietAtMost = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private const string NewerWish = "a newer target or actor took its place";

    // A look itself takes microseconds, and what takes longer (an actor, the journal) runs elsewhere: so it may run where the event came in.
    private readonly Channel<bool> _pokes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly HostDomain _domain;
    private readonly HostServices _ground;
    private readonly ActorDirectory _directory;
    private readonly StateWriter _answers;
    private readonly Task _loop;
    private (int At, DomainSettings? Read) _settings;
    private int _settingsChanged;
    private int _wished;
    private DomainRun? _run;
    private Decision _last = new Decision.Idle();
    private DomainSnapshot? _situation;

    public Mailbox(HostDomain domain, HostServices ground, ActorDirectory directory, StateWriter answers)
    {
        (_domain, _ground, _directory, _answers) = (domain, ground, directory, answers);
        _loop = LoopAsync();
    }

    public HostDomain Domain => _domain;

    private int Domid => _domain.Identity.Domid;

    /// <summary>Something may have changed: look.</summary>
    public void Poke(KeyChange change)
    {
        if (change == KeyChange.Settings)
            Interlocked.Increment(ref _settingsChanged);
        if (change != KeyChange.Meaning)
            Volatile.Write(ref _wished, 1);
        _pokes.Writer.TryWrite(true);
    }

    /// <summary>What an actor holds is not as it was; one that failed over it has told so.</summary>
    public void HoldingsChanged()
    {
        if (_answers.Last?.Outcome != StateKey.Failed)
            Poke(KeyChange.Target);
    }

    /// <summary>Stops at once. What actors hold on the domain stays, for the next host to take over.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await EndRunAsync("the host was stopped; the next one takes the target up again");
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                var poked = await WaitAsync();
                try
                {
                    await LookAsync(poked);
                }
                catch (DomainGoneException)
                {
                    // The watcher hears of it, too, and takes this mailbox away.
                }
                catch (XenStoreConnectionException)
                {
                    // Every watch fires again when the store is back.
                }
                catch (Exception error) when (error is XenStoreException or HypervisorException)
                {
                    _domain.Log.Warn(error.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    // Waits for a poke, and tells whether one came; a domain that is not ready yet is looked at again by and by, because nothing tells when it is.
    private async Task<bool> WaitAsync()
    {
        if (_last is not Decision.Refuse { Waits: true })
            return await _pokes.Reader.ReadAsync(_stop.Token);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var poke = _pokes.Reader.WaitToReadAsync(limit.Token).AsTask();
        var pause = Task.Delay(LookAgain, _domain.Time, limit.Token);
        await Task.WhenAny(poke, pause);
        _stop.Token.ThrowIfCancellationRequested();
        limit.Cancel();
        return _pokes.Reader.TryRead(out _);
    }

    private async Task LookAsync(bool poked)
    {
        var nothingWished = poked && Interlocked.Exchange(ref _wished, 0) == 0;
        if (_run is { Finished.IsCompleted: true })
            await EndRunAsync(NewerWish);
        // A run ends on the plugin and the policy that it began with.
        if (nothingWished && _run is { Answered: false })
            return;
        var decision = await DecideAsync();
        if (nothingWished && decision is Decision.Act { Plan: var same } && _answers.Last is { Outcome: StateKey.Reached } last
            && (last.Via, last.Target) == (same.Via, same.Request.Target))
            return;
        if (_run is { Answered: false } && decision is Decision.Act again && again.Plan.IsSameRequest(_run.Plan))
        {
            _run.Current = true;
            return;
        }
        if (_run is not null && decision is (Decision.Act or Decision.External))
        {
            var answered = _run.Answered;
            await EndRunAsync(NewerWish);
            if (!answered)
            {
                await QuietAsync();
                decision = await DecideAsync();
            }
        }
        await FollowAsync(decision, poked);
        _last = decision;
    }

    private async Task FollowAsync(Decision decision, bool poked)
    {
        switch (decision)
        {
            case Decision.Act act:
                await LeaveAsync(act.Plan.Via);
                _run = new DomainRun(_domain, _answers, act.Plan, LookOn(act), () => Poke(KeyChange.Target));
                break;
            case Decision.External external when _last is not Decision.External before || before.Actor != external.Actor || !HoldsAsTold():
                await LeaveAsync(external.Actor);
                await TellExternalAsync(external.Actor);
                break;
            case Decision.Refuse refuse when poked || !refuse.Equals(_last):
                await RefuseAsync(refuse);
                break;
        }
    }

    private async ValueTask<Decision> DecideAsync()
    {
        // A change that comes while they are read must be read by the next look.
        var changed = Volatile.Read(ref _settingsChanged);
        var situation = await DomainSnapshot.ReadAsync(_ground.Store, Domid, _settings.At == changed ? _settings.Read : null, _stop.Token);
        _settings = (changed, situation.Settings);
        var info = await _ground.Hypervisor.GetDomainAsync(Domid, _stop.Token) ?? throw new DomainGoneException(Domid);
        _situation = await ControlDomain.SeeAsync(_ground.Hypervisor, situation with { Info = info }, _stop.Token);
        _situation = await ControlDomain.WriteDownAsync(_ground.Store, _situation, _stop.Token);
        return Decider.Decide(_situation, _directory);
    }

    // What the shadows would do, on what this decision was made of.
    private Func<CancellationToken, Task<Shadows>> LookOn(Decision decision)
    {
        var situation = _situation!;
        return cancellation => Shadows.AskAsync(_directory, situation, decision, _domain, cancellation);
    }

    private async Task EndRunAsync(string why)
    {
        if (_run is null)
            return;
        await _run.SupersedeAsync(why);
        _run.Dispose();
        _run = null;
    }

    private async Task QuietAsync()
    {
        var begun = _domain.Time.GetTimestamp();
        do
        {
            _pokes.Reader.TryRead(out _);
            await Task.Delay(Quiet, _domain.Time, _stop.Token);
        }
        while (_pokes.Reader.TryPeek(out _) && _domain.Time.GetElapsedTime(begun) < QuietAtMost);
        _pokes.Reader.TryRead(out _);
    }

    // Another actor key: whoever holds something gives it back first, the last one first.
    private async Task LeaveAsync(string via)
    {
        if (_answers.Last is not { Via: { Length: > 0 } before } || before == via)
            return;
        foreach (var actor in _domain.Engaged.Actors.Reverse())
        {
            if (_directory.FindActor(actor) is { } entry)
                await ActorCall.ReleaseAsync(entry, new RunContext(_domain, IRunObserver.None), _stop.Token);
            _domain.Engaged.Remove(actor);
        }
    }

    // A plugin that was taken away has let go since.
    private bool HoldsAsTold() => _answers.Last is { } told && told.Engaged.SequenceEqual(_domain.Engaged.Actors);

    private async Task TellExternalAsync(string actor)
    {
        var footprint = (await _domain.InspectAsync(_stop.Token)).Footprint;
        _domain.Log.Info($"names the external actor '{actor}'; it is left alone");
        await _answers.StateAsync(new StateKey
        {
            Outcome = StateKey.External,
            Actor = actor,
            Footprint = footprint,
            Since = _domain.Time.GetUtcNow(),
            Serial = _answers.NextSerial(),
            Via = actor,
            Reason = $"'{actor}' is not an actor of this host: it watches for itself, and the domain is left alone",
        }, _stop.Token);
    }

    private async Task RefuseAsync(Decision.Refuse refuse)
    {
        if (_run is not null)
            _run.Current = false;
        var footprint = (await _domain.InspectAsync(_stop.Token)).Footprint;
        var outcome = Outcome.Unable(footprint, refuse.Reason);
        var via = _answers.Last?.Via ?? "";
        var state = _answers.Of(outcome, refuse.Target, _answers.NextSerial(), via);
        _domain.Log.Warn(refuse.Reason);
        await _answers.StateAsync(state, _stop.Token);
        _answers.Journal(state, footprint, 0, "refused before anything moved", [], await LookOn(refuse)(_stop.Token));
    }
}
