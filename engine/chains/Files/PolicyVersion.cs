using Actors.Host.Dispatch;
using Actors.Host.Dispatch.Foresight;
using Actors.Host.Domains;
using Actors.Host.Policies.Scripts;
using Actors.Sdk;

namespace Actors.Host.Policies.Files;

/// <summary>What a good file holds: the chain or script at work, and the compiled C# in it.</summary>
internal sealed record PolicyContent(IActor Actor, IReadOnlyList<ScriptProgram> Programs, IReadOnlyList<string> Steps, string Description, Kib? Floor, Kib? Tolerance, bool Shadow);

/// <summary>
/// One version of a policy's file, in service. A run ends on the version that it began with; when the last one on a retired version is over,
/// its C# is unloaded. Who comes late, with an entry from before the swap, is handed to the successor.
/// </summary>
internal sealed class PolicyVersion : IActor, ISettles, IComposite, IForesees, IServes
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
        Entry = new ActorEntry(name, this) { IsPolicy = true, Floor = content.Floor, Tolerance = content.Tolerance, Shadow = content.Shadow };
        Lives = [.. content.Programs.Select(program => program.Life)];
    }

    public string Name { get; }
    public string Hash { get; }
    public string Description { get; }
    public PolicyHealth Health { get; }
    public DateTimeOffset Since { get; }
    public ActorEntry Entry { get; }
    public IReadOnlyList<string> Steps { get; }

    public string? OutOfService => Health.Quarantined;

    /// <summary>The compiled C# in it; each dies some time after it was retired.</summary>
    public IReadOnlyList<WeakReference> Lives { get; }

    /// <summary>Retired, and no run is on it any more.</summary>
    public bool Gone => _content is null;

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        if (Enter() is not { } content)
            return await SuccessorAsync(domain, request, cancellation);
        try
        {
            return Health.Quarantined is null
                ? await content.Actor.ReachAsync(domain, request, cancellation)
                : Health.Answer((await domain.InspectAsync(cancellation)).Footprint);
        }
        finally
        {
            Leave();
        }
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) =>
        _content is { } content ? content.Actor.ReleaseAsync(domain, cancellation) : Task.CompletedTask;

    // What is left to do needs no script.
    public Task<Outcome?> SettleAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation) =>
        _content?.Actor is ISettles settles ? settles.SettleAsync(domain, request, cancellation) : Task.FromResult<Outcome?>(null);

    public async Task<Foreseen> ForeseeAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        if (Health.Quarantined is { } reason)
            return new Foreseen([], [reason]);
        if (Enter() is not { } content)
            return new Foreseen([], [$"the policy '{Name}' is being replaced; ask again"]);
        try
        {
            return await ((IForesees)content.Actor).ForeseeAsync(domain, request, cancellation);
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

    public ValueTask DisposeAsync()
    {
        Retire();
        return default;
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

    private async Task<Outcome> SuccessorAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        _directory.FindPolicy(Name) is { } entry && entry.Actor != this
            ? await entry.Actor.ReachAsync(domain, request, cancellation)
            : Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, $"the policy '{Name}' was removed");
}
