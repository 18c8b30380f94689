using System.Diagnostics;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.State;
using Actors.Host.Tests.Loading;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Simulation;

/// <summary>The built program on a simulated machine with two domains, and a hostile plugin that the operator trusts with the daemon's own process.</summary>
internal sealed class HostileWorld : IDisposable
{
    private const string Scenario = """
        host: { memory: 2GiB }
        domains:
          - { name: attacked, memory: 256MiB, boot: 10ms }
          - { name: innocent, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 4MiB/s } } }
        """;

    private readonly ScratchFolder _folder = new();
    private readonly PluginRoot _plugins = new();
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(6), TimeProvider.System);

    public HostileWorld()
    {
        Put("hostile");
        _plugins.Copy("balloon");
        File.WriteAllText(InFolder("sim.yaml"), Scenario);
        Configure("");
    }

    public CancellationToken Deadline => _deadline.Token;

    /// <summary>What the journal says about the daemon and about plugins.</summary>
    public IReadOnlyList<JournalEntry> Journal => [.. JournalReader.Read(InFolder("journal")).Where(entry => entry.Domid < 0)];

    /// <summary>The arguments of the daemon.</summary>
    public string[] Line =>
    [
        "--sim", InFolder("sim.yaml"), "--store-socket", InFolder("s"), "--journal", InFolder("journal"), "--plugins", _plugins.Path, "--config", InFolder("actors.yaml"),
    ];

    public Task<Daemon> StartAsync() => Daemon.StartAsync(Deadline, Line);

    public Task<XenStoreClient> ConnectAsync() => XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(InFolder("s")), cancellation: Deadline);

    /// <summary>Installs the hostile plugin with these actors.</summary>
    public void Put(string actors, string version = "1.0")
    {
        Directory.CreateDirectory(_plugins.Folder("hostile"));
        File.Copy(Path.Combine(ProgramFolder.HostilePlugin, "hostile.dll"), _plugins.File("hostile.dll", "hostile"), overwrite: true);
        File.WriteAllText(_plugins.File("plugin.yaml", "hostile"), $"id: hostile\nversion: {version}\ncontract: 1.0\nactors: [{actors}]\n");
    }

    /// <summary>Adds lines to the configuration.</summary>
    public void Configure(string more) => File.WriteAllText(InFolder("actors.yaml"), $"isolation: {{ hostile: in-process }}\n{more}");

    /// <summary>Runs a command against the daemon and returns what it prints.</summary>
    public async Task<string> CommandAsync(params string[] line)
    {
        var start = new ProcessStartInfo(ProgramFolder.Program, line) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XENSTORED_PATH"] = InFolder("s");
        using var command = Process.Start(start)!;
        var errors = command.StandardError.ReadToEndAsync(Deadline);
        return await command.StandardOutput.ReadToEndAsync(Deadline) + await errors;
    }

    /// <summary>Removes the hostile plugin.</summary>
    public void Remove() => Directory.Delete(_plugins.Folder("hostile"), recursive: true);

    /// <summary>Writes a target of the innocent domain, which takes longer to reach than any test has.</summary>
    public async Task RequestAsync(IXenStore store, Kib target) => await store.WriteTextAsync(PolicyKeys.Of(2, PolicyKeys.Target), $"{target.Value}", Deadline);

    /// <summary>Attacks the daemon, which may not live long enough to reply.</summary>
    public async Task AttackAsync(IXenStore store, string attack)
    {
        await store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Actor), $"hostile:{attack}", Deadline);
        await store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), $"{Kib.FromMiB(250).Value}", Deadline);
    }

    public async Task<StateKey> StateAsync(IXenStore store, int domid, Func<StateKey, bool> condition)
    {
        await using var watch = store.OpenWatchQueue();
        await watch.AddAsync(PolicyKeys.Of(domid, PolicyKeys.State), "state", Deadline);
        while (true)
        {
            await watch.NextAsync(Deadline);
            if (await StateStore.TryReadAsync(store, domid, Deadline) is { } state && condition(state))
                return state;
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        _plugins.Dispose();
        _deadline.Dispose();
    }

    private string InFolder(string name) => Path.Combine(_folder.Path, name);
}
