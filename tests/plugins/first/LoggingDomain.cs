using Actors.Sdk;

namespace Actors.FirstPlugin;

/// <summary>A domain that logs what is written. It has the members of contract 1.0 only.</summary>
internal sealed class LoggingDomain(IDomain domain) : IDomain, IDomainStore
{
    public DomainIdentity Identity => domain.Identity;

    public IDomainStore Store => this;

    public TimeProvider Time => domain.Time;

    public IActorLog Log => domain.Log;

    public ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation = default) => domain.InspectAsync(cancellation);

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class => domain.GetMechanism<TMechanism>();

    public void Report(Progress progress) => domain.Report(progress);

    public ValueTask<string?> ReadAsync(string path, CancellationToken cancellation = default) => domain.Store.ReadAsync(path, cancellation);

    public ValueTask WriteAsync(string path, string value, CancellationToken cancellation = default)
    {
        Log.Info($"{path} = {value}");
        return domain.Store.WriteAsync(path, value, cancellation);
    }

    public ValueTask RemoveAsync(string path, CancellationToken cancellation = default) => domain.Store.RemoveAsync(path, cancellation);

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default) => domain.Store.ListAsync(path, cancellation);
}
