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
        Assert.That(SharingProgress.Next(Of(footprint), Target(512), new Pages(4096)), Is.EqualTo(new Pages(pages)));

    [Test]
    public void The_reason_names_what_is_shared_with_which_domains_and_what_that_frees() =>
        Assert.That(SharingReasons.Describe(Web), Is.EqualTo(
            "212 MiB of zero and image debian pages shared with 3 domains of group 'web', which frees 160 MiB of the host"));

    [Test]
    public void The_reason_names_what_copy_on_write_took_back() =>
        Assert.That(SharingReasons.Describe(Web with { TakenBack = Kib.FromMiB(12).ToPages() }), Does.EndWith("; copy-on-write took 12 MiB back"));

    [Test]
    public void The_reason_names_the_distance_to_the_target() =>
        Assert.That(SharingReasons.NoMorePages(Web, Of(612), Target(512)), Does.EndWith("; 100 MiB short: no other page is identical to one in group 'web'"));

    [TestCase(700, "its max_mem of 700 MiB allows only 100 MiB; raise max_mem")]
    [TestCase(2048, "the host has no free memory for it; free some, and release the domain again")]
    public void The_reason_names_what_prevents_unsharing(long maxMem, string reason) =>
        Assert.That(SharingReasons.NotUnshared(Web, Of(600, shared: 212, maxMem: maxMem)), Does.EndWith(reason));

    [Test]
    public void Only_a_smaller_distance_counts_as_progress()
    {
        var progress = SharingProgress.Observe(null, Of(600), Target(512), 1);
        progress = SharingProgress.Observe(progress, Of(610), Target(512), 2);
        Assert.That(progress, Is.EqualTo(new SharingProgress(Kib.FromMiB(88), 1)));
    }
}
