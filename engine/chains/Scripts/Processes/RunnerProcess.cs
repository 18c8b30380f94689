using System.Collections.Concurrent;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Calls;
using Actors.Isolation.Processes;
using Actors.Isolation.Wire;

namespace Actors.Chains.Scripts.Processes;

/// <summary>One run of the process that runs scripts. Every turn is a request, and the process publishes the number of the one that runs.</summary>
internal sealed class RunnerProcess
{
    // Until the process publishes its turns.
    private const long Unknown = -1;

    private readonly ConcurrentDictionary<HostedScript, Lazy<Task>> _loaded = new();
    private readonly ConcurrentDictionary<long, HostedScript> _turns = new();
    private readonly ConcurrentDictionary<long, HostedScript> _runs = new();
    private readonly SharedWord _turn;
    private readonly ScriptChild _child;
    private int _loads;
    private volatile bool _served;
    private HostedScript? _abandoned;

    /// <exception cref="IOException">There is no room for the file of its turns.</exception>
    /// <exception cref="UnauthorizedAccessException">That file cannot be created.</exception>
    public RunnerProcess(ScriptProcessOptions options)
    {
        var (turn, file) = SharedWord.Create();
        _turn = turn;
        _turn.Value = Unknown;
        _child = new ScriptChild(options, RunnerServer.Role, RunnerServer.Build, options.Limits, file.Name, _ => { });
        Ready = ReadyAsync(file);
        Judged = JudgeAsync();
    }

    /// <inheritdoc cref="ScriptChild.Ready"/>
    public Task Ready { get; }

    /// <summary>Completes when the process has ended.</summary>
    public Task<EndOfProcess> Ended => _child.Ended;

    /// <summary>Completes when the process has ended and its scripts know what is held against them.</summary>
    public Task<Blame> Judged { get; }

    /// <summary>The number of the process.</summary>
    public int Id => _child.Id;

    /// <summary>Whether a turn has ended in it, or a script has ended it: the next process may start at once.</summary>
    public bool IsUseful => _served || (Judged.IsCompletedSuccessfully && Judged.Result.Suspects.Count > 0);

    /// <summary>Loads a script, once.</summary>
    public Task LoadAsync(HostedScript script, ScriptSource source, ScriptImage image) => _loaded.GetOrAdd(script, _ => new Lazy<Task>(() =>
    {
        Interlocked.Increment(ref _loads);
        return TakeAsync(script, Verb.LoadScript, Body.Of(new LoadScriptBody(script.Number, source, image), ScriptJson.Default.LoadScriptBody), CancellationToken.None);
    })).Value;

    /// <summary>Unloads a script, if it is loaded.</summary>
    public void Unload(HostedScript script)
    {
        if (_loaded.TryRemove(script, out _))
            Post(script, Verb.UnloadScript, script.Number);
    }

    /// <summary>Takes a turn of a run.</summary>
    public async Task<ScriptTurn> TakeAsync(HostedScript script, long run, Verb verb, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var turn = Body.Read(await TakeAsync(script, verb, body, cancellation), ScriptJson.Default.ScriptTurn);
        _runs[run] = script;
        return turn;
    }

    /// <summary>Ends a run.</summary>
    public void EndRun(HostedScript script, long run)
    {
        Post(script, Verb.EndRun, run);
        _runs.TryRemove(run, out _);
    }

    /// <summary>Takes a turn.</summary>
    /// <exception cref="ScriptFaultException">The script ended the process, or did not stop when it was cancelled.</exception>
    /// <exception cref="ScriptLostException">Something else ended the process, or nobody knows.</exception>
    public async Task<Frame> TakeAsync(HostedScript script, Verb verb, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var (number, ranWhenCancelled) = (0L, false);
        try
        {
            using var cancelled = cancellation.UnsafeRegister(_ => Volatile.Write(ref ranWhenCancelled, _turn.Value == Volatile.Read(ref number)), null);
            var request = RequestAsync(script, verb, body, sent => Volatile.Write(ref number, sent), cancellation);
            return await CancellationDeadline.AwaitAsync(request, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            // A turn that waited behind another one is not to blame, and is not needed any more.
            if (!Volatile.Read(ref ranWhenCancelled) || _turn.Value != number)
                throw new OperationCanceledException(cancellation);
            script.Blame($"the script did not stop within {CancellationDeadline.Time.TotalSeconds:0} s of its cancellation");
            Interlocked.CompareExchange(ref _abandoned, script, null);
            Kill("a script did not stop when it was cancelled");
            await Judged;
            throw new ScriptFaultException(script.Blamed!, runaway: true);
        }
        catch (ChildEndedException)
        {
            throw await LossAsync(script);
        }
        catch (RemoteException error)
        {
            throw new ScriptFaultException($"{script.File}: {error.Error.Type}: {error.Message}", runaway: false);
        }
    }

    public void Kill(string why) => _child.Kill(why);

    // A turn is known as long as the process may take it, even if nobody waits for it any more.
    private async Task<Frame> RequestAsync(HostedScript script, Verb verb, ReadOnlyMemory<byte> body, Action<long> numbered, CancellationToken cancellation)
    {
        var number = 0L;
        try
        {
            var answer = await _child.Connection.RequestAsync(verb, body, sent =>
            {
                numbered(sent);
                _turns[number = sent] = script;
            }, cancellation);
            _served = true;
            return answer;
        }
        catch (ChildEndedException)
        {
            await Judged;
            throw;
        }
        finally
        {
            _turns.TryRemove(number, out _);
        }
    }

    private async Task ReadyAsync(IDisposable file)
    {
        using (file)
            await _child.Ready;
    }

    // Nobody waits for its answer.
    private void Post(HostedScript script, Verb verb, long number)
    {
        if (!Ended.IsCompleted)
            _ = TakeAsync(script, verb, Body.Of(new NumberBody(number), ScriptJson.Default.NumberBody), CancellationToken.None)
                .ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task<Exception> LossAsync(HostedScript script)
    {
        var (blame, end) = (await Judged, await Ended);
        return script.Blamed is { } what
            ? new ScriptFaultException(what, runaway: true)
            : new ScriptLostException($"the process of scripts {end.Describe()}") { IsExplained = end.ByOthers || blame.Suspects.Count > 0 };
    }

    private async Task<Blame> JudgeAsync()
    {
        var end = await Ended;
        var turn = _turn.Value;
        var alive = turn == Unknown ? _runs.Values.Concat(_turns.Values) : _runs.Values;
        var blame = Blame.For(end, _turns.GetValueOrDefault(turn), alive, Volatile.Read(ref _loads), Volatile.Read(ref _abandoned));
        foreach (var script in blame.Suspects)
        {
            if (blame.IsCertain)
                script.Blame($"the process of scripts {end.Describe()} while this script ran");
            else
                script.Suspect();
        }
        return blame;
    }
}
