using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.Loading.Containment;
using Actors.Isolation.Groups;
using Actors.Loading;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Processes;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Loading.Processes;

/// <summary>A catalog in real time whose plugins run in processes: the hostile one, and the sample as its innocent neighbour.</summary>
internal sealed class IsolatedHost : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(4);

    private readonly PluginContainment _containment;
    private readonly ActorDirectory _directory = new(HostOptions.StandardPolicy);

    public IsolatedHost(PluginGrants? grants = null, string actors = "hostile", IActorLog? log = null, DelegatedGroup? groups = null)
    {
        _containment = PluginContainment.OnThreads(Services.Services, new PluginLimits());
        Root.Put();
        Put("hostile", actors);
        Put("innocent", "innocent");
        Catalog = PluginCatalog.Load(
            Root.Path, _directory, _containment, TimeProvider.System, log ?? Log.Silent, processes: new PluginProcessOptions(ProgramFolder.Program, grants ?? PluginGrants.None) { Groups = groups });
    }

    public PluginRoot Root { get; } = new();

    public RealServices Services { get; } = new();

    public PluginCatalog Catalog { get; }

    public async Task<Outcome> ReachAsync(string argument, string actor = "hostile", CancellationToken cancellation = default) =>
        await _directory.FindActor(actor)!.Actor.ReachAsync(Services.Domain, Request(argument), cancellation).WaitAsync(Soon, TimeProvider.System, CancellationToken.None);

    public async Task ReleaseAsync(string actor = "hostile") => await _directory.FindActor(actor)!.Actor.ReleaseAsync(Services.Domain, default);

    public ValueTask<string?> ReadAsync(string key) => Services.Services.Store.TryReadTextAsync($"/local/domain/1/{key}");

    public async Task<PluginStatus> StatusAsync(string plugin = "hostile") =>
        (await Catalog.StatusAsync(default)).Single(status => status.Id == plugin);

    /// <summary>Waits until the plugin serves again after its process ended.</summary>
    public async Task<int> ServedByAsync()
    {
        while (true)
        {
            var outcome = await ReachAsync("");
            if (outcome.Reason.StartsWith("in process ", StringComparison.Ordinal))
                return int.Parse(outcome.Reason["in process ".Length..], System.Globalization.CultureInfo.InvariantCulture);
            await Task.Yield();
        }
    }

    /// <summary>The longest time that a call may take while others attack: nothing delays it but the processors, which they use as well.</summary>
    /// <param name="alone">How long it takes when nobody attacks.</param>
    public static TimeSpan SlowestOf(TimeSpan alone) => 30 * alone;

    /// <summary>Calls the innocent plugin a number of times, one call after the other.</summary>
    /// <returns>How long a call takes: the median.</returns>
    public async Task<TimeSpan> CallInnocentAsync(int calls = 50)
    {
        var times = new List<TimeSpan>();
        for (var call = 0; call < calls; call++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            var outcome = await ReachAsync($"{call}", "innocent");
            times.Add(TimeProvider.System.GetElapsedTime(begun));
            Assert.That(outcome.Reason, Is.EqualTo($"{call}"));
        }
        times.Sort();
        return times[calls / 2];
    }

    /// <summary>Waits for another process of the plugin.</summary>
    public async Task<int> NextProcessAsync(int before)
    {
        while (true)
        {
            if ((await StatusAsync()).Process is { Id: not 0 and var process } && process != before)
                return process;
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Catalog.DisposeAsync();
        _containment.Dispose();
        Root.Dispose();
    }

    private void Put(string id, string actors)
    {
        Directory.CreateDirectory(Root.Folder(id));
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.HostilePlugin, "hostile.*"))
            File.Copy(file, Root.File(Path.GetFileName(file).Replace("hostile.", $"{id}.", StringComparison.Ordinal), id));
        File.WriteAllText(Root.File(Manifest.FileName, id), $"id: {id}\nversion: 1.0\ncontract: 1.0\nactors: [{actors}]\nmemory: 256MiB\nnetwork: true\nprograms: true\n");
    }

    private static TargetRequest Request(string argument) => new() { Target = Kib.FromMiB(512), Argument = argument };
}
