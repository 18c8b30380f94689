using Actors.Chains.Policies;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Tests.Chains.Scripts;

/// <summary>A domain of 1 GiB under a script, with two actors made for the test: <c>half</c> goes half of the way, <c>good</c> all of it.</summary>
internal static class ScriptWorld
{
    public static readonly ScriptEngine Engine = new(new ScriptStore(null), new ScriptCompiler(), new LocalRunner());

    public static IScript Compile(string text, ScriptKind kind = ScriptKind.Policy, string file = "p.csx")
    {
        var problems = new YamlProblems(file);
        return Engine.Load(new ScriptSource(kind, file, text), problems)
            ?? throw new AssertionException(string.Join('\n', problems.InOrder));
    }

    public static string[] Problems(string text, ScriptKind kind = ScriptKind.Policy)
    {
        var problems = new YamlProblems("p.csx");
        Assert.That(Engine.Load(new ScriptSource(kind, "p.csx", text), problems), Is.Null, "it compiles");
        return [.. problems.InOrder.Select(problem => problem.ToString())];
    }

    public static ActorDirectory Directory(TestWorld world)
    {
        var directory = new ActorDirectory("p");
        directory.SetActors([new("half", new MovingActor(world, 0.5)), new("good", new MovingActor(world, 1)), new("idle", new MovingActor(world, 0))]);
        return directory;
    }

    public static RunContext Domain(TestWorld world, int domid) =>
        new(new HostDomain(new DomainIdentity(domid, world.Info(domid).Uuid, "web-1"), world.Services, new Engagements([])), IRunObserver.None);

    /// <summary>Runs a script once on a new domain, down to 512 MiB.</summary>
    public static Outcome Reach(string text, ScriptLimits? limits = null) => Reach(Compile(text), limits);

    /// <summary>Runs a script once on a new domain, down to 512 MiB.</summary>
    public static Outcome Reach(IScript script, ScriptLimits? limits = null)
    {
        Outcome? outcome = null;
        TestWorld.Run(async world =>
        {
            var directory = Directory(world);
            var actor = new ScriptPolicy("p", "p.csx", script, directory, new PolicyHealth("p.csx"), limits ?? ScriptLimits.Standard);
            var domid = await world.CreateAsync("web-1");
            outcome = await actor.ReachAsync(Domain(world, domid), new TargetRequest { Target = Kib.FromMiB(512), Floor = Kib.FromMiB(200) }, default);
        });
        return outcome!;
    }
}

/// <summary>Moves a domain a part of the way at once, directly in the simulated hypervisor.</summary>
internal sealed class MovingActor(TestWorld world, double part) : IActor
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var from = (await domain.InspectAsync(cancellation)).Footprint;
        var to = new Kib(from.Value + (long)((request.Target - from).Value * part));
        await Task.Delay(TimeSpan.FromSeconds(1), domain.Time, cancellation);
        var machine = world.Machine.Find(domain.Identity.Domid)!;
        if (to < from)
            machine.PageOut((from - to).ToPages());
        else
            machine.PageIn((to - from).ToPages());
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        return request.IsReachedBy(footprint) ? Outcome.Reached(footprint, "done") : Outcome.Short(footprint, "no further");
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}
