using System.Runtime.CompilerServices;
using Actors.Isolation.Messages;
using Actors.Isolation.Wire;
using Actors.Sdk;

namespace Actors.Isolation.Remote;

/// <summary>A domain as a call in a child sees it: every request goes to the daemon.</summary>
internal sealed class RemoteDomain : IDomain, IDomainStore, IActorLog
{
    private readonly CallChannel _call;
    private readonly RemotePaging _paging;
    private readonly OffersBody _offers;
    private long _watches;

    public RemoteDomain(WireConnection connection, long call, CallBody body, TimeProvider time)
    {
        Time = time;
        _call = new CallChannel(connection, call);
        (_offers, _paging) = (body.Offers, new RemotePaging(_call, body.Offers.Pager));
        Identity = Bodies.Identity(body.Domain);
    }

    public DomainIdentity Identity { get; }

    public IDomainStore Store => this;

    public TimeProvider Time { get; }

    public IActorLog Log => this;

    public async ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation)
    {
        var reply = await _call.RequestAsync(Verb.Inspect, new DomainRequest(_call.Number), WireJson.Default.InspectBody, cancellation);
        _paging.Update(reply.Pager);
        return Bodies.Info(reply.Info ?? throw new WireException("the daemon sent no domain"));
    }

    public async ValueTask<HostMemory?> InspectHostAsync(CancellationToken cancellation)
    {
        var reply = await _call.RequestAsync(Verb.InspectHost, new DomainRequest(_call.Number), cancellation);
        return reply.Body.IsEmpty ? null : Bodies.Host(Body.Read(reply, WireJson.Default.HostBody));
    }

    public async ValueTask<HostGrant?> RequestHostMemoryAsync(Kib amount, CancellationToken cancellation)
    {
        var request = new DomainRequest(_call.Number) { Amount = amount.Value };
        var reply = await _call.RequestAsync(Verb.RequestHostMemory, request, cancellation);
        if (reply.Body.IsEmpty)
            return null;
        var grant = Body.Read(reply, WireJson.Default.GrantBody);
        return new HostGrant(new Kib(grant.AmountKib), Bodies.Host(grant.Host));
    }

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class
    {
        if (typeof(TMechanism) == typeof(IMaxMem))
            return Offer<TMechanism>(_offers.MaxMem, () => new RemoteMaxMem(_call));
        if (typeof(TMechanism) == typeof(IPaging))
            return Offer<TMechanism>(_offers.Paging, () => _paging);
        if (typeof(TMechanism) == typeof(ISharing))
            return Offer<TMechanism>(_offers.Sharing, () => new RemoteSharing(_call));
        if (typeof(TMechanism) == typeof(ITmem))
            return Offer<TMechanism>(_offers.Tmem, () => new RemoteTmem(_call));
        if (typeof(TMechanism) == typeof(IHinting))
            return Offer<TMechanism>(_offers.Hinting, () => new RemoteHinting(_call));
        return Sdk.Offer.None<TMechanism>($"'{typeof(TMechanism).Name}' is not a mechanism of this host");
    }

    public void Report(Progress progress) => _call.Send(Verb.Report, new DomainRequest(_call.Number) { Amount = progress.Footprint.Value, Text = progress.Note ?? "" });

    public async ValueTask<string?> ReadAsync(string path, CancellationToken cancellation) =>
        (await _call.RequestAsync(Verb.Read, Path(path), WireJson.Default.TextBody, cancellation)).Text;

    public async ValueTask WriteAsync(string path, string value, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(value);
        await _call.RequestAsync(Verb.Write, Path(path) with { Value = value }, cancellation);
    }

    public async ValueTask RemoveAsync(string path, CancellationToken cancellation) => await _call.RequestAsync(Verb.Remove, Path(path), cancellation);

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation) =>
        (await _call.RequestAsync(Verb.List, Path(path), WireJson.Default.NamesBody, cancellation)).Names;

    public async IAsyncEnumerable<string?> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = Path(path) with { Amount = Interlocked.Increment(ref _watches) };
        try
        {
            while (true)
                yield return (await _call.RequestAsync(Verb.Watch, request, WireJson.Default.TextBody, cancellation)).Text;
        }
        finally
        {
            _call.Send(Verb.EndWatch, request);
        }
    }

    public void Debug(string message) => Write(0, message);

    public void Info(string message) => Write(1, message);

    public void Warn(string message) => Write(2, message);

    private void Write(int level, string message) => _call.Send(Verb.Log, new DomainRequest(_call.Number) { Level = level, Text = message ?? "" });

    private DomainRequest Path(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new DomainRequest(_call.Number) { Text = path };
    }

    private static Offer<TMechanism> Offer<TMechanism>(string? whyNot, Func<object> make) where TMechanism : class =>
        whyNot is null ? Sdk.Offer.Of((TMechanism)make()) : Sdk.Offer.None<TMechanism>(whyNot);
}
