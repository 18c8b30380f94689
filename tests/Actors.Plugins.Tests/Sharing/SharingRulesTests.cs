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
    [TestCase(2048, "the host has no free memory for it above its reserve; shrink or destroy another domain")]
    public void The_reason_names_what_prevents_unsharing(long maxMem, string reason) =>
        Assert.That(SharingReasons.NotUnshared(Web, Of(600, shared: 212, maxMem: maxMem)), Does.EndWith(reason));

    [Test]
    public void Only_a_smaller_distance_counts_as_progress()
    {
        var progress = SharingProgress.Observe(null, Of(600), Target(512), 1);
        progress = SharingProgress.Observe(progress, Of(610), Target(512), 2);
        Assert.That(progress, Is.EqualTo(new SharingProgress(Kib.FromMiB(88), 1)));
    }

    [Test]
    public void The_same_distance_is_no_progress() =>
        Assert.That(SharingProgress.Observe(new SharingProgress(Kib.FromMiB(88), 1), Of(600), Target(512), 2).LastNearer, Is.EqualTo(1));

    [Test]
    public void A_smaller_distance_is_progress() =>
        Assert.That(SharingProgress.Observe(new SharingProgress(Kib.FromMiB(88), 1), Of(500), Target(512), 2), Is.EqualTo(new SharingProgress(Kib.FromMiB(12), 2)));

    [Test]
    public void The_progress_names_the_shared_amount() => Assert.That(SharingReasons.Progress(Web), Is.EqualTo("212 MiB shared"));

    [Test]
    public void Without_shared_pages_the_group_is_named() =>
        Assert.That(SharingReasons.Describe(new SharingStatus { Group = "web" }), Is.EqualTo("nothing is shared in group 'web'"));

    [TestCase(0, "212 MiB shared within the domain itself, which frees 160 MiB of the host")]
    [TestCase(1, "212 MiB shared with 1 domain of group 'web', which frees 160 MiB of the host")]
    public void The_number_of_partners_is_named(int partners, string text) =>
        Assert.That(SharingReasons.Describe(Web with { Partners = partners, Contents = [] }), Is.EqualTo(text));

    [Test]
    public void When_nothing_is_shared_any_more_the_guest_itself_is_the_limit() =>
        Assert.That(SharingReasons.NoMorePages(new SharingStatus { Group = "web" }, Of(400), Target(512)),
            Is.EqualTo("nothing is shared any more, and the guest itself has no more than 400 MiB"));

    [TestCase(512)]
    [TestCase(500)]
    public void At_or_below_the_target_the_reason_is_that_pages_stay_shared(long footprint) =>
        Assert.That(SharingReasons.NoMorePages(Web, Of(footprint), Target(512)), Does.StartWith("212 MiB are still shared with 3 domains of group 'web'"));

    [TestCase(600, "88 MiB from the target")]
    [TestCase(500, "12 MiB from the target")]
    public void Guests_that_write_too_fast_are_explained(long footprint, string distance) =>
        Assert.That(SharingReasons.CopiedAway(Web, Of(footprint), Target(512)), Is.EqualTo(
            $"212 MiB of zero and image debian pages shared with 3 domains of group 'web', which frees 160 MiB of the host; the guests write to shared pages as fast as new ones are found, {distance}"));

    [TestCase(811, "its max_mem of 811 MiB allows only 211 MiB; raise max_mem")]
    [TestCase(812, "the host has no free memory for it above its reserve; shrink or destroy another domain")]
    [TestCase(500, "its max_mem of 500 MiB allows only 0 KiB; raise max_mem")]
    public void Max_mem_is_the_reason_only_if_it_is_too_low(long maxMem, string reason) =>
        Assert.That(SharingReasons.NotUnshared(Web, Of(600, maxMem: maxMem)), Is.EqualTo(
            $"212 MiB are still shared with 3 domains of group 'web': to unshare them the domain needs that much memory, but {reason}"));
}
