using Actors.Sdk;

namespace Misbehaving;

[Actor("throws")]
internal sealed class Throws : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        throw new InvalidOperationException("its disk is on fire");
}

[Actor("throws-in-timer")]
internal sealed class ThrowsInTimer : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        using var timer = new Timer(_ => throw new InvalidOperationException("tick"), null, 100, Timeout.Infinite);
        await Task.Delay(1000, cancellation);
        return Outcome.Short((await domain.InspectAsync(cancellation)).Footprint, "the timer has fired");
    }
}

[Actor("throws-on-thread")]
internal sealed class ThrowsOnThread : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        new Thread(() => throw new InvalidOperationException("on a thread")).Start();
        return Task.FromResult(Outcome.Short(Kib.Zero, "the thread was started"));
    }
}

[Actor("spins")]
internal sealed class Spins : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) => Task.FromResult(Spin());
}

[Actor("spins-later")]
internal sealed class SpinsLater : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.ReadAsync("name", cancellation);
        return Spin();
    }
}

[Actor("ignores")]
internal sealed class Ignores : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        new TaskCompletionSource<Outcome>().Task;
}

[Actor("sleeps")]
internal sealed class Sleeps : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        Thread.Sleep(Timeout.Infinite);
        throw new NotSupportedException();
    }
}

[Actor("lies")]
internal sealed class Lies : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        Task.FromResult(Outcome.Reached(request.Target, "all done"));
}

[Actor("floods")]
internal sealed class Floods : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        for (var i = 0; i < 3000; i++)
        {
            for (var j = 0; j < 100; j++)
            {
                domain.Report(new Progress(request.Target, "flood"));
                domain.Log.Info($"line {i}");
            }
            await Task.Delay(1, cancellation);
        }
        return Outcome.Short(Kib.Zero, "that was the flood");
    }
}

[Actor("allocates")]
internal sealed class Allocates : BadActor
{
    private static readonly List<byte[]> Hoard = [];

    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        while (true)
            Hoard.Add(new byte[1 << 20]);
    }
}

[Actor("trespasses")]
internal sealed class Trespasses : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteAsync("/local/domain/0/memory/target", "1", cancellation);
        return Outcome.Short(Kib.Zero, "wrote");
    }
}

[Actor("async-void")]
internal sealed class AsyncVoid : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        Forgotten(domain);
        await Task.Delay(1000, cancellation);
        return Outcome.Short(Kib.Zero, "went on");
    }

    private static async void Forgotten(IDomain domain)
    {
        await domain.Store.ReadAsync("name");
        throw new InvalidOperationException("forgotten");
    }
}
