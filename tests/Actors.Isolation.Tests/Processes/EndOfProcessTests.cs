using Actors.Isolation.Processes;

namespace Actors.Isolation.Tests.Processes;

/// <summary>What an operator reads about the end of a process. The lines are the runtime's own.</summary>
internal sealed class EndOfProcessTests
{
    [TestCase(0, "", "ended on its own with exit code 0")]
    [TestCase(5, "", "ended on its own with exit code 5")]
    [TestCase(134, "Out of memory.", "ran out of memory: its limit is reached")]
    [TestCase(134, "Stack overflow.|   at Acme.Tmem.Walk(Int64)|   at Acme.Tmem.Walk(Int64)", "ended in a stack overflow (Acme.Tmem.Walk)")]
    [TestCase(134, "Stack overflow.|Repeated 1000 times:|--------|   at System.String.Concat(System.String)|   at Acme.Deep(Int64)", "ended in a stack overflow (Acme.Deep)")]
    [TestCase(134, "Unhandled exception. System.InvalidOperationException: broken|   at Acme.Go()", "ended with an exception that nothing caught: System.InvalidOperationException: broken")]
    [TestCase(134, "Process terminated.|enough|   at Acme.Go()", "ended itself: enough")]
    [TestCase(134, "Process terminated.|   at Acme.Go()", "ended itself")]
    [TestCase(134, "", "aborted (SIGABRT)")]
    [TestCase(139, "", "crashed in native code (SIGSEGV)")]
    [TestCase(137, "", "was killed from outside by SIGKILL, as the kernel does when memory is short")]
    [TestCase(159, "", "used a system call that the kernel does not allow it (SIGSYS)")]
    [TestCase(129, "", "was ended by signal 1")]
    public void The_end_is_described_in_words(int exitCode, string stderr, string words) =>
        Assert.That(new EndOfProcess(exitCode, stderr.Split('|'), null).Describe(), Is.EqualTo(words));

    [TestCase(137, false, null, true)]
    [TestCase(143, false, null, true)]
    [TestCase(137, true, null, false)]
    [TestCase(137, false, "it broke the protocol", false)]
    [TestCase(134, false, null, false)]
    [TestCase(139, false, null, false)]
    [TestCase(152, false, null, false)]
    [TestCase(0, false, null, false)]
    public void Only_a_signal_that_neither_it_nor_a_limit_nor_the_daemon_caused_is_somebody_elses(int exitCode, bool ranOut, string? killed, bool byOthers) =>
        Assert.That(new EndOfProcess(exitCode, [], killed) { GroupRanOutOfMemory = ranOut }.ByOthers, Is.EqualTo(byOthers));

    [Test]
    public void A_cgroup_whose_memory_is_used_up_is_named() =>
        Assert.That(new EndOfProcess(137, [], null) { GroupRanOutOfMemory = true }.Describe(), Is.EqualTo("was killed by the kernel: the memory of its cgroup is used up"));

    [Test]
    public void What_the_daemon_killed_has_the_daemons_reason() =>
        Assert.That(new EndOfProcess(137, [], "it broke the protocol").Describe(), Is.EqualTo("was killed: it broke the protocol"));
}
