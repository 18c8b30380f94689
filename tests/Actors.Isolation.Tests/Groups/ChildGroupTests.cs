using System.Diagnostics;
using Actors.Isolation.Groups;
using Actors.Isolation.Messages;
using Actors.Isolation.Processes;
using Actors.Isolation.Wire;

namespace Actors.Isolation.Tests.Groups;

internal sealed class ChildGroupTests
{
    private string _folder = null!;

    [TearDown]
    public void Remove()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: !_folder.StartsWith("/sys", StringComparison.Ordinal));
    }

    [Test]
    public void A_child_gets_its_limits()
    {
        _folder = Directory.CreateTempSubdirectory("groups-").FullName;
        var limits = GroupLimits.Of(256L << 20);

        var group = new ChildGroup(Path.Combine(_folder, "child"));
        group.Create(limits);

        string Content(string file) => File.ReadAllText(Path.Combine(_folder, "child", file));
        Assert.That((Content("memory.max"), Content("memory.oom.group"), Content("pids.max"), Content("cpu.weight")), Is.EqualTo(($"{384L << 20}", "1", "128", "30")));
        Assert.That(group.Limits!.ToString(), Is.EqualTo("memory 384 MiB, 128 tasks, CPU weight 30"));
    }

    [TestCase("low 0\noom 1\noom_kill 1\n", true)]
    [TestCase("low 0\noom 0\noom_kill 0\n", false)]
    [TestCase("low 0\noom 0\noom_kill 1\n", false)]
    public void It_knows_whether_its_memory_was_used_up(string events, bool expected)
    {
        _folder = Directory.CreateTempSubdirectory("groups-").FullName;
        File.WriteAllText(Path.Combine(_folder, "memory.events"), events);

        Assert.That(new ChildGroup(_folder).RanOutOfMemory, Is.EqualTo(expected));
    }

    [Test]
    public void A_cgroup_that_cannot_limit_others_is_not_used()
    {
        _folder = Path.Combine(Path.GetTempPath(), $"no-group-{Guid.NewGuid():N}");

        Assert.That(DelegatedGroup.In(_folder, out var why), Is.Null);
        Assert.That(why, Does.StartWith("its cgroup cannot limit others"));
    }

    [Test]
    public async Task Its_removal_kills_what_is_left_in_it()
    {
        _folder = Path.Combine(WritableGroup(), $"actors-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        var group = new ChildGroup(_folder);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 1000 & echo ready; wait"]) { RedirectStandardOutput = true })!;
        await shell.StandardOutput.ReadLineAsync();
        group.Add(shell.Id);
        using var later = Process.Start("sleep", "1000");
        group.Add(later.Id);

        group.Remove();

        Assert.That(Directory.Exists(_folder), Is.False);
        await shell.WaitForExitAsync();
        await later.WaitForExitAsync();
        Assert.That((shell.ExitCode, later.ExitCode), Is.EqualTo((137, 137)));
    }

    [Test]
    public async Task Killed_children_leave_no_cgroup()
    {
        _folder = Path.Combine(WritableGroup(), $"actors-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        for (var kill = 0; kill < 20; kill++)
        {
            var group = Path.Combine(_folder, $"child-{kill}");
            var start = new ChildStart("/bin/sleep", ["1000"], 64 << 20, null)
            {
                MakeGroup = () =>
                {
                    Directory.CreateDirectory(group);
                    return new ChildGroup(group);
                },
            };
            var child = Start(start);
            await child.Started;
            Assert.That(File.ReadAllText(Path.Combine(group, "cgroup.procs")).Trim(), Is.EqualTo($"{child.Id}"));

            child.Kill("enough");

            await child.Ended;
            Assert.That(Directory.Exists(group), Is.False);
        }
    }

    [Test]
    public async Task A_child_whose_cgroup_cannot_be_made_runs_without_one_and_says_why()
    {
        _folder = "";
        var start = new ChildStart("/bin/sleep", ["1000"], 64 << 20, null) { MakeGroup = () => throw new IOException("no space") };
        var child = Start(start);

        await child.Started;

        Assert.That((child.GroupLimits, child.GroupProblem), Is.EqualTo(((GroupLimits?)null, "no space")));
        child.Kill("enough");
        await child.Ended;
    }

    private static ChildProcess Start(ChildStart start) => ChildProcess.Start(start, "child", (_, input, output) => new WireConnection(input, output)
    {
        Answer = (_, _) => throw new NotSupportedException(),
        Notice = _ => { },
        Describe = error => new ErrorBody { Kind = ErrorKind.Other, Message = error.Message },
        Restore = error => new RemoteException(error),
    }, _ => { });

    // With or without controllers: which processes are in a cgroup does not depend on them.
    private static string WritableGroup()
    {
        foreach (var mount in File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal)).Select(line => line.Split(' ')[4]))
        {
            try
            {
                var trial = Path.Combine(mount, $"actors-test-{Guid.NewGuid():N}");
                Directory.CreateDirectory(trial);
                Directory.Delete(trial);
                return mount;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another one may be writable.
            }
        }
        Assert.Ignore("needs a writable hierarchy of cgroups, version 2 (as root, outside of containers)");
        return "";
    }
}
