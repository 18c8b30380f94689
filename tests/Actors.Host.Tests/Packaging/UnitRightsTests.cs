using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Host.Tests.Loading;
using Actors.Isolation.Messages;
using Actors.Loading.Processes;
using Actors.XenStore;

namespace Actors.Host.Tests.Packaging;

/// <summary>The program as root, with no more rights than the unit leaves it.</summary>
internal sealed class UnitRightsTests
{
    private const string Scenario = "host: { memory: 2GiB }\ndomains: [ { name: guest, memory: 256MiB, boot: 10ms } ]\n";

    private UserBody _user = null!;

    [SetUp]
    public void FindUser()
    {
        UnitFile.Needs("setpriv", "util-linux");
        if (PluginUser.Find() is not { } user)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail($"CI runs as root, and creates the user {PluginUser.Name}");
            Assert.Ignore($"needs root, and the user {PluginUser.Name} (as root: useradd --system --user-group --no-create-home {PluginUser.Name})");
            return;
        }
        _user = user;
    }

    [Test]
    public async Task They_are_enough_to_serve_a_plugin_as_another_user_and_a_killed_daemon_leaves_no_process()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5), TimeProvider.System);
        using var scratch = new ScratchFolder();
        using var plugins = new PluginRoot();
        plugins.Copy("balloon");
        PutHostile(plugins);
        var (socket, sim) = (Path.Combine(scratch.Path, "s"), Path.Combine(scratch.Path, "sim.yaml"));
        await File.WriteAllTextAsync(sim, Scenario, deadline.Token);
        var umask = UnitFile.Values("UMask").Single();
        using var daemon = await Simulation.Daemon.StartUnderAsync(
            ["sh", "-c", $"umask {umask}; exec setpriv --bounding-set={UnitFile.BoundingSet} --inh-caps=-all \"$@\"", "sh"], deadline.Token,
            "--sim", sim, "--store-socket", socket, "--journal", Path.Combine(scratch.Path, "journal"), "--plugins", plugins.Path);
        await using var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(socket), cancellation: deadline.Token);

        await store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), $"{250 << 10}", deadline.Token);
        Assert.That((await ReachAsync(store, "identity", state => state.Final && state.Reason.StartsWith("Uid", StringComparison.Ordinal), deadline.Token)).Reason, Does.Contain($"Uid: {_user.Uid} {_user.Uid}"));
        var before = daemon.Children.Single(child => File.ReadAllText($"/proc/{child}/cmdline").Contains("plugin-process", StringComparison.Ordinal));
        await ReachAsync(store, "stop-itself", state => !state.Final, deadline.Token);
        while (!(await File.ReadAllTextAsync($"/proc/{before}/stat", deadline.Token)).Contains(") T ", StringComparison.Ordinal))
            await Task.Yield();

        await daemon.KillAsync(deadline.Token);

        while (Directory.Exists($"/proc/{before}") && !(await StatAsync(before)).Contains(") Z ", StringComparison.Ordinal))
            deadline.Token.ThrowIfCancellationRequested();
    }

    private static async Task<string> StatAsync(int process)
    {
        try
        {
            return await File.ReadAllTextAsync($"/proc/{process}/stat");
        }
        catch (IOException)
        {
            return ") Z ";
        }
    }

    private static void PutHostile(PluginRoot plugins)
    {
        Directory.CreateDirectory(plugins.Folder("hostile"));
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.HostilePlugin).Where(file => Path.GetFileName(file) is "hostile.dll" or "plugin.yaml"))
            File.Copy(file, plugins.File(Path.GetFileName(file), "hostile"));
    }

    private static async Task<StateKey> ReachAsync(XenStoreClient store, string attack, Func<StateKey, bool> condition, CancellationToken deadline)
    {
        await store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Actor), $"hostile:{attack}", deadline);
        await using var watch = store.OpenWatchQueue();
        await watch.AddAsync(PolicyKeys.Of(1, PolicyKeys.State), "state", deadline);
        while (true)
        {
            await watch.NextAsync(deadline);
            if (await StateStore.TryReadAsync(store, 1, deadline) is { } state && condition(state))
                return state;
        }
    }
}
