using Actors.Isolation.Messages;
using Actors.Isolation.Wire;
using Actors.Sdk;

namespace Actors.Isolation.Remote;

/// <summary>Serves a domain to a call in a child. It runs in the daemon.</summary>
internal static class DomainServer
{
    /// <summary>Answers a request.</summary>
    /// <exception cref="WireException">The request is none that a call can make.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(IDomain domain, Verb verb, DomainRequest request, CancellationToken cancellation)
    {
        switch (verb)
        {
            case Verb.Inspect:
                var info = Bodies.Of(await domain.InspectAsync(cancellation));
                return Body.Of(new InspectBody(info, PagerOf(domain)), WireJson.Default.InspectBody);
            case Verb.InspectHost:
                return await domain.InspectHostAsync(cancellation) is { } host ? Body.Of(Bodies.Of(host), WireJson.Default.HostBody) : default;
            case Verb.RequestHostMemory:
                return await domain.RequestHostMemoryAsync(new Kib(Amount(request)), cancellation) is { } grant
                    ? Body.Of(new GrantBody(grant.Amount.Value, Bodies.Of(grant.Host)), WireJson.Default.GrantBody) : default;
            case Verb.Read:
                return Body.Of(new TextBody(await domain.Store.ReadAsync(request.Text, cancellation)), WireJson.Default.TextBody);
            case Verb.Write:
                await domain.Store.WriteAsync(request.Text, request.Value, cancellation);
                return default;
            case Verb.Remove:
                await domain.Store.RemoveAsync(request.Text, cancellation);
                return default;
            case Verb.List:
                return Body.Of(new NamesBody(await domain.Store.ListAsync(request.Text, cancellation)), WireJson.Default.NamesBody);
            case Verb.SetMaxMem:
                await Mechanism<IMaxMem>(domain).SetMaxMemAsync(new Kib(Amount(request)), cancellation);
                return default;
            case Verb.StartPager:
                await Mechanism<IPaging>(domain).StartAsync(cancellation);
                return Body.Of(new InspectBody(null, PagerOf(domain)), WireJson.Default.InspectBody);
            case Verb.StopPager:
                await Mechanism<IPaging>(domain).StopAsync(cancellation);
                return Body.Of(new InspectBody(null, PagerOf(domain)), WireJson.Default.InspectBody);
            case Verb.InspectSharing:
                return Body.Of(Bodies.Of(await Mechanism<ISharing>(domain).InspectAsync(cancellation)), WireJson.Default.SharingBody);
            case Verb.Share:
                return Pages(await Mechanism<ISharing>(domain).ShareAsync(new Pages(Amount(request)), cancellation));
            case Verb.Unshare:
                return Pages(await Mechanism<ISharing>(domain).UnshareAsync(new Pages(Amount(request)), cancellation));
            case Verb.InspectTmem:
                return Body.Of(Bodies.Of(await Mechanism<ITmem>(domain).InspectAsync(cancellation)), WireJson.Default.TmemBody);
            case Verb.FreezeTmem:
                await Mechanism<ITmem>(domain).FreezeAsync(cancellation);
                return default;
            case Verb.ThawTmem:
                await Mechanism<ITmem>(domain).ThawAsync(cancellation);
                return default;
            case Verb.CapTmem:
                await Mechanism<ITmem>(domain).SetCapAsync(request.Amount is { } cap ? new Kib(cap) : null, cancellation);
                return default;
            case Verb.WeighTmem:
                await Mechanism<ITmem>(domain).SetWeightAsync(checked((int)Amount(request)), cancellation);
                return default;
            case Verb.FlushTmem:
                return Pages(await Mechanism<ITmem>(domain).FlushAsync(new Pages(Amount(request)), cancellation));
            case Verb.InspectHinting:
                return Body.Of(Bodies.Of(await Mechanism<IHinting>(domain).InspectAsync(cancellation)), WireJson.Default.HintingBody);
            case Verb.LimitHinting:
                return Pages(await Mechanism<IHinting>(domain).SetLimitAsync(request.Amount is { } limit ? new Kib(limit) : null, cancellation));
            case Verb.ReturnHinting:
                return Pages(await Mechanism<IHinting>(domain).ReturnAsync(new Pages(Amount(request)), cancellation));
            default:
                throw new WireException($"a call requested '{verb}', which it cannot request");
        }
    }

    /// <summary>Handles a notice of a call.</summary>
    public static void Handle(IDomain domain, Verb verb, DomainRequest notice)
    {
        switch (verb)
        {
            case Verb.Report:
                domain.Report(new Progress(new Kib(Amount(notice)), notice.Text));
                break;
            case Verb.Log when notice.Level == 0:
                domain.Log.Debug(notice.Text);
                break;
            case Verb.Log when notice.Level == 1:
                domain.Log.Info(notice.Text);
                break;
            case Verb.Log:
                domain.Log.Warn(notice.Text);
                break;
            default:
                throw new WireException($"a call sent the notice '{verb}', which it cannot send");
        }
    }

    private static PagerBody? PagerOf(IDomain domain) => domain.GetMechanism<IPaging>().Mechanism is { } pager ? Bodies.Of(pager) : null;

    private static TMechanism Mechanism<TMechanism>(IDomain domain) where TMechanism : class =>
        domain.GetMechanism<TMechanism>() is { Mechanism: { } mechanism } ? mechanism
            : throw new MechanismException(domain.GetMechanism<TMechanism>().WhyNot);

    private static long Amount(DomainRequest request) => request.Amount ?? throw new WireException("a request has no amount");

    private static ReadOnlyMemory<byte> Pages(Pages pages) => Body.Of(new PagesBody(pages.Value), WireJson.Default.PagesBody);
}
