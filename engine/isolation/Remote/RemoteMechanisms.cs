using Actors.Isolation.Messages;
using Actors.Isolation.Wire;
using Actors.Sdk;

namespace Actors.Isolation.Remote;

internal sealed class RemoteMaxMem(CallChannel call) : IMaxMem
{
    public async ValueTask SetMaxMemAsync(Kib maxMem, CancellationToken cancellation) =>
        await call.RequestAsync(Verb.SetMaxMem, new DomainRequest(call.Number) { Amount = maxMem.Value }, cancellation);
}

/// <summary>A pager. What can be read without waiting is as it was when the domain was last inspected.</summary>
internal sealed class RemotePaging(CallChannel call, PagerBody? pager) : IPaging
{
    private volatile PagerBody? _pager = pager;

    public bool Running => _pager?.Running == true;

    public string? Fault => _pager?.Fault;

    public Pages? FaultedIn => _pager?.FaultedInPages is { } pages ? new Pages(pages) : null;

    public void Update(PagerBody? now) => _pager = now;

    public ValueTask StartAsync(CancellationToken cancellation) => RequestAsync(Verb.StartPager, cancellation);

    public ValueTask StopAsync(CancellationToken cancellation) => RequestAsync(Verb.StopPager, cancellation);

    private async ValueTask RequestAsync(Verb verb, CancellationToken cancellation) =>
        Update((await call.RequestAsync(verb, new DomainRequest(call.Number), WireJson.Default.InspectBody, cancellation)).Pager);
}

internal sealed class RemoteSharing(CallChannel call) : ISharing
{
    public async ValueTask<SharingStatus> InspectAsync(CancellationToken cancellation) =>
        Bodies.Sharing(await call.RequestAsync(Verb.InspectSharing, new DomainRequest(call.Number), WireJson.Default.SharingBody, cancellation));

    public ValueTask<Pages> ShareAsync(Pages most, CancellationToken cancellation) => RequestAsync(Verb.Share, most, cancellation);

    public ValueTask<Pages> UnshareAsync(Pages most, CancellationToken cancellation) => RequestAsync(Verb.Unshare, most, cancellation);

    private async ValueTask<Pages> RequestAsync(Verb verb, Pages most, CancellationToken cancellation) =>
        new((await call.RequestAsync(verb, new DomainRequest(call.Number) { Amount = most.Value }, WireJson.Default.PagesBody, cancellation)).Pages);
}

internal sealed class RemoteTmem(CallChannel call) : ITmem
{
    public async ValueTask<TmemPools> InspectAsync(CancellationToken cancellation) =>
        Bodies.Tmem(await call.RequestAsync(Verb.InspectTmem, new DomainRequest(call.Number), WireJson.Default.TmemBody, cancellation));

    public ValueTask FreezeAsync(CancellationToken cancellation) => RequestAsync(Verb.FreezeTmem, null, cancellation);

    public ValueTask ThawAsync(CancellationToken cancellation) => RequestAsync(Verb.ThawTmem, null, cancellation);

    public ValueTask SetCapAsync(Kib? cap, CancellationToken cancellation) => RequestAsync(Verb.CapTmem, cap?.Value, cancellation);

    public ValueTask SetWeightAsync(int weight, CancellationToken cancellation) => RequestAsync(Verb.WeighTmem, weight, cancellation);

    public async ValueTask<Pages> FlushAsync(Pages most, CancellationToken cancellation) =>
        new((await call.RequestAsync(Verb.FlushTmem, new DomainRequest(call.Number) { Amount = most.Value }, WireJson.Default.PagesBody, cancellation)).Pages);

    private async ValueTask RequestAsync(Verb verb, long? amount, CancellationToken cancellation) =>
        await call.RequestAsync(verb, new DomainRequest(call.Number) { Amount = amount }, cancellation);
}

internal sealed class RemoteHinting(CallChannel call) : IHinting
{
    public async ValueTask<HintingStatus> InspectAsync(CancellationToken cancellation) =>
        Bodies.Hinting(await call.RequestAsync(Verb.InspectHinting, new DomainRequest(call.Number), WireJson.Default.HintingBody, cancellation));

    public ValueTask<Pages> SetLimitAsync(Kib? limit, CancellationToken cancellation) => RequestAsync(Verb.LimitHinting, limit?.Value, cancellation);

    public ValueTask<Pages> ReturnAsync(Pages most, CancellationToken cancellation) => RequestAsync(Verb.ReturnHinting, most.Value, cancellation);

    private async ValueTask<Pages> RequestAsync(Verb verb, long? amount, CancellationToken cancellation) =>
        new((await call.RequestAsync(verb, new DomainRequest(call.Number) { Amount = amount }, WireJson.Default.PagesBody, cancellation)).Pages);
}
