using Actors.Chains.Model;
using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Chains.Steps;

/// <summary>
/// Passes a newer target to the actors that are still engaged, while the first step already works towards it. Otherwise they would keep
/// moving towards the old target until their turn comes. None of them takes more memory before its turn.
/// </summary>
internal sealed class Redirection : IAsyncDisposable
{
    // An actor writes its new target within this time. So the actor that engaged last has it before the others move.
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<string, Task<Outcome?>> _calls = [];
    private readonly Dictionary<string, Outcome> _outcomes = [];

    private Redirection(CancellationToken cancellation) => _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>The outcomes of the actors that were done before the first step ended. They are complete once this object is disposed.</summary>
    public IReadOnlyDictionary<string, Outcome> Outcomes => _outcomes;

    /// <summary>Starts to pass on the target.</summary>
    /// <param name="actors">The engaged actors other than those of the first step, the last one first.</param>
    /// <param name="argumentOf">The argument that an actor gets.</param>
    /// <param name="runner">Calls the actors.</param>
    /// <param name="domain">The domain in this run.</param>
    /// <param name="request">The newer target.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<Redirection> StartAsync(
        IReadOnlyList<string> actors, Func<string, string> argumentOf, StepRunner runner, RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var redirection = new Redirection(cancellation);
        if (actors.Count == 0)
            return redirection;
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        foreach (var actor in actors)
        {
            var current = domain.Engaged.TargetOf(actor);
            var next = ChainRules.TargetBeforeItsTurn(request.Target, footprint, current);
            if (next == current)
                continue;
            var call = runner.RequestAgainAsync(actor, domain, request with { Target = next, Argument = argumentOf(actor) }, redirection._stop.Token);
            redirection._calls[actor] = call;
            await Task.WhenAny(call, Task.Delay(HeadStart, domain.Time, cancellation));
        }
        return redirection;
    }

    /// <summary>Ends the calls. The actors keep their new targets.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        foreach (var (actor, call) in _calls)
        {
            try
            {
                if (await call is { } outcome)
                    _outcomes[actor] = outcome;
            }
            catch (Exception error) when (error is OperationCanceledException or DomainGoneException)
            {
                // The run itself notices both.
            }
        }
        _calls.Clear();
        _stop.Dispose();
    }
}
