using Actors.Dispatch.Calls;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Runs;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>The mailbox of one domain: one run at a time, and the newest target wins.</summary>
internal sealed class Mailbox : IAsyncDisposable
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(1);
    private const string Superseded = "a newer target or actor replaced it";

    private readonly CancellationTokenSource _stop = new();
    private readonly HostDomain _domain;
    private readonly HostServices _services;
    private readonly ActorDirectory _directory;
    private readonly StoredSettings _stored;
    private readonly StateWriter _state;
    private readonly PokeQueue _pokes;
    private readonly Task _loop;
    private (int Version, DomainSettings? Read) _settings;
    private DomainRun? _run;
    private Decision _last = new Decision.Idle();
    private DomainSnapshot? _snapshot;

    public Mailbox(HostDomain domain, HostServices services, ActorDirectory directory, StoredSettings stored, StateWriter state)
    {
        (_domain, _services, _directory, _stored, _state) = (domain, services, directory, stored, state);
        _pokes = new PokeQueue(services.Time);
        _loop = LoopAsync();
    }

    public HostDomain Domain => _domain;

    private int Domid => _domain.Identity.Domid;

    /// <summary>Requests a check, because something may have changed.</summary>
    public void Poke(KeyChange change) => _pokes.Poke(change);

    /// <summary>Reports that what an actor holds has changed. After a failure the outcome already says so.</summary>
    public void HoldingsChanged()
    {
        if (_state.Last?.Outcome != StateKey.Failed)
            Poke(KeyChange.Target);
    }

    /// <summary>Writes the state again, because xenstore has lost it.</summary>
    public ValueTask RepublishAsync(CancellationToken cancellation) => _state.RepublishAsync(cancellation);

    /// <summary>Stops at once. Actors keep what they hold on the domain, and the next daemon takes it over.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await EndRunAsync("the host was stopped; the next one resumes the target");
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var poked = await _pokes.WaitAsync(RecheckAfter(failures), _stop.Token);
                await CheckAsync(poked);
                failures = 0;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Stopped.
            }
            catch (DomainGoneException)
            {
                // The watcher is notified as well, and removes this mailbox.
            }
            catch (XenStoreConnectionException)
            {
                // Every watch fires again when the store is back.
            }
            catch (Exception error)
            {
                // Whatever it was, the domain must not stay without a mailbox.
                failures++;
                var what = error is XenStoreException or HypervisorException ? error.Message : error.ToString();
                _domain.Log.Warn($"the target could not be checked, and is checked again in {RecheckAfter(failures)!.Value.TotalSeconds:0} s: {what}");
            }
        }
    }

    private TimeSpan? RecheckAfter(int failures) => failures > 0 ? Recheck * Math.Min(60, 1 << Math.Min(failures - 1, 6))
        : _last is Decision.Refuse { Transient: true } ? Recheck
        : null;

    private async Task CheckAsync(bool poked)
    {
        var sameKeys = poked && !_pokes.TakeKeysChanged();
        if (_run is { Finished.IsCompleted: true })
            await EndRunAsync(Superseded);
        // A run ends with the plugin and the policy with which it began.
        if (sameKeys && _run is { Answered: false })
            return;
        var decision = await DecideAsync();
        if (sameKeys && decision is Decision.Act { Plan: var same } && _state.Last is { Outcome: StateKey.Reached } last
            && (last.Via, last.Target) == (same.Via, same.Request.Target))
        {
            // The outcome stands, but the file of the policy may have been broken or repaired since.
            await _state.WriteAsync(last with { Reason = BrokenFileNote.Update(last.Reason, same.Actor) }, _stop.Token);
            return;
        }
        if (_run is { Answered: false } && decision is Decision.Act again && again.Plan.IsSameRequest(_run.Plan))
        {
            _run.Current = true;
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
        await CarryOutAsync(decision, poked);
        _last = decision;
    }

    private async Task CarryOutAsync(Decision decision, bool poked)
    {
        switch (decision)
        {
            case Decision.Act act:
                await ReleaseOthersAsync(act.Plan.Via);
                _run = new DomainRun(_domain, _state, act.Plan, ShadowsOf(act), () => Poke(KeyChange.Target));
                break;
            case Decision.External external when _last is not Decision.External before || before.Actor != external.Actor || !EngagedAsWritten():
                await ReleaseOthersAsync(external.Actor);
                await ReportExternalAsync(external.Actor);
                break;
            case Decision.Refuse refuse when poked || !refuse.Equals(_last):
                await RefuseAsync(refuse);
                break;
        }
    }

    private async ValueTask<Decision> DecideAsync()
    {
        // Taken first: a change that comes during the read must be seen by the next check.
        var version = _pokes.SettingsVersion;
        var known = _settings.Version == version ? _settings.Read : null;
        var snapshot = await SnapshotReader.ReadAsync(_services.Store, _services.Hypervisor, Domid, known, _stop.Token);
        await _stored.RecordAsync(_domain.Identity, snapshot, _stop.Token);
        _settings = (version, snapshot.Settings);
        _snapshot = await ControlDomain.RecordSizeAsync(_services.Store, snapshot, _stop.Token);
        return Decider.Decide(_snapshot, _directory);
    }

    // The shadows decide on the snapshot that this decision is based on.
    private Func<CancellationToken, Task<Shadows>> ShadowsOf(Decision decision)
    {
        var snapshot = _snapshot!;
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

    // The actor key has changed: every engaged actor releases the domain first, the last one first.
    private async Task ReleaseOthersAsync(string via)
    {
        if (_state.Last is not { Via: { Length: > 0 } before } || before == via)
            return;
        foreach (var actor in _domain.Engaged.Actors.Reverse())
        {
            if (_directory.FindActor(actor) is { } entry)
                await ActorCall.ReleaseAsync(entry, new RunContext(_domain, IRunObserver.None), _stop.Token);
            _domain.Engaged.Remove(actor);
        }
    }

    // False once a plugin that was removed has released the domain.
    private bool EngagedAsWritten() => _state.Last is { } last && last.Engaged.SequenceEqual(_domain.Engaged.Actors);

    private async Task ReportExternalAsync(string actor)
    {
        var footprint = (await _domain.InspectAsync(_stop.Token)).Footprint;
        _domain.Log.Info($"the actor '{actor}' is external; the domain is left alone");
        await _state.WriteAsync(new StateKey
        {
            Outcome = StateKey.External,
            Actor = actor,
            Footprint = footprint,
            Since = _domain.Time.GetUtcNow(),
            Serial = _state.NextSerial(),
            Via = actor,
            Reason = $"'{actor}' is not an actor of this host: it watches the keys itself, and the domain is left alone",
        }, _stop.Token);
    }

    private async Task RefuseAsync(Decision.Refuse refuse)
    {
        if (_run is not null)
            _run.Current = false;
        var footprint = (await _domain.InspectAsync(_stop.Token)).Footprint;
        var outcome = Outcome.Unable(footprint, refuse.Reason);
        var via = _state.Last?.Via ?? "";
        var state = _state.Of(outcome, refuse.Target, _state.NextSerial(), via);
        await _state.WriteAsync(state, _stop.Token);
        _state.Journal(state, footprint, 0, "refused before anything moved", [], await ShadowsOf(refuse)(_stop.Token));
    }
}
