using Actors.Sdk;

namespace Actors.BadPlugin;

/// <summary>Throws where no run can catch it.</summary>
[Actor("stray")]
internal sealed class Stray : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var thread = new Thread(() => throw new InvalidOperationException("on a thread of its own"));
        thread.Start();
        thread.Join();
        return base.ReachAsync(domain, request, cancellation);
    }
}

/// <summary>Leaves a subscription to an event of the process.</summary>
[Actor("leaks")]
internal sealed class Leaks : BadActor
{
    public Leaks() => AppDomain.CurrentDomain.ProcessExit += (_, _) => GC.KeepAlive(this);
}
