using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Actors.Sdk;
using YamlDotNet.Serialization;

namespace Actors.Sample;

/// <summary>Writes the balloon's target. Its reason says which build of it did so.</summary>
[Actor("sample")]
internal class SampleActor : IActor
{
    // Tests overwrite it in the built DLL.
    protected const string Build = "build-00001";

    public virtual async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteAsync("data/begun", Build, cancellation);
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, request.Target, cancellation);
        if (double.TryParse(request.Argument, CultureInfo.InvariantCulture, out var seconds))
            await Task.Delay(TimeSpan.FromSeconds(seconds), domain.Time, cancellation);
        while (true)
        {
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            if (request.IsReachedBy(footprint))
                return Outcome.Reached(footprint, $"{Build} with {typeof(IDeserializer).Assembly.GetName().Version}{(request.Argument == "native" ? $" and {Native()}" : "")}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), domain.Time, cancellation);
        }
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation) =>
        await domain.Store.WriteAsync("data/released", Build, cancellation);

    public ValueTask DisposeAsync() => default;

    // Called by tests, while nothing else of the plugin runs.
    private static string Dependency() => typeof(IDeserializer).Assembly.GetName().Version!.ToString();

    private static Assembly Contract() => typeof(IActor).Assembly;

    [DllImport("samplenative", EntryPoint = "answer")]
    private static extern int Native();
}

/// <summary>Subscribes and never unsubscribes.</summary>
[Actor("leaky")]
internal sealed class LeakyActor : SampleActor
{
    public LeakyActor() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Forgotten();

    private static void Forgotten()
    {
    }
}

/// <summary>In its odd builds, it never ends and ignores its cancellation.</summary>
[Actor("stubborn")]
internal sealed class StubbornActor : SampleActor
{
    private static readonly List<TaskCompletionSource<Outcome>> Pending = [];

    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        if ((Build[^1] - '0') % 2 == 0)
            return await base.ReachAsync(domain, request, cancellation);
        var never = new TaskCompletionSource<Outcome>();
        Pending.Add(never);
        return await never.Task;
    }
}

/// <summary>Cannot be created.</summary>
[Actor("unborn")]
internal sealed class UnbornActor : SampleActor
{
    public UnbornActor() => throw new InvalidOperationException("no licence found");
}
