using System.Globalization;
using Actors.Isolation.Messages;
using Actors.Loading.Processes;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Processes;

/// <summary>The process of a plugin becomes a user of its own when the daemon is root.</summary>
internal sealed class PluginUserTests
{
    private UserBody _user = null!;
    private PluginGrants _grants = null!;

    [SetUp]
    public void FindUser()
    {
        if (PluginUser.Find() is not { } user)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail($"CI runs as root, and creates the user {PluginUser.Name}");
            Assert.Ignore($"needs root, and the user {PluginUser.Name} (as root: useradd --system --user-group --no-create-home {PluginUser.Name})");
            return;
        }
        (_user, _grants) = (user, new PluginGrants(PluginGrants.None.ById, user));
    }

    [Test]
    public async Task It_has_that_user_and_group_only_and_no_rights()
    {
        await using var host = new IsolatedHost(_grants);

        var identity = (await host.ReachAsync("identity")).Reason;

        var (user, group) = (_user.Uid.ToString(CultureInfo.InvariantCulture), _user.Gid.ToString(CultureInfo.InvariantCulture));
        Assert.That(identity, Does.Contain($"Uid: {user} {user} {user} {user};").And.Contain($"Gid: {group} {group} {group} {group};").And.Contain("Groups:;"));
        Assert.That(identity, Does.Contain("CapPrm: 0000000000000000; CapEff: 0000000000000000; NoNewPrivs: 1"));
        Assert.That((await host.StatusAsync()).Process!.MissingLimits, Is.Empty);
        Assert.That((await host.StatusAsync()).Process!.PrivateMemory, Is.GreaterThan(1 << 20));
    }

    [TestCase("change-itself", "write failed: UnauthorizedAccessException")]
    [TestCase("kill-parent", "kill failed")]
    [TestCase("read-parent", "read failed: UnauthorizedAccessException")]
    public async Task It_may_not_change_its_own_files_or_reach_the_daemon(string attack, string reason)
    {
        await using var host = new IsolatedHost(_grants);

        Assert.That((await host.ReachAsync(attack)).Reason, Does.StartWith(reason));
    }

    [Test]
    public async Task The_daemon_kills_it_although_it_is_another_user_and_stopped_itself()
    {
        int process;
        Task<Outcome> stopped;
        await using (var host = new IsolatedHost(_grants))
        {
            process = await host.ServedByAsync();
            stopped = host.ReachAsync("stop-itself");
        }

        await stopped;
        Assert.That(Directory.Exists($"/proc/{process}"), Is.False);
        Assert.That(Directory.EnumerateDirectories(Path.GetTempPath(), $"actors-plugin-{process}-*"), Is.Empty);
    }
}
