using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Settings;
using Actors.Host.Tests.Loading.Containment;
using Actors.Isolation.Messages;
using Actors.Loading;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Processes;
using Actors.Sdk;
using Actors.Yaml;
using NSubstitute;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>A daemon with the plugin of a vendor, which runs in the daemon's process or in one of its own: it cannot tell which.</summary>
internal sealed class VendorHost : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private readonly string _plugin;
    private readonly PluginContainment _containment;
    private readonly ActorDirectory _directory = new(HostOptions.StandardPolicy);

    public VendorHost(
        bool inProcess, string manifest = "contract: 1.0", PluginGrant? grant = null, string? settings = null, Action<VendorHost>? prepare = null, string plugin = "vendor")
    {
        _plugin = plugin;
        var hypervisor = Services.Services.Hypervisor;
        hypervisor.GetMechanism<IMaxMem>(1).Returns(Offer.Of(Substitute.For<IMaxMem>()));
        hypervisor.GetMechanism<IPaging>(1).Returns(Offer.Of(Substitute.For<IPaging>()));
        hypervisor.GetMechanism<ISharing>(1).Returns(Offer.Of(Substitute.For<ISharing>()));
        hypervisor.GetMechanism<ITmem>(1).Returns(Offer.None<ITmem>("this Xen has no tmem"));
        hypervisor.GetHostMemoryAsync(default).ReturnsForAnyArgs(new ValueTask<HostMemory>(new HostMemory(Kib.FromGiB(8), Kib.FromGiB(2), Kib.Zero)));
        Services.Services.Reserve = Kib.Zero;
        hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(new ValueTask<IReadOnlyList<DomainInfo>>([]));
        prepare?.Invoke(this);
        Put(manifest);
        _containment = PluginContainment.OnThreads(Services.Services, new PluginLimits());
        var grants = new Dictionary<string, PluginGrant> { [plugin] = (grant ?? PluginGrant.None) with { InProcess = inProcess } };
        Catalog = PluginCatalog.Load(
            Root.Path, _directory, _containment, TimeProvider.System, Log.Silent, processes: new PluginProcessOptions(ProgramFolder.Program, new PluginGrants(grants, null)), settings: Settings(settings));
    }

    public PluginRoot Root { get; } = new();

    public RealServices Services { get; } = new();

    public PluginCatalog Catalog { get; }

    public PluginEntry Entry => _directory.FindActor(_plugin)!;

    /// <summary>How many domains a test has introduced.</summary>
    public int Introduced { get; set; }

    public async Task<Outcome> ReachAsync(string argument, CancellationToken cancellation = default) =>
        await Entry.Actor.ReachAsync(Services.Domain, new TargetRequest { Target = Kib.FromMiB(512), Argument = argument }, cancellation)
            .WaitAsync(Soon, TimeProvider.System, CancellationToken.None);

    /// <summary>Repeats a request until the plugin's process serves again.</summary>
    public async Task<string> ServedAsync(string argument)
    {
        while (true)
        {
            if (await ReachAsync(argument) is { Kind: OutcomeKind.Short } outcome)
                return outcome.Reason;
            await Task.Yield();
        }
    }

    public async Task<PluginStatus> StatusAsync() => (await Catalog.StatusAsync(default)).Single();

    /// <summary>Reloads the operator's settings, as SIGHUP does.</summary>
    public Task ConfigureAsync(string? settings) => Catalog.ConfigureAsync(Settings(settings), default);

    public void Put(string manifest)
    {
        Directory.CreateDirectory(Root.Folder(_plugin));
        foreach (var file in Directory.EnumerateFiles(_plugin == "vendor" ? ProgramFolder.VendorPlugin : ProgramFolder.FirstPlugin, $"{_plugin}.*"))
            File.Copy(file, Root.File(Path.GetFileName(file), _plugin), overwrite: true);
        File.WriteAllText(Root.File(Manifest.FileName, _plugin), $"id: {_plugin}\nversion: 1.0\nactors: [{_plugin}]\n{manifest}\n");
    }

    private static IReadOnlyDictionary<string, SettingsBody> Settings(string? settings) => settings is null
        ? new Dictionary<string, SettingsBody>()
        : HostConfiguration.Parse($"plugin_settings:\n  vendor: {settings}\n", "/", new YamlProblems("actors.yaml"))!.PluginSettings!;

    public async ValueTask DisposeAsync()
    {
        await Catalog.DisposeAsync();
        _containment.Dispose();
        Root.Dispose();
    }
}
