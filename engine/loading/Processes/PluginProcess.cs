using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Actors.Dispatch.Calls;
using Actors.Isolation.Groups;
using Actors.Isolation.Messages;
using Actors.Isolation.Processes;
using Actors.Isolation.Remote;
using Actors.Isolation.Wire;
using Actors.Loading.Child;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.Metrics;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Loading.Processes;

/// <summary>One run of a plugin's process: from its start to its end.</summary>
internal sealed class PluginProcess
{
    private static readonly TimeSpan StartAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AbandonedAtMost = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeAtMost = TimeSpan.FromSeconds(30);
    private const int MaxMechanisms = 50;
    private const int MaxName = 100;
    private const int MostFaults = 100;
    private static readonly TimeSpan DisposeAtMost = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, PluginCall> _calls = new();
    private readonly ChildGreeting _greeting = new(PluginChild.Build);
    private readonly ChildProcess _child;
    private readonly PluginHealth _health;
    private readonly TimeProvider _time;
    private Task? _disposed;
    private int _probing;
    private int _faults;

    private PluginProcess(ChildStart start, PluginHealth health, IActorLog log, TimeProvider time)
    {
        (_health, _time) = (health, time);
        var lines = new ContainedLog(log, time);
        _child = ChildProcess.Start(start, $"plugin {health.Id}", Connect, line => lines.Info($"plugin '{health.Id}' wrote: {line}"));
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task<EndOfProcess> Ended => _child.Ended;

    public int Id => _child.Id;

    public long PrivateMemory => _child.PrivateMemory;

    /// <summary>What its cgroup lets it use; <see langword="null"/> if it has none of its own.</summary>
    public GroupLimits? GroupLimits => _child.GroupLimits;

    /// <summary>Called with the metrics of the plugin when they have changed.</summary>
    public Action<IReadOnlyList<MetricBody>> MetricsReported { get; init; } = _ => { };

    /// <summary>The limits that could not be set.</summary>
    public IReadOnlyList<string> MissingLimits { get; private set; } = [];

    /// <summary>Whether the plugin wants to be notified of domains.</summary>
    public bool ObservesDomains { get; private set; }

    /// <summary>The names of the plugin's own mechanisms.</summary>
    public IReadOnlyList<string> OwnMechanisms { get; private set; } = [];

    /// <summary>Starts a process and loads the plugin in it.</summary>
    /// <exception cref="PluginStartException">The process ended before.</exception>
    /// <exception cref="PluginException">The plugin cannot be loaded; the message says why.</exception>
    public static async Task<PluginProcess> StartAsync(
        ChildStart start, LoadBody load, PluginHealth health, IActorLog log, TimeProvider time, Action<PluginProcess> begun, Action<IReadOnlyList<MetricBody>> metrics)
    {
        var process = new PluginProcess(start, health, log, time) { MetricsReported = metrics };
        begun(process);
        try
        {
            await process.LoadAsync(load).WaitAsync(StartAtMost, time);
            return process;
        }
        catch (TimeoutException)
        {
            process.Kill($"it was not ready {StartAtMost.TotalSeconds:0} s after its start");
        }
        catch (RemoteException error) when (error.Error.Kind == ErrorKind.NotLoaded)
        {
            process.Kill("it could not load the plugin");
            throw new PluginException(error.Error.Message);
        }
        catch (ChildEndedException)
        {
            // How it ended follows.
        }
        catch (Exception error) when (error is RemoteException or WireException)
        {
            process.Kill(error.Message);
        }
        throw new PluginStartException(await process.Ended);
    }

    /// <summary>Makes a call and serves its domain to it.</summary>
    /// <returns>The outcome; <see langword="null"/> if the actor returned none, or if the call has none.</returns>
    /// <exception cref="ProcessDownException">The process ended.</exception>
    public async Task<Outcome?> CallAsync(Verb verb, CallBody body, IDomain domain, CancellationToken cancellation)
    {
        var call = new PluginCall(domain);
        long number = 0;
        Probe();
        using var abandoned = cancellation.UnsafeRegister(_ => _ = EndAbandonedAsync(() => Volatile.Read(ref number)), null);
        try
        {
            var reply = await RequestAsync(verb, Body.Of(body, WireJson.Default.CallBody), sent =>
            {
                Volatile.Write(ref number, sent);
                _calls[sent] = call;
            }, cancellation);
            return reply.Body.IsEmpty ? null : Bodies.Outcome(Body.Read(reply, WireJson.Default.OutcomeBody));
        }
        catch (RemoteException error) when (call.OriginalOf(error.Error) is { } original)
        {
            ExceptionDispatchInfo.Throw(original);
            throw;
        }
        catch (RemoteException error) when (error.Error.Kind == ErrorKind.Rule)
        {
            throw new ContainmentException(error.Error.Message);
        }
        catch (WireException error)
        {
            Kill($"it broke the protocol: {error.Message}");
            throw new ContainmentException($"the plugin's process broke the protocol: {error.Message}");
        }
        finally
        {
            _calls.TryRemove(number, out _);
            call.End();
        }
    }

    /// <summary>Has the plugin dispose of its actors, within a limit.</summary>
    public ValueTask DisposeActorsAsync() => new(_disposed ??= DisposeAsync());

    /// <summary>Notifies the plugin of a domain.</summary>
    /// <exception cref="ProcessDownException">The process ended.</exception>
    public Task NotifyAsync(DomainIdentity domain, bool exists, CancellationToken cancellation) =>
        RequestAsync(exists ? Verb.DomainAppeared : Verb.DomainDisappeared, Body.Of(Bodies.Of(domain), WireJson.Default.DomainBody), _ => { }, cancellation);

    /// <summary>Has the plugin dispose of its own mechanisms for a domain.</summary>
    /// <exception cref="ProcessDownException">The process ended.</exception>
    public Task EndDomainAsync(DomainIdentity domain, CancellationToken cancellation) =>
        RequestAsync(Verb.EndDomain, Body.Of(Bodies.Of(domain), WireJson.Default.DomainBody), _ => { }, cancellation);

    /// <summary>Gives the plugin new settings. Returns their problems.</summary>
    public async Task<IReadOnlyList<string>> ConfigureAsync(SettingsBody? settings)
    {
        var reply = await _child.Connection.RequestAsync(Verb.Configure, Body.Of(new ConfigureBody(settings), WireJson.Default.ConfigureBody), _ => { }, CancellationToken.None);
        return [.. Body.Read(reply, WireJson.Default.ProblemsBody).Problems.Select(problem => OutcomeCheck.Plain(problem))];
    }

    public void Kill(string why) => _child.Kill(why);

    private async Task<Frame> RequestAsync(Verb verb, ReadOnlyMemory<byte> body, Action<long> numbered, CancellationToken cancellation)
    {
        try
        {
            return await _child.Connection.RequestAsync(verb, body, numbered, cancellation);
        }
        catch (ChildEndedException)
        {
            throw new ProcessDownException($"the plugin's process {(await Ended).Describe()}");
        }
    }

    private async Task DisposeAsync()
    {
        await _child.Started;
        await _child.Connection.RequestAsync(Verb.Dispose, default, _ => { }, CancellationToken.None).WaitAsync(DisposeAtMost, _time);
    }

    private async Task LoadAsync(LoadBody load)
    {
        if (!await _greeting.FitsAsync(_child))
            throw new PluginException(ChildGreeting.Upgraded);
        var reply = await _child.Connection.RequestAsync(Verb.Load, Body.Of(load, WireJson.Default.LoadBody), _ => { }, CancellationToken.None);
        var loaded = Body.Read(reply, WireJson.Default.LoadedBody);
        MissingLimits = [.. loaded.MissingLimits, .. _child.GroupProblem is { } problem ? new[] { $"its cgroup: {problem}" } : []];
        ObservesDomains = loaded.ObservesDomains;
        OwnMechanisms = [.. loaded.OwnMechanisms.Take(MaxMechanisms).Select(name => Printable.Of(name, MaxName))];
    }

    private WireConnection Connect(ChildProcess child, Stream input, SafeHandle output) => new(input, output)
    {
        Answer = (frame, cancellation) =>
        {
            var request = Body.Read(frame, WireJson.Default.DomainRequest);
            return _calls.TryGetValue(request.Call, out var call) ? call.AnswerAsync(frame, request, cancellation)
                : throw new OperationCanceledException("this call has ended: it cannot reach its domain any more");
        },
        Notice = Handle,
        Describe = Errors.Describe,
        Restore = Errors.Restore,
        Broken = why => child.Kill($"it broke the protocol: {why}"),
    };

    private void Handle(Frame frame)
    {
        switch (frame.Verb)
        {
            case Verb.Hello:
                _greeting.Receive(frame);
                break;
            case Verb.Fault:
                if (++_faults > MostFaults)
                    throw new WireException($"it reported more than {MostFaults} faults outside of its calls");
                _health.Fault(OutcomeCheck.Plain(Body.Read(frame, WireJson.Default.FaultBody).What));
                break;
            case Verb.Metrics:
                var metrics = Body.Read(frame, WireJson.Default.MetricsBody).Metrics;
                MetricsReported(MetricTable.AreValid(metrics) ? metrics : throw new WireException("it sent metrics that no plugin can have"));
                break;
            default:
                var notice = Body.Read(frame, WireJson.Default.DomainRequest);
                if (_calls.TryGetValue(notice.Call, out var call))
                    call.Handle(frame.Verb, notice);
                break;
        }
    }

    // A call that ignores its cancellation holds the process. If no other domain needs it, it ends at once, otherwise after a while.
    private async Task EndAbandonedAsync(Func<long> number)
    {
        await Task.Delay(CancellationDeadline.Time + TimeSpan.FromSeconds(1), _time);
        for (var left = AbandonedAtMost; _calls.ContainsKey(number()); left -= ProbeEvery)
        {
            if (_calls.Count == 1 || left <= TimeSpan.Zero)
                Kill("a call did not stop when it was cancelled");
            await Task.Delay(ProbeEvery, _time);
        }
    }

    // While calls run, and only then, the threads of the process must be able to answer.
    private async void Probe()
    {
        if (Interlocked.Exchange(ref _probing, 1) == 1)
            return;
        try
        {
            while (await WaitForProbeAsync())
            {
                await _child.Connection.RequestAsync(Verb.Probe, default, _ => { }, CancellationToken.None).WaitAsync(ProbeAtMost, _time);
            }
        }
        catch (TimeoutException)
        {
            Kill($"its threads did nothing else for {ProbeAtMost.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is ChildEndedException or RemoteException)
        {
            // It ended.
        }
        finally
        {
            Volatile.Write(ref _probing, 0);
        }
    }

    // Whether a call still runs.
    private async Task<bool> WaitForProbeAsync()
    {
        for (var waited = TimeSpan.Zero; waited < ProbeEvery; waited += CheckEvery)
        {
            await Task.Delay(CheckEvery, _time);
            if (_calls.IsEmpty || Ended.IsCompleted)
                return false;
            if (_child.ExceedsSharedMemory)
                Kill("it uses more shared memory than its limit");
        }
        return true;
    }
}
