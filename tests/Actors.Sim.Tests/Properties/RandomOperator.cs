using Actors.Sdk;
using Actors.Sim.Hypervisor;

namespace Actors.Sim.Tests.Properties;

/// <summary>
/// Uses every mechanism of every domain at random, as careless actors could: without waiting, and giving up in the middle.
/// </summary>
internal sealed class RandomOperator(SimulatedHost host, Random random)
{
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(3 * random.NextDouble()), host.Clock, stop);
            var domids = host.Domains.Select(domain => domain.Domid).ToList();
            var domid = domids[random.Next(domids.Count)];
            var (operation, amount, patience) = (random.Next(13), Pages(), TimeSpan.FromSeconds(20 * random.NextDouble()));
            host.Clock.Spawn(_ => TryAsync(domid, operation, amount, patience), stop);
        }
    }

    private async Task TryAsync(int domid, int operation, Pages amount, TimeSpan patience)
    {
        using var hurry = new CancellationTokenSource(patience, host.Clock);
        try
        {
            await DoAsync(domid, operation, amount, hurry.Token);
        }
        catch (Exception error) when (error is MechanismException or DomainGoneException or OperationCanceledException)
        {
            // These are the errors that an actor must expect.
        }
    }

    private async Task DoAsync(int domid, int operation, Pages amount, CancellationToken cancellation)
    {
        T? Mechanism<T>() where T : class => host.GetMechanism<T>(domid).Mechanism;
        switch (operation)
        {
            case 0 or 1 when Mechanism<IPaging>() is { } paging:
                await paging.StartAsync(cancellation);
                break;
            case 2 when Mechanism<IPaging>() is { } paging:
                await paging.StopAsync(cancellation);
                break;
            case 3:
                host.KillPager(domid, "killed at random");
                break;
            case 4 or 5 when Mechanism<ISharing>() is { } sharing:
                await sharing.ShareAsync(amount, cancellation);
                break;
            case 6 when Mechanism<ISharing>() is { } sharing:
                await sharing.UnshareAsync(amount, cancellation);
                break;
            case 7 when Mechanism<ISharing>() is { } sharing:
                var status = await sharing.InspectAsync(cancellation);
                Assert.That(status.Shared >= Sdk.Pages.Zero && status.Freed >= Sdk.Pages.Zero && status.TakenBack >= Sdk.Pages.Zero, $"{status}");
                break;
            case 8 when Mechanism<IMaxMem>() is { } maxMem:
                await maxMem.SetMaxMemAsync(amount.ToKib(), cancellation);
                break;
            case 9 when Mechanism<ITmem>() is { } tmem:
                if (amount.Value % 3 == 0)
                    await tmem.FreezeAsync(cancellation);
                else if (amount.Value % 3 == 1)
                    await tmem.ThawAsync(cancellation);
                else
                    await tmem.SetCapAsync(amount.ToKib(), cancellation);
                break;
            case 10 when Mechanism<ITmem>() is { } tmem:
                await tmem.FlushAsync(amount, cancellation);
                break;
            case 11 when Mechanism<IHinting>() is { } hinting:
                await hinting.SetLimitAsync(amount.Value % 5 == 0 ? null : amount.ToKib(), cancellation);
                break;
            case 12 when Mechanism<IHinting>() is { } hinting:
                await hinting.ReturnAsync(amount, cancellation);
                var hints = await hinting.InspectAsync(cancellation);
                Assert.That(hints.Unused >= Sdk.Pages.Zero && hints.Volatile >= Sdk.Pages.Zero && hints.Withheld >= Sdk.Pages.Zero, $"{hints}");
                break;
        }
    }

    private Pages Pages() => new(random.Next(0, 700 * 256));
}
