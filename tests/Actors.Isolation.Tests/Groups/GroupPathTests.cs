using Actors.Isolation.Groups;

namespace Actors.Isolation.Tests.Groups;

internal sealed class GroupPathTests
{
    private static readonly string[] Mounts =
    [
        "24 30 0:22 / /proc rw,nosuid - proc proc rw",
        "31 24 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate",
    ];

    [Test]
    public void The_cgroup_above_the_daemons_own_was_delegated()
    {
        var folder = GroupPath.DelegatedTo(["0::/system.slice/actors.service/daemon"], Mounts, out var why);

        Assert.That((folder, why), Is.EqualTo(("/sys/fs/cgroup/system.slice/actors.service", "")));
    }

    [TestCase("0::/system.slice/actors.service", TestName = "Without DelegateSubgroup, systemd could not start the next daemon next to pagers")]
    [TestCase("0::/daemon", TestName = "The root of all cgroups is nobody's")]
    [TestCase("0::/")]
    public void Any_other_cgroup_stays_as_it_is(string group)
    {
        Assert.That(GroupPath.DelegatedTo([group], Mounts, out var why), Is.Null);
        Assert.That(why, Is.EqualTo("no cgroup was delegated to the daemon"));
    }

    [Test]
    public void A_system_with_version_1_only_has_none()
    {
        Assert.That(GroupPath.DelegatedTo(["4:memory:/daemon"], Mounts[..1], out var why), Is.Null);
        Assert.That(why, Is.EqualTo("this system has no cgroups of version 2"));
    }
}
