using Actors.Sdk;
using Actors.Sharing;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Sharing;

internal sealed class SharingRulesTests
{
    private static readonly SharingStatus Web = new()
    {
        Group = "web",
        Partners = 3,
        Shared = Kib.FromMiB(212).ToPages(),
        Contents = ["zero", "image debian"],
        Freed = Kib.FromMiB(160).ToPages(),
    };

    [TestCase(1024, 4096)]
    [TestCase(520, 2048)]
    [TestCase(500, -3072)]
    [TestCase(400, -4096)]
    public void The_next_step_goes_to_the_target_and_no_further(long footprint, long pages) =>
        Assert.That(SharingCourse.Next(Of(footprint), Target(512), new Pages(4096)), Is.EqualTo(new Pages(pages)));

    [Test]
    public void It_says_what_is_shared_with_whom_and_what_that_frees() =>
        Assert.That(SharingWords.Of(Web), Is.EqualTo(
            "212 MiB of zero and image debian pages shared with 3 domains of group 'web', which frees 160 MiB of the host"));

    [Test]
    public void It_says_what_copy_on_write_took_back() =>
        Assert.That(SharingWords.Of(Web with { TakenBack = Kib.FromMiB(12).ToPages() }), Does.EndWith("; copy-on-write took 12 MiB back"));

    [Test]
    public void It_says_how_far_it_came() =>
        Assert.That(SharingWords.End(Web, Of(612), Target(512)), Does.EndWith("; 100 MiB short: no other page is the same as one of group 'web'"));

    [TestCase(700, "its max_mem of 700 MiB lets it have 100 MiB of it; raise that")]
    [TestCase(2048, "the host has no free memory for it; free some, and release it again")]
    public void It_says_what_stands_in_the_way_of_its_own_copies(long maxMem, string words) =>
        Assert.That(SharingWords.Stuck(Web, Of(600, shared: 212, maxMem: maxMem)), Does.EndWith(words));

    [Test]
    public void Only_what_brings_it_nearer_counts()
    {
        var course = SharingCourse.See(null, Of(600), Target(512), 1);
        course = SharingCourse.See(course, Of(610), Target(512), 2);
        Assert.That(course, Is.EqualTo(new SharingCourse(Kib.FromMiB(88), 1)));
    }
}
