using Actors.Chains.Policies;
using Actors.Chains.Scripts;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Files;

/// <summary>What a good file holds: the chain or script at work, and the compiled C# in it.</summary>
internal sealed record PolicyContent(IPolicy Policy, IReadOnlyList<ScriptProgram> Programs, IReadOnlyList<string> Steps, string Description, Kib? Floor, Kib? Tolerance, bool Shadow);

/// <summary>
/// One version of a policy's file, in service. A run ends on the version that it began with; when the last one on a retired version is over,
/// its C# is unloaded. Who comes late, with an entry from before the swap, is handed to the successor.
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
        Entry = new PolicyEntry(name, this) { Floor = content.Floor, Tolerance = content.Tolerance, Shadow = content.Shadow };
        Lives = [.. content.Programs.Select(program => program.Life)];
    }

    public string Name { get; }
    public string Hash { get; }
    public string Description { get; }
    public PolicyHealth Health { get; }
    public DateTimeOffset Since { get; }
    public PolicyEntry Entry { get; }
    public IReadOnlyList<string> Steps { get; }

    public string? OutOfService => Health.Quarantined;

    /// <summary>The compiled C# in it; each dies some time after it was retired.</summary>
    public IReadOnlyList<WeakReference> Lives { get; }

    /// <summary>Retired, and no run is on it any more.</summary>
    public bool Gone => _content is null;

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        if (Enter() is not { } content)
            return await SuccessorAsync(domain, request, cancellation);
        try
        {
            return Health.Quarantined is null
                ? await content.Policy.ReachAsync(domain, request, cancellation)
                : Health.Answer((await domain.InspectAsync(cancellation)).Footprint);
        }
        finally
        {
            Leave();
        }
    }

    public Task ReleaseAsync(RunContext domain, CancellationToken cancellation) =>
        _content is { } content ? content.Policy.ReleaseAsync(domain, cancellation) : Task.CompletedTask;

    // What is left to do needs no script.
    public Task<Outcome?> FollowUpAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        _content is { } content ? content.Policy.FollowUpAsync(domain, request, cancellation) : Task.FromResult<Outcome?>(null);

    public async Task<RunPreview> PreviewAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        if (Health.Quarantined is { } reason)
            return new RunPreview([], [reason]);
        if (Enter() is not { } content)
            return new RunPreview([], [$"the policy '{Name}' is being replaced; ask again"]);
        try
        {
            return await content.Policy.PreviewAsync(domain, request, cancellation);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>No new run begins on it.</summary>
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
            : Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, $"the policy '{Name}' was removed");
}
