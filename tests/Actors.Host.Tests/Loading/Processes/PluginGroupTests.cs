using Actors.Isolation.Groups;

namespace Actors.Host.Tests.Loading.Processes;

/// <summary>The process of a plugin gets a cgroup of its own where one was delegated to the daemon.</summary>
internal sealed class PluginGroupTests
{
    private string _folder = "";

    [TearDown]
    public void Remove()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder);
    }

    [Test]
    public async Task It_is_limited_there_and_no_cgroup_is_left_after_kills()
    {
        var groups = Delegate();
        await using (var host = new IsolatedHost(groups: groups))
        {
            for (var kill = 0; kill < 3; kill++)
            {
                var process = await host.ServedByAsync();
                Assert.That((await host.StatusAsync()).Process!.Group, Is.EqualTo("memory 384 MiB, 128 tasks, CPU weight 30"));
                Assert.That(await File.ReadAllTextAsync($"/proc/{process}/cgroup"), Does.Contain($"{Path.GetFileName(_folder)}/child-"));
                await host.ReachAsync("exit");
            }
        }

        Assert.That(Directory.EnumerateDirectories(_folder), Is.Empty);
    }

    private DelegatedGroup Delegate()
    {
        var why = "there is none";
        foreach (var mount in File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal)).Select(line => line.Split(' ')[4]))
        {
            try
            {
                _folder = Path.Combine(mount, $"actors-test-{Guid.NewGuid():N}");
                Directory.CreateDirectory(_folder);
                if (DelegatedGroup.In(_folder, out why) is { } group)
                    return group;
                Remove();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                why = error.Message;
            }
        }
        Assert.Ignore($"needs a writable hierarchy of cgroups, version 2, with the controllers memory, pids and cpu: {why}");
        throw new InvalidOperationException(why);
    }
}
