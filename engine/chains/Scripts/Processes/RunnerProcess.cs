using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Calls;
using Actors.Isolation.Processes;
using Actors.Isolation.Wire;

namespace Actors.Chains.Scripts.Processes;

/// <summary>One run of the process that runs scripts.</summary>
internal sealed class RunnerProcess
{
    private readonly ConcurrentDictionary<long, Task> _loaded = new();
    private readonly ScriptChild _child;
    private long _abandoned;

    public RunnerProcess(ScriptProcessOptions options) =>
        _child = new ScriptChild(options, RunnerServer.Role, RunnerServer.Build, options.Limits, _ => { });

    /// <inheritdoc cref="ScriptChild.Ready"/>
    public Task Ready => _child.Ready;

    /// <summary>Completes when the process has ended.</summary>
    public Task<EndOfProcess> Ended => _child.Ended;

    /// <summary>The number of the process.</summary>
    public int Id => _child.Id;

    /// <summary>Loads a script, once.</summary>
    public Task LoadAsync(long script, Func<Task> load) => _loaded.GetOrAdd(script, _ => load());

    /// <summary>Makes a request that runs a script.</summary>
    /// <exception cref="ScriptFaultException">The script ended the process, or did not stop when it was cancelled.</exception>
    /// <exception cref="ScriptLostException">Something else ended the process.</exception>
    public async Task<Frame> RequestAsync(Verb verb, ReadOnlyMemory<byte> body, string file, CancellationToken cancellation)
    {
        long number = 0;
        try
        {
            var request = _child.Connection.RequestAsync(verb, body, sent => number = sent, cancellation);
            return await CancellationDeadline.AwaitAsync(request, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            // A run that waits behind another one is not to blame, and is not needed any more.
            if (_child.Connection.OldestUnanswered != number)
                throw new OperationCanceledException(cancellation);
            Volatile.Write(ref _abandoned, number);
            Kill("a script did not stop when it was cancelled");
            throw new ScriptFaultException($"{file}: the script did not stop within {CancellationDeadline.Time.TotalSeconds:0} s of its cancellation", runaway: true);
        }
        catch (ChildEndedException)
        {
            throw Ending(await Ended, number, file);
        }
        catch (RemoteException error)
        {
            throw new ScriptFaultException($"{file}: {error.Error.Type}: {error.Message}", runaway: false);
        }
    }

    public void Send<T>(Verb verb, T body, JsonTypeInfo<T> type)
    {
        if (!Ended.IsCompleted)
            _child.Connection.Send(verb, Body.Of(body, type));
    }

    public void Kill(string why) => _child.Kill(why);

    // Turns are taken in order, so the oldest request without an answer is the one that ran.
    private Exception Ending(EndOfProcess end, long number, string file)
    {
        var what = $"the process of scripts {end.Describe()}";
        var blamed = Volatile.Read(ref _abandoned) is not 0 and var abandoned ? abandoned : end.FromOutside ? 0 : _child.Connection.OldestAtEnd;
        return blamed == number ? new ScriptFaultException($"{file}: {what} while this script ran", runaway: false) : new ScriptLostException(what) { ByOthers = end.ByOthers };
    }
}
