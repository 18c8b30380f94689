using Actors.Chains.Policies;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Files;

/// <summary>The content of a good file: the chain or script, and its compiled C#.</summary>
internal sealed record PolicyContent(IPolicy Policy, IReadOnlyList<IScript> Programs, IReadOnlyList<string> Steps, string Description, Kib? Floor, Kib? Tolerance, bool Shadow)
{
    public OnDrift OnDrift { get; init; }
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>
/// One version of a policy, in service. A run ends on the version that it began with. When the last run on a retired version ends, its C# is
/// unloaded. A caller that still holds a retired version is passed on to its successor.
/// </summary>
internal sealed class PolicyVersion : IPolicy, IQuarantinable
{
    private readonly object _gate = new();
    private readonly ActorDirectory _directory;
    private PolicyContent? _content;
    private int _running;
    private bool _retired;

    public PolicyVersion(string name, string hash, PolicyContent content, PolicyHealth health, DateTimeOffset since, ActorDirectory directory)
    {
        (Name, Hash, Health, Since, _directory, _content) = (name, hash, health, since, directory, content);
        (Steps, Description) = (content.Steps, content.Description);
        Entry = new PolicyEntry(name, this) { Floor = content.Floor, Tolerance = content.Tolerance, OnDrift = content.OnDrift, RetryAfter = content.RetryAfter, Shadow = content.Shadow };
        LoadedPrograms = [.. content.Programs.Select(program => program.Life)];
    }

    public string Name { get; }
    public string Hash { get; }
    public string Description { get; }
    public PolicyHealth Health { get; }
    public DateTimeOffset Since { get; }
    public PolicyEntry Entry { get; }
    public IReadOnlyList<string> Steps { get; }

    public string? OutOfService => Health.Quarantined;

    /// <summary>References to the compiled C#; each is dead some time after the version was retired.</summary>
    public IReadOnlyList<WeakReference> LoadedPrograms { get; }

    /// <summary>Whether the version is retired and no run uses it any more.</summary>
    public bool Ended => _content is null;

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        if (Enter() is not { } content)
            return await SuccessorAsync(domain, request, cancellation);
        try
        {
            return Health.Quarantined is null
                ? await content.Policy.ReachAsync(domain, request, cancellation)
                : Health.OutOfService((await domain.InspectAsync(cancellation)).Footprint);
        }
        finally
        {
            Leave();
        }
    }

    public Task ReleaseAsync(RunContext domain, CancellationToken cancellation) =>
        _content is { } content ? content.Policy.ReleaseAsync(domain, cancellation) : Task.CompletedTask;

    // The follow-up needs no script, so it does not count as a run.
    public Task<Outcome?> FollowUpAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        _content is { } content ? content.Policy.FollowUpAsync(domain, request, cancellation) : Task.FromResult<Outcome?>(null);

    public async Task<RunPreview> PreviewAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        if (Health.Quarantined is { } reason)
            return new RunPreview([], [reason]);
        if (Enter() is not { } content)
            return new RunPreview([], [$"the policy '{Name}' is being replaced; try again"]);
        try
        {
            return await content.Policy.PreviewAsync(domain, request, cancellation);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Takes the version out of service: no new run begins on it.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            DropWhenIdle();
        }
    }

    private PolicyContent? Enter()
    {
        lock (_gate)
        {
            if (_content is not null)
                _running++;
            return _content;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _running--;
            DropWhenIdle();
        }
    }

    private void DropWhenIdle()
    {
        if (!_retired || _running > 0 || _content is null)
            return;
        foreach (var program in _content.Programs)
            program.Unload();
        _content = null;
    }

    private async Task<Outcome> SuccessorAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        _directory.FindPolicy(Name) is { } entry && entry.Policy != this
            ? await entry.Policy.ReachAsync(domain, request, cancellation)
            : Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, $"the policy '{Name}' was removed") with { Lacks = new Lack(LackKinds.Actor) };
}
